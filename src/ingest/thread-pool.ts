// The threads that parse feeds and build segments. What they read comes from outside, so that they may do nothing but compute.

import { Piscina } from 'piscina';
import { confinedOptions } from '#/kit/machine/confined-threads.ts';
import { youngMegabytes } from '#/kit/machine/threads.ts';
import type { Log } from '#/telemetry/log.ts';

/** A day is one segment: a build of 200,000 events needs more than 128 MB. V8 collects garbage as often as with less. */
const resourceLimits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: youngMegabytes };

export function createPool(threads: number, log: Log): Piscina {
  const pool = new Piscina({
    minThreads: 1,
    maxThreads: threads,
    idleTimeout: 30_000,
    maxQueue: 256,
    ...confinedOptions(),
    resourceLimits,
  });
  pool.on('error', (error) => log.error({ err: error }, 'a thread of the pool failed'));
  return pool;
}
