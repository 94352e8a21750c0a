// The tables of the fixed rates and of the memory measurement, with their targets.

import { mean, median } from 'simple-statistics';
import type { Table } from '../kit/bench.ts';
import { at } from '../kit/latency.ts';
import { megabytes, shortNumber, verdict } from '../kit/table.ts';
import { bareName, quietName, type MeasuredRate } from './fixed.ts';
import type { MeasuredMemory } from './memory.ts';

/** For the highest fixed rate, on the largest catalogue. */
export const targets = { p99Ms: 5, p999Ms: 20, changingFactor: 2, growthShare: 0.05 };

/** A rate counts as reached at this share of it. */
const rateShare = 0.99;
export const isReached = ({ perSecond, wanted }: MeasuredRate): boolean =>
  median(perSecond) >= wanted * rateShare;

/** A shorter measurement does not predict the growth in ten minutes. */
const memorySecondsMin = 300;
const tenMinutes = 600;

export function ratesTable(rates: readonly MeasuredRate[]): Table {
  return {
    title: 'Fixed rates of point queries: latencies counted from when a request was due',
    columns: [
      '',
      'answered/s',
      'p50',
      'p99',
      'p99.9',
      'p99 if sent',
      'driver late',
      'versions',
      'target',
      '',
    ],
    rows: rates.map((rate) => {
      const { catalogue, name, wanted, perSecond, uncorrectedP99Ms, lateP99Ms, versions } = rate;
      return [
        `${catalogue}: ${wanted.toLocaleString('en')}/s, ${name}`,
        shortNumber(median(perSecond)),
        `${shortNumber(at(rate.curve, 50))} ms`,
        ...[rate.p99Ms, rate.p999Ms, uncorrectedP99Ms, lateP99Ms].map(
          (ms) => `${shortNumber(median(ms))} ms`,
        ),
        versions === 0 ? '' : String(versions),
        ...judged(rate, rates),
      ];
    }),
  };
}

/** Only the highest rate has a target. */
function judged(rate: MeasuredRate, rates: readonly MeasuredRate[]): [target: string, verdict: string] {
  if (rate.name === bareName || rates.some(({ wanted }) => wanted > rate.wanted)) return ['', ''];
  const sameRate = (name: string): MeasuredRate | undefined =>
    rates.find((other) => other.name === name && other.wanted === rate.wanted);
  const { p99Ms, p999Ms, changingFactor } = targets;
  if (rate.versions > 0) {
    const quiet = sameRate(quietName);
    const most = quiet === undefined ? 0 : changingFactor * median(quiet.p99Ms);
    return [
      `p99 ≤ ${changingFactor} × quiet`,
      isReached(rate) ? verdict(median(rate.p99Ms) <= most) : notReached,
    ];
  }
  const isMet = (one: MeasuredRate): boolean => median(one.p99Ms) <= p99Ms && median(one.p999Ms) <= p999Ms;
  const bare = sameRate(bareName);
  const isOfMachine = !isMet(rate) && bare !== undefined && !isMet(bare);
  const result = isOfMachine ? 'BARE MISSES IT TOO' : verdict(isMet(rate));
  return [`p99 ≤ ${p99Ms} ms, p99.9 ≤ ${p999Ms} ms`, isReached(rate) ? result : notReached];
}

const notReached = 'RATE NOT REACHED';

export function memoryTable({ catalogue, seconds, requests, points, slope }: MeasuredMemory): Table {
  const resident = points.length === 0 ? 0 : mean(points.map(([, bytes]) => bytes));
  const most = resident * targets.growthShare;
  // Growth within the noise (two standard errors) does not count.
  const growth = slope === null ? null : slope.slope * tenMinutes;
  const noise = slope === null ? 0 : 2 * slope.error * tenMinutes;
  return {
    title: 'Memory of the API workers together, all-different queries of all sizes',
    columns: ['', 'requests', 'resident', 'in 10 minutes', 'target', ''],
    rows: [
      [
        `${catalogue}: ${seconds} s`,
        String(requests),
        megabytes(resident),
        growth === null
          ? ''
          : `${growth < 0 ? '−' : '+'}${megabytes(Math.abs(growth))} ± ${megabytes(noise)}`,
        `at most + ${megabytes(most)}`,
        growth === null || seconds < memorySecondsMin ? 'too short to tell' : verdict(growth - noise <= most),
      ],
    ],
  };
}
