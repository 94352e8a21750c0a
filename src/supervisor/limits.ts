// A child that takes too much memory, or whose event loop is late all the time, is asked to write down why, and is replaced
// in good order. Rarely: a limit that is too low for the catalogue shall be seen, not obeyed every minute.

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
  /** Null when it is done, or why the new one did not become ready: then the old one stays. */
  readonly replace: () => Promise<string | null>;
  readonly log: Log;
  readonly now: () => number;
}

export interface Limits {
  beat(vitals: Vitals): void;
  diagnosed(path: string | null): void;
  /** The limit that it is over at present. */
  readonly over: Limit | null;
  readonly max: LimitsMax;
}

/** Beats (five a second) in a row beyond a limit, so that a short peak costs nobody his place. */
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
        ? `takes ${Math.round(rssMegabytes)} MB, expected at most ${memoryMegabytes}`
        : `has an event loop that is ${Math.round(loopDelayMs)} ms late, expected at most ${delayMax}`;
    const path = await new Promise<string | null>((resolve) => {
      written = resolve;
      setTimeout(resolve, diagnosisMs, null).unref();
      diagnose(limit);
    });
    log.error({ limit, path }, `${name} ${what}; another takes its place. Diagnosis: ${path ?? 'none'}`);
    const failed = await replace();
    if (failed !== null) log.error(`${name} stays: the one that was to take its place ended (${failed})`);
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
