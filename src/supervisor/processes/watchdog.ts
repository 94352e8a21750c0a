// Finds processes that hang. Every child sends heartbeats over IPC; the watchdog inspects one that is silent for several of
// its own ticks. It counts ticks, not time: a supervisor that was suspended, or had no processor time, has not ticked
// meanwhile, and kills no process when it resumes. A child that the machine gives no processor time is not killed either: it
// counts as spinning only by the processor time that it has used, and as waiting only in ticks in which it does not want any.

import { readFileSync } from 'node:fs';
import { beatMs } from '#/actor/heartbeat.ts';

/** How long a child may be silent, in milliseconds. */
export interface Patience {
  /** While the kernel reports it as stopped, by a signal or a debugger. */
  readonly frozenMs: number;
  /** Of processor time used since the silence began. */
  readonly spinningMs: number;
  /** While it wants no processor time. */
  readonly silentMs: number;
}

export interface Watched {
  readonly pid: number;
  readonly patience: Patience;
  /** Called once when the process hangs; `how` is for the log. */
  hangs(how: string): void;
}

export interface Watch {
  beat(): void;
  end(): void;
}

export interface Watchdog {
  watch(watched: Watched): Watch;
  stop(): void;
}

interface Silence {
  ticks: number;
  /** Ticks at which the process was runnable: it ran, or waited for a processor. */
  runnableTicks: number;
  /** Processor time that the process had used when the silence began. */
  cpuMs: number;
}

/** Ticks without a heartbeat after which the watchdog begins to inspect the process. */
const inspectAfterTicks = 2;

export function createWatchdog(readState: (pid: number) => ProcessState | null = readProcessState): Watchdog {
  const all = new Map<Watched, Silence>();

  function check(watched: Watched, silence: Silence): void {
    if (++silence.ticks < inspectAfterTicks) return;
    const seen = readState(watched.pid);
    if (seen === null) return;
    if (silence.ticks === inspectAfterTicks) silence.cpuMs = seen.cpuMs;
    if (seen.runnable) silence.runnableTicks++;
    const silentMs = silence.ticks * beatMs;
    const waitedMs = silentMs - silence.runnableTicks * beatMs;
    const { frozenMs, spinningMs, silentMs: silentMsMax } = watched.patience;
    const cpuMs = seen.cpuMs - silence.cpuMs;
    const how =
      seen.frozen && silentMs >= frozenMs
        ? 'frozen'
        : cpuMs >= spinningMs
          ? 'spinning'
          : waitedMs >= silentMsMax
            ? 'waiting for something'
            : null;
    if (how === null) return;
    all.delete(watched);
    watched.hangs(`${how}, silent for ${silentMs} ms`);
  }

  const timer = setInterval(() => {
    for (const [watched, silence] of all) check(watched, silence);
  }, beatMs).unref();
  return {
    watch(watched) {
      const silence = { ticks: 0, runnableTicks: 0, cpuMs: 0 };
      all.set(watched, silence);
      return {
        beat: () => void (silence.ticks = silence.runnableTicks = 0),
        end: () => all.delete(watched),
      };
    },
    stop: () => clearInterval(timer),
  };
}

export interface ProcessState {
  readonly frozen: boolean;
  /** It runs, or waits for a processor. */
  readonly runnable: boolean;
  /** Processor time that the main thread has used since it started. */
  readonly cpuMs: number;
}

/** The unit of processor time in /proc on Linux. */
const jiffyMs = 10;

/**
 * Reads the state of a process's main thread from /proc; null when the process has exited. Where /proc cannot be read, the
 * process counts as waiting, without processor time.
 */
function readProcessState(pid: number): ProcessState | null {
  try {
    // The name may contain blanks and brackets. After it: the state is field 1, user and system time are fields 12 and 13.
    const fields = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return {
      frozen: fields[0] === 'T' || fields[0] === 't',
      runnable: fields[0] === 'R',
      cpuMs: (Number(fields[11]) + Number(fields[12])) * jiffyMs,
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isGone = process.platform === 'linux' && (code === 'ENOENT' || code === 'ESRCH');
    return isGone ? null : { frozen: false, runnable: false, cpuMs: 0 };
  }
}
