// Memory of the API workers, and the readings of the gauge that is preloaded into them.

import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '../kit/wait.ts';
import type { System } from '../kit/system.ts';
import type { GaugeReading } from './gauge.ts';

export async function pidsOf(system: System): Promise<number[]> {
  return (await system.status()).workers.flatMap(({ pid }) => pid ?? []);
}

/** Current resident memory of each worker, in bytes. */
export async function rssOf(system: System): Promise<number[]> {
  return Promise.all(
    (await pidsOf(system)).map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
    }),
  );
}

/** The readings of each worker's gauge since the last call. */
export async function readGauges(system: System, directory: string): Promise<GaugeReading[]> {
  const pids = await pidsOf(system);
  for (const pid of pids) process.kill(pid, 'SIGUSR2');
  return Promise.all(
    pids.map(async (pid) => {
      const path = join(directory, `${pid}.json`);
      const reading = await waitFor(async () => JSON.parse(await readFile(path, 'utf8')) as GaugeReading, {
        what: `worker ${pid} writes its readings`,
        withinMs: 5000,
        everyMs: 10,
        stop: system.stop,
      });
      await rm(path);
      return reading;
    }),
  );
}

export interface Delay {
  /** The wait that one in a hundred requests would exceed, if they arrived at a constant rate. */
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** The delay caused by turns of these lengths within `forMs`. */
export function delayOf(turnsMs: readonly number[], forMs: number): Delay {
  const maxMs = Math.max(0, ...turnsMs);
  const sharedBy = (waitMs: number): number =>
    turnsMs.reduce((sum, turnMs) => sum + Math.max(0, turnMs - waitMs), 0);
  let [low, high] = [0, maxMs];
  while (high - low > 0.01) {
    const middle = (low + high) / 2;
    if (sharedBy(middle) > forMs / 100) low = middle;
    else high = middle;
  }
  return { p99Ms: high, maxMs };
}
