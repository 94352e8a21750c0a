// The requests of a case: its ranges, sample answers checked by the oracle, and the lengths of its answers.

import { mean } from 'simple-statistics';
import type { JobRequest } from '../../kit/saturate.ts';
import { mulberry32 } from '../../simulator/random.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Range } from '../catalogue/oracle.ts';
import type { Case } from '../plan.ts';
import { createQueries, pathOf, repeatedRanges, type Queries } from './queries.ts';
import { drawRange } from './ranges.ts';
import { sample, type Sampled } from './samples.ts';

const lengthsMax = 1000;

/** All-different queries use enough ranges that the answers exceed every cache. */
const rangesBytes = 1_500_000_000;

export interface Workload {
  readonly ranges: readonly Range[];
  readonly sampled: readonly Sampled[];
  /** Faults of the samples. */
  readonly faults: readonly string[];
  readonly lengths: Lengths;
  /** The next requests of the run. */
  next(count: number): JobRequest[];
}

export async function prepareWorkload(catalogue: Catalogue, of: Case, rangesMax: number): Promise<Workload> {
  const { ranges, sampled, faults } = await prepare(catalogue, of, rangesMax);
  const queries = createQueries(of.order, ranges, 1);
  const tags = new Map(sampled.map(({ range, tag }) => [pathOf(range), tag]));
  return {
    ranges,
    sampled,
    faults,
    lengths: lengthsOf(of, catalogue, ranges, sampled),
    next: (count) => requestsOf(of, queries, count, tags),
  };
}

/** The ranges of a case, and some of their answers, checked by the oracle. */
async function prepare(
  { system, oracle }: Catalogue,
  { shape, order, encoding }: Case,
  rangesMax: number,
): Promise<{ ranges: Range[]; sampled: Sampled[]; faults: string[] }> {
  const random = mulberry32(1);
  const draw = (): Range => drawRange(shape, oracle, random);
  const few = Array.from({ length: shape === 'everything' ? 1 : repeatedRanges }, draw);
  const sampled: Sampled[] = [];
  for (const range of few) sampled.push(await sample(system.url, range, encoding));
  const faults = sampled.flatMap(({ range, body }) => oracle.fault(range, body) ?? []);
  const bytes = mean(sampled.map(({ body }) => body.length));
  const count = order === 'repeated' ? few.length : Math.ceil(Math.min(rangesMax, rangesBytes / bytes));
  const more = Array.from({ length: Math.max(0, count - few.length) }, draw);
  return { ranges: [...few, ...more], sampled, faults };
}

export interface Lengths {
  /** Lengths of some answers of the run, before and after compression. */
  readonly plain: readonly number[];
  readonly wire: readonly number[];
  readonly ranges: readonly Range[];
}

/** Days and months differ in size, so the baseline's answers have the lengths of the system's answers. */
function lengthsOf(
  { order, encoding }: Case,
  { oracle }: Catalogue,
  ranges: readonly Range[],
  sampled: readonly Sampled[],
): Lengths {
  const drawn = createQueries(order, ranges, 2)
    .next(order === 'repeated' ? Math.min(repeatedRanges, ranges.length) : lengthsMax)
    .map(({ range }) => range);
  const plain = drawn.map((range) => oracle.bytes(range));
  const wire = encoding === 'gzip' ? sampled.map((one) => one.wire.length) : plain;
  return { plain, wire, ranges: drawn };
}

function requestsOf(
  of: Case,
  queries: Queries,
  count: number,
  tags: ReadonlyMap<string, string>,
): JobRequest[] {
  const accept = of.encoding === 'gzip' ? { 'accept-encoding': 'gzip' } : {};
  const conditional = of.bare === 'empty-304';
  return queries.next(count).map(({ path }) => ({
    path,
    headers: conditional ? { ...accept, 'if-none-match': tags.get(path) ?? '' } : accept,
  }));
}
