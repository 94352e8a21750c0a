// Reports to systemd: ready, still running, stopping. Node cannot send to the datagram socket of systemd, so the program
// `systemd-notify` sends each message. It is a child of the supervisor: the unit needs `NotifyAccess=all`.
// Protocol: sd_notify(3), sd_watchdog_enabled(3).

import { spawn } from 'node:child_process';
import type { Log } from '#/telemetry/log.ts';

type Warn = Pick<Log, 'warn'>;

export interface ServiceManager {
  /** Polls `ready` until it returns true once, and reports that; from now on also that the event loop runs. */
  watch(ready: () => boolean, log: Warn): void;
  /** The stop begins. It may take longer than the watchdog allows, so the messages continue. */
  stopping(): void;
  /** Ends the messages. Resolves when the last one was sent, within five seconds. */
  end(): Promise<void>;
}

const none: ServiceManager = {
  watch: () => undefined,
  stopping: () => undefined,
  end: () => Promise.resolve(),
};

const pollMs = 200;
const sendMsMax = 5000;
/** Where systemd installs its programs. */
const searchPath = '/usr/local/bin:/usr/bin:/bin';

/** Does nothing unless systemd started this process and expects messages: `NOTIFY_SOCKET` is set. */
export function serviceManagerOf(env: NodeJS.ProcessEnv, pid = process.pid): ServiceManager {
  const { NOTIFY_SOCKET: socket = '', WATCHDOG_USEC: limit = '', WATCHDOG_PID: watched = '' } = env;
  if (socket === '') return none;
  const isWatched = Number(limit) > 0 && (watched === '' || Number(watched) === pid);
  // Two messages may be lost or late.
  const intervalMs = isWatched ? Number(limit) / 1000 / 3 : null;
  const timers = new Set<NodeJS.Timeout>();
  /** By message. */
  const pending = new Map<string, Promise<void>>();
  let send: ((message: string) => void) | null = null;

  return {
    watch(ready, log) {
      const sendNow = createSend(socket, pending, log);
      send = sendNow;
      const poll = setInterval(() => {
        if (!ready()) return;
        clearInterval(poll);
        sendNow('READY=1');
      }, pollMs);
      timers.add(poll);
      if (intervalMs !== null) timers.add(setInterval(() => sendNow('WATCHDOG=1'), intervalMs));
      for (const timer of timers) timer.unref();
    },
    stopping: () => send?.('STOPPING=1'),
    async end() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(pending.values());
    },
  };
}

/** Sends each message at most once at a time; reports the first fault only. */
function createSend(
  socket: string,
  pending: Map<string, Promise<void>>,
  log: Warn,
): (message: string) => void {
  let hasFailed = false;
  async function send(message: string): Promise<void> {
    const fault = await sendOne(socket, message);
    pending.delete(message);
    if (fault !== null && !hasFailed)
      log.warn(`systemd does not receive ${message}: systemd-notify ${fault}`);
    hasFailed ||= fault !== null;
  }
  return (message) => {
    if (!pending.has(message)) pending.set(message, send(message));
  };
}

/** Resolves to null, or to why the message was not sent. */
function sendOne(socket: string, message: string): Promise<string | null> {
  const child = spawn('systemd-notify', [message], {
    env: { PATH: searchPath, NOTIFY_SOCKET: socket },
    stdio: 'ignore',
    // A signal to the whole process group of the supervisor must not end it.
    detached: true,
    timeout: sendMsMax,
    killSignal: 'SIGKILL',
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`cannot be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(code === 0 ? null : `ended with ${code ?? signal}`));
  });
}
