// The cases, their catalogues and their durations.

import type { BaselineMode } from './baseline/baseline.ts';
import type { CatalogueSpec } from './catalogue/catalogue.ts';
import type { Order } from './queries/queries.ts';
import type { Shape } from './queries/ranges.ts';
import type { Encoding } from './queries/samples.ts';

export interface Case {
  readonly name: string;
  readonly shape: Shape;
  readonly order: Order;
  readonly encoding: Encoding;
  /** What the baseline does in this case. */
  readonly bare: BaselineMode;
  readonly connections: number;
  /** The expected rate as a multiple of that of bare node:http; null without a target. */
  readonly target: number | null;
  readonly reconnects?: boolean;
}

export interface Plan {
  readonly workers: number;
  readonly catalogues: readonly (CatalogueSpec & { readonly cases: readonly Case[] })[];
  /** System and baseline alternate for this many rounds; the median of the ratios counts. */
  readonly rounds: number;
  readonly warmSeconds: number;
  readonly roundSeconds: number;
  /** Different ranges of all-different queries; after them, the same ranges return with moved bounds. */
  readonly rangesMax: number;
  /** An answer that takes longer is a failure. */
  readonly timeoutSeconds: number;
  /** Measures with wrk and nginx too, where they are installed. */
  readonly others: boolean;
  /** Fixed rates, on the last catalogue. */
  readonly fixed: {
    readonly rates: readonly number[];
    readonly windows: number;
    readonly windowSeconds: number;
    readonly connections: number;
    readonly changeEveryMs: number;
  };
  /** Latency by other tools, on the last catalogue. Few connections, so that requests do not wait for each other. */
  readonly witness: { readonly rounds: number; readonly seconds: number; readonly connections: number };
  /** All-different queries of all sizes, on the last catalogue. */
  readonly memorySeconds: number;
}

const point: Case = {
  name: 'point queries, all different',
  shape: 'point',
  order: 'different',
  encoding: 'identity',
  bare: 'bytes',
  connections: 64,
  target: 0.75,
};
const zipf: Case = { ...point, name: 'point queries, Zipf', order: 'zipf', target: null };
const reconnects: Case = {
  ...point,
  name: 'point queries, a connection each',
  reconnects: true,
  target: null,
};
const hundred: Case = { ...point, name: '100 events, all different', shape: 'hundred', target: 0.65 };
const thousand: Case = { ...point, name: '1,000 events, all different', shape: 'thousand', connections: 16 };
const notModified: Case = {
  ...thousand,
  name: '1,000 events, unchanged (304)',
  order: 'repeated',
  bare: 'empty-304',
  connections: 64,
  target: 0.9,
};
const gzipRepeated: Case = {
  ...thousand,
  name: '1,000 events, gzip, repeated',
  order: 'repeated',
  encoding: 'gzip',
  bare: 'constant',
  target: 0.85,
};
const gzipZipf: Case = { ...gzipRepeated, name: '1,000 events, gzip, Zipf', order: 'zipf', target: null };
const gzipDifferent: Case = {
  ...thousand,
  name: '1,000 events, gzip, all different',
  encoding: 'gzip',
  bare: 'deflate',
  target: 10,
};
const day: Case = { ...point, name: 'a day, all different', shape: 'day', target: null };
const month: Case = {
  ...point,
  name: 'a month, all different',
  shape: 'month',
  connections: 8,
  target: null,
};
const monthGzip: Case = {
  ...gzipRepeated,
  name: 'a month, gzip, repeated',
  shape: 'month',
  connections: 8,
  target: null,
};
const everything: Case = {
  ...point,
  name: 'everything',
  shape: 'everything',
  order: 'repeated',
  connections: 2,
  target: null,
};

const fixed = { rates: [5000, 10_000], connections: 64, changeEveryMs: 1000 };

/** About 15 minutes; `soak` adds eight. */
export const fullPlan = (soak: boolean): Plan => ({
  workers: 2,
  catalogues: [
    { events: 1000, days: 365, cases: [point, everything] },
    {
      events: 100_000,
      days: 730,
      cases: [
        point,
        zipf,
        reconnects,
        hundred,
        thousand,
        notModified,
        gzipRepeated,
        gzipZipf,
        gzipDifferent,
        day,
        month,
        everything,
      ],
    },
    {
      events: 1_000_000,
      days: 3650,
      cases: [
        point,
        hundred,
        thousand,
        gzipRepeated,
        gzipDifferent,
        day,
        { ...month, target: 0.9 },
        monthGzip,
      ],
    },
  ],
  rounds: 4,
  warmSeconds: 1.5,
  roundSeconds: 2,
  rangesMax: 60_000,
  timeoutSeconds: 10,
  others: true,
  fixed: { ...fixed, windows: 5, windowSeconds: 3 },
  witness: { rounds: 5, seconds: 2, connections: 2 },
  memorySeconds: soak ? 600 : 120,
});

/** About a minute. */
export const quickPlan: Plan = {
  workers: 2,
  catalogues: [
    { events: 1000, days: 365, cases: [point] },
    {
      events: 20_000,
      days: 365,
      cases: [point, hundred, thousand, notModified, gzipRepeated, gzipDifferent, month],
    },
  ],
  rounds: 2,
  warmSeconds: 0.4,
  roundSeconds: 0.6,
  rangesMax: 8000,
  timeoutSeconds: 10,
  others: false,
  fixed: { ...fixed, windows: 2, windowSeconds: 1.5 },
  witness: { rounds: 3, seconds: 1, connections: 2 },
  memorySeconds: 4,
};
