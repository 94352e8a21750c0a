// A child process that uses too much memory, or whose event loop is constantly late, writes a heap report or a CPU profile;
// a successor then replaces it gracefully. At most every ten minutes: a limit that is too low for the catalogue must show in
// the log, not cause a restart every minute.

import type { Log } from '#/telemetry/log.ts';
import type { Limit, Vitals } from '#/actor/messages.ts';

/** 0: no limit. */
export interface LimitsMax {
  readonly memoryMegabytes: number;
  readonly loopDelayMs: number;
}

export interface LimitsDeps {
  readonly name: string;
  readonly max: () => LimitsMax;
  readonly diagnose: (limit: Limit) => void;
  /** Resolves to null when the successor runs, or to why it did not become ready: the old process then stays. */
  readonly replace: () => Promise<string | null>;
  readonly log: Log;
  readonly now: () => number;
}

export interface Limits {
  beat(vitals: Vitals): void;
  diagnosed(path: string | null): void;
  /** The limit that the process currently exceeds; null when it exceeds none. */
  readonly over: Limit | null;
  readonly max: LimitsMax;
}

/** Consecutive heartbeats (five a second) over a limit before the process is replaced: a short peak does not count. */
const beatsOver: Record<Limit, number> = { memory: 10, loop: 20 };
const diagnosisMs = 10_000;
export const replaceEveryMs = 600_000;

export function createLimits({ name, max, diagnose, replace, log, now }: LimitsDeps): Limits {
  const over: Record<Limit, number> = { memory: 0, loop: 0 };
  let actedAt = -Infinity;
  let written: ((path: string | null) => void) | null = null;

  const crossed = (): Limit | null =>
    (['memory', 'loop'] as const).find((limit) => over[limit] >= beatsOver[limit]) ?? null;

  async function act(limit: Limit, { rssMegabytes, loopDelayMs }: Vitals): Promise<void> {
    const { memoryMegabytes, loopDelayMs: delayMax } = max();
    const what =
      limit === 'memory'
        ? `uses ${Math.round(rssMegabytes)} MB of memory, expected at most ${memoryMegabytes}`
        : `has an event loop delay of ${Math.round(loopDelayMs)} ms, expected at most ${delayMax}`;
    const path = await new Promise<string | null>((resolve) => {
      written = resolve;
      setTimeout(resolve, diagnosisMs, null).unref();
      diagnose(limit);
    });
    log.error({ limit, path }, `${name} ${what}; a new process replaces it. Diagnosis: ${path ?? 'none'}`);
    const failed = await replace();
    if (failed !== null)
      log.error(`${name} was not replaced: the new process did not become ready (${failed})`);
    Object.assign(over, { memory: 0, loop: 0 });
  }

  return {
    get over() {
      return crossed();
    },
    get max() {
      return max();
    },
    diagnosed: (path) => written?.(path),
    beat(vitals) {
      const { memoryMegabytes, loopDelayMs } = max();
      over.memory = memoryMegabytes > 0 && vitals.rssMegabytes > memoryMegabytes ? over.memory + 1 : 0;
      over.loop = loopDelayMs > 0 && vitals.loopDelayMs > loopDelayMs ? over.loop + 1 : 0;
      const limit = crossed();
      if (limit === null || now() - actedAt < replaceEveryMs) return;
      actedAt = now();
      void act(limit, vitals);
    },
  };
}
