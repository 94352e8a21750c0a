// Whether all-different queries make a worker grow: the slope of its memory under full load.

import { setTimeout as sleep } from 'node:timers/promises';
import { slopeOf, type Slope } from '../kit/statistics.ts';
import { residentBytes } from '../kit/usage.ts';
import { mulberry32 } from '../simulator/random.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import type { Range } from './catalogue/oracle.ts';
import { createQueries } from './queries/queries.ts';
import { drawRange, type Shape } from './queries/ranges.ts';
import type { Harness } from './harness.ts';

export interface MeasuredMemory {
  readonly catalogue: string;
  readonly seconds: number;
  readonly requests: number;
  /** `[seconds, bytes]` of all API workers together. */
  readonly points: readonly (readonly [number, number])[];
  /** In bytes per second, over the second half: in the first half, heaps and caches fill. */
  readonly slope: Slope | null;
  readonly failures: readonly string[];
}

const sliceSeconds = 10;
const everyMs = 1000;
const connections = 32;
const requestsPerSlice = 100_000;
/** Most answers are small; the large ones fill the caches. */
const shapes: readonly Shape[] = ['point', 'point', 'point', 'hundred', 'hundred', 'thousand', 'day'];

const shapeAt = (i: number): Shape => shapes[i % shapes.length] as Shape;

export async function measureMemory(harness: Harness, catalogue: Catalogue): Promise<MeasuredMemory> {
  const { bench, plan } = harness;
  const { system, oracle } = catalogue;
  bench.log(`search, ${catalogue.name}: memory, ${plan.memorySeconds} s of all-different queries`);
  const random = mulberry32(3);
  const ranges: Range[] = Array.from({ length: plan.rangesMax }, (_, i) =>
    drawRange(shapeAt(i), oracle, random),
  );
  const queries = createQueries('different', ranges, 3);
  const startedAt = performance.now();
  const over = new AbortController();
  const watching = watch(catalogue, startedAt, over.signal);
  const failures: string[] = [];
  let requests = 0;
  try {
    for (let left = plan.memorySeconds; left > 0; left -= sliceSeconds) {
      // Half of the requests accept gzip, whose answers are cached.
      const sliceRequests = queries
        .next(requestsPerSlice)
        .map(({ path }, i) => ({ path, headers: i % 2 === 0 ? {} : { 'accept-encoding': 'gzip' } }));
      const seconds = Math.min(left, sliceSeconds);
      const { timeoutSeconds } = plan;
      const job = {
        url: system.url,
        requests: sliceRequests,
        connections,
        seconds,
        status: 200,
        timeoutSeconds,
      };
      const driven = await harness.saturate(job, system.stop);
      requests += driven.requests;
      failures.push(...driven.failures);
    }
  } finally {
    over.abort();
  }
  const points = await watching;
  const half = (performance.now() - startedAt) / 2000;
  return {
    catalogue: catalogue.name,
    seconds: plan.memorySeconds,
    requests,
    points,
    slope: slopeOf(points.filter(([second]) => second > half)),
    failures,
  };
}

async function watch(
  { system }: Catalogue,
  startedAt: number,
  over: AbortSignal,
): Promise<[number, number][]> {
  const points: [number, number][] = [];
  while (!over.aborted) {
    const { workers } = await system.status();
    const sizes = await Promise.all(workers.map(({ pid }) => residentBytes(pid ?? 0)));
    if (sizes.every((size) => size !== null))
      points.push([(performance.now() - startedAt) / 1000, sizes.reduce((sum, size) => sum + size, 0)]);
    await sleep(everyMs, undefined, { signal: over }).catch(() => undefined);
  }
  return points;
}
