// One child process of the supervisor: it receives its configuration, reports that it is ready, sends heartbeats, and exits.

import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { Config } from '#/config.ts';
import { messageOf } from '#/kit/errors.ts';
import { mallocEnvironment } from '#/kit/machine/malloc.ts';
import { reportFlags } from '#/kit/machine/reports.ts';
import type { ChildMessage, SupervisorMessage, Vitals } from '#/actor/messages.ts';
import { withoutSecrets } from './child-configuration.ts';
import type { Patience, Watchdog } from './watchdog.ts';

export interface ForkedProcess {
  /** Null when the fork failed: `gone` then resolves at once. */
  readonly pid: number | null;
  readonly isReady: boolean;
  /** From its last heartbeat; null before the first. */
  readonly vitals: Vitals | null;
  /** Resolves with the reason when the process has exited. */
  readonly gone: Promise<string>;
  send(message: SupervisorMessage): void;
  /** Sends SIGKILL; `gone` resolves with `why`. */
  kill(why: string): void;
  /** Requests a graceful stop, and kills the process after `withinMs`. Resolves to whether it exited by itself. */
  stop(withinMs: number, urgent: boolean): Promise<boolean>;
}

/** A process whose fork succeeded: only such a process sends messages. */
export type LiveProcess = ForkedProcess & { readonly pid: number };

export interface ForkOptions {
  /** Path of the module to run; `nodeArgs` are flags for node, `args` are for the module. */
  readonly exec: string;
  readonly nodeArgs: (config: Config) => readonly string[];
  readonly args: readonly string[];
  readonly config: Config;
  readonly watchdog: Watchdog;
  /** How long it may be silent once it is ready. */
  readonly patience: Patience;
  heard(message: ChildMessage, from: LiveProcess): void;
}

// All workers accept from one socket, which the supervisor keeps open: connections in its queue survive the exit of any
// worker. If the supervisor handed connections out instead, one sent to a worker that exits or freezes would hang.
cluster.schedulingPolicy = cluster.SCHED_NONE;

/** How the reason begins when the fork failed. */
export const cannotFork = 'cannot be forked';

/** Before it is ready, a process loads modules and snapshots, and may block for longer. */
const startingPatience: Patience = { frozenMs: 2000, spinningMs: 15_000, silentMs: 30_000 };

const preload = new URL('../../actor/preload.ts', import.meta.url).href;

/** Never throws: when the fork fails, `gone` resolves with the reason. */
export function forkProcess({
  watchdog,
  config,
  patience,
  heard,
  nodeArgs,
  ...options
}: ForkOptions): ForkedProcess {
  const worker = forkWorker(options, nodeArgs(config), withoutSecrets(config));
  if (worker instanceof Error) return neverForked(Promise.resolve(worker));
  const forkedPid = worker.process.pid;
  if (forkedPid === undefined) {
    delete cluster.workers?.[worker.id];
    return neverForked(once(worker, 'error').then(([error]) => error as Error));
  }
  const pid = forkedPid;
  const gone = Promise.withResolvers<string>();
  let isReady = false;
  let vitals: Vitals | null = null;
  let killed: string | null = null;
  let watch = watchWith(startingPatience);

  function watchWith(given: Patience): ReturnType<Watchdog['watch']> {
    return watchdog.watch({ pid, patience: given, hangs: (how) => forked.kill(how) });
  }

  worker.on('message', (message: ChildMessage) => {
    // A message may arrive after the exit: such a process must not count as ready.
    if (message.type === 'ready' && worker.isDead()) return;
    watch.beat();
    if (message.type === 'beat') vitals = message.vitals;
    if (message.type === 'hello') forked.send({ type: 'configuration', config });
    if (message.type === 'ready') {
      isReady = true;
      watch.end();
      watch = watchWith(patience);
    }
    heard(message, forked);
  });
  worker.on('error', () => undefined);
  worker.on('exit', (code, signal) => {
    watch.end();
    isReady = false;
    gone.resolve(killed ?? signal ?? `exit code ${code}`);
  });

  const forked: LiveProcess = {
    pid,
    gone: gone.promise,
    get isReady() {
      return isReady;
    },
    get vitals() {
      return vitals;
    },
    send(message) {
      if (worker.isConnected()) worker.send(message, () => undefined);
    },
    kill(why) {
      killed ??= why;
      worker.process.kill('SIGKILL');
    },
    async stop(withinMs, urgent) {
      forked.send({ type: 'stop', urgent });
      let byItself = true;
      const killer = setTimeout(() => {
        byItself = false;
        forked.kill('did not stop in time');
      }, withinMs);
      await gone.promise;
      clearTimeout(killer);
      return byItself;
    },
  };
  return forked;
}

/** A fork that fails throws, or emits `error` later, depending on the cause; this handles the first case. */
function forkWorker(
  { exec, args }: Pick<ForkOptions, 'exec' | 'args'>,
  nodeArgs: readonly string[],
  without: NodeJS.ProcessEnv,
): Worker | Error {
  // V8 writes a report when it runs out of memory: it must not contain the secrets of the environment.
  const execArgv = [...process.execArgv, ...reportFlags, '--import', preload, ...nodeArgs];
  try {
    cluster.setupPrimary({ exec, args: [...args], execArgv });
    return cluster.fork({ ...mallocEnvironment, ...without });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function neverForked(failure: Promise<Error>): ForkedProcess {
  return {
    pid: null,
    isReady: false,
    vitals: null,
    gone: failure.then((error) => `${cannotFork}: ${messageOf(error)}`),
    send: () => undefined,
    kill: () => undefined,
    stop: () => Promise.resolve(true),
  };
}
