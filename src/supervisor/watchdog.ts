// Finds the process that no longer answers. Every child beats over IPC; one that is silent for too many of the
// supervisor's own ticks is looked at. Ticks are counted, not time: a supervisor that was itself suspended, or starved of
// the processor, has not ticked meanwhile, and kills nobody when it wakes up. Nor is a child killed for being starved: one
// that spins has used the processor all the while.

import { readFileSync } from 'node:fs';
import { beatMs } from '#/actor/heartbeat.ts';

/** How long a child may be silent, in milliseconds of ticks. */
export interface Patience {
  /** Stopped by a signal or a debugger: that it is, the kernel knows. */
  readonly frozenMs: number;
  /** Of processor time used without a beat. */
  readonly spinningMs: number;
  /** Whatever the reason. */
  readonly silentMs: number;
}

export interface Watched {
  readonly pid: number;
  readonly patience: Patience;
  /** It hangs, and this is how. Called once. */
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
  /** Processor time that it had used when the silence began. */
  cpuMs: number;
}

/** Ticks without a beat that are nothing to look into. */
const ordinary = 2;

export function createWatchdog(look: (pid: number) => Sight | null = lookAt): Watchdog {
  const all = new Map<Watched, Silence>();

  function judge(watched: Watched, silence: Silence): void {
    if (++silence.ticks < ordinary) return;
    const seen = look(watched.pid);
    if (seen === null) return;
    if (silence.ticks === ordinary) silence.cpuMs = seen.cpuMs;
    const silentMs = silence.ticks * beatMs;
    const { frozenMs, spinningMs, silentMs: silentMsMax } = watched.patience;
    const cpuMs = seen.cpuMs - silence.cpuMs;
    const how =
      seen.frozen && silentMs >= frozenMs
        ? 'frozen'
        : cpuMs >= spinningMs
          ? 'spinning'
          : silentMs >= silentMsMax
            ? 'waiting for something'
            : null;
    if (how === null) return;
    all.delete(watched);
    watched.hangs(`${how}, silent for ${silentMs} ms`);
  }

  const timer = setInterval(() => {
    for (const [watched, silence] of all) judge(watched, silence);
  }, beatMs).unref();
  return {
    watch(watched) {
      const silence = { ticks: 0, cpuMs: 0 };
      all.set(watched, silence);
      return {
        beat: () => void (silence.ticks = 0),
        end: () => all.delete(watched),
      };
    },
    stop: () => clearInterval(timer),
  };
}

export interface Sight {
  readonly frozen: boolean;
  /** Processor time that its main thread has used since it started. */
  readonly cpuMs: number;
}

/** What Linux accounts in: a hundredth of a second. */
const jiffyMs = 10;

/** What the kernel tells of the main thread of a process; null when it is gone. Nothing where /proc cannot be read. */
function lookAt(pid: number): Sight | null {
  try {
    // Behind the name, which may hold blanks and brackets: state first, user and system time as the 12th and 13th.
    const fields = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return {
      frozen: fields[0] === 'T' || fields[0] === 't',
      cpuMs: (Number(fields[11]) + Number(fields[12])) * jiffyMs,
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isGone = process.platform === 'linux' && (code === 'ENOENT' || code === 'ESRCH');
    return isGone ? null : { frozen: false, cpuMs: 0 };
  }
}
