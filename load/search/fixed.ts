// Fixed rates of point queries: latency below saturation, with a catalogue at rest and with one that changes.

import { median } from 'simple-statistics';
import { at, layered, type Curve } from '../kit/latency.ts';
import { mulberry32 } from '../simulator/random.ts';
import { startBare } from './baseline/bare.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import type { Paced } from './driver/pace.ts';
import { createQueries } from './queries/queries.ts';
import { drawRange } from './queries/ranges.ts';
import { checkWithout, sampleMeanwhile } from './queries/samples.ts';
import type { Driven, Harness } from './harness.ts';

export interface MeasuredRate {
  readonly catalogue: string;
  readonly name: string;
  readonly wanted: number;
  /** Answers per second, window by window. */
  readonly perSecond: readonly number[];
  readonly p99Ms: readonly number[];
  readonly p999Ms: readonly number[];
  /** The p99 from when a request was sent: what a closed-loop driver would report. */
  readonly uncorrectedP99Ms: readonly number[];
  /** How late the driver itself sent its requests. */
  readonly lateP99Ms: readonly number[];
  readonly curve: Curve;
  readonly driverCores: number;
  /** New versions of the catalogue during the measurement. */
  readonly versions: number;
  readonly checked: number;
  readonly failures: readonly string[];
}

export const bareName = 'bare node:http';
export const quietName = 'point queries';

const rangesMax = 50_000;
const samples = 50;
const windowsMax = 20;
/** About the size of an answer with five events. */
const pointBytes = 1100;

/**
 * Measures with a catalogue at rest, and adds to `measured`. Windows of bare node:http alternate with those of the system, to
 * show how much of the latency the machine causes.
 */
export async function measureRates(
  harness: Harness,
  catalogue: Catalogue,
  measured: MeasuredRate[],
): Promise<void> {
  const { plan } = harness;
  await using bare = await startBare(harness, 'bytes', catalogue.file, [pointBytes]);
  for (const rate of plan.fixed.rates) {
    harness.bench.log(`search, ${catalogue.name}: ${rate.toLocaleString('en')} requests a second`);
    const windows = createWindows(harness, catalogue, rate);
    const pairs: { bare: Driven<Paced>; search: Driven<Paced> }[] = [];
    const watch = await windows.watch(false);
    for (let i = 0; i < plan.fixed.windows; i++)
      pairs.push({ bare: await windows.drive(bare.url), search: await windows.drive(catalogue.system.url) });
    const watched = await watch();
    const common = { catalogue: catalogue.name, wanted: rate };
    const nothing = { versions: 0, checked: 0, faults: [] };
    measured.push(
      rateFrom(
        { ...common, name: bareName },
        pairs.map((pair) => pair.bare),
        nothing,
      ),
    );
    measured.push(
      rateFrom(
        { ...common, name: quietName },
        pairs.map((pair) => pair.search),
        watched,
      ),
    );
  }
}

/** Measures the highest of the rates while a feed changes continuously. */
export async function measureChanging(harness: Harness, catalogue: Catalogue): Promise<MeasuredRate> {
  const { bench, plan } = harness;
  const rate = Math.max(...plan.fixed.rates);
  bench.log(`search, ${catalogue.name}: ${rate.toLocaleString('en')} requests a second while a feed changes`);
  const { version } = await catalogue.system.status();
  catalogue.change(plan.fixed.changeEveryMs);
  await catalogue.system.until(async () => (await catalogue.system.status()).version > version || undefined, {
    what: 'a first change is searchable',
    withinMs: 30_000,
    everyMs: 50,
  });
  const { version: first } = await catalogue.system.status();
  const windows = createWindows(harness, catalogue, rate);
  const driven: Driven<Paced>[] = [];
  const watch = await windows.watch(true);
  // On a busy machine the next change may be late: add windows until there is one.
  const isChanged = async (): Promise<boolean> => (await catalogue.system.status()).version > first;
  while (driven.length < plan.fixed.windows || (driven.length < windowsMax && !(await isChanged())))
    driven.push(await windows.drive(catalogue.system.url));
  const watched = await watch();
  catalogue.change(null);
  const failures =
    watched.versions === 0 ? ['Got no new version of the catalogue, expected one a second.'] : [];
  return rateFrom({ catalogue: catalogue.name, wanted: rate, name: 'while a feed changes' }, driven, {
    ...watched,
    faults: [...watched.faults, ...failures],
  });
}

interface Watched {
  readonly versions: number;
  readonly checked: number;
  readonly faults: readonly string[];
}

function createWindows(harness: Harness, catalogue: Catalogue, perSecond: number) {
  const { windowSeconds, connections } = harness.plan.fixed;
  const { system, oracle, moving } = catalogue;
  const random = mulberry32(perSecond);
  const count = Math.min(rangesMax, Math.ceil(perSecond * windowSeconds));
  const ranges = Array.from({ length: count }, () => drawRange('point', oracle, random));
  const queries = createQueries('different', ranges, perSecond);
  return {
    drive: (url: string): Promise<Driven<Paced>> => {
      const requests = queries.next(Math.ceil(perSecond * windowSeconds)).map(({ path }) => ({ path }));
      const { timeoutSeconds } = harness.plan;
      const job = { url, requests, perSecond, seconds: windowSeconds, connections, timeoutSeconds };
      return harness.pace(job, system.stop);
    },
    /** Starts to compare answers with the oracle; the returned function stops it and returns the result. */
    watch: async (changing: boolean): Promise<() => Promise<Watched>> => {
      const over = new AbortController();
      const check = changing ? checkWithout(oracle, moving) : oracle.fault;
      const { version } = await system.status();
      const seen = sampleMeanwhile(system.url, ranges.slice(0, samples), 'identity', check, over.signal);
      return async () => {
        over.abort();
        return { versions: (await system.status()).version - version, ...(await seen) };
      };
    },
  };
}

function rateFrom(
  common: Pick<MeasuredRate, 'catalogue' | 'name' | 'wanted'>,
  windows: readonly Driven<Paced>[],
  { versions, checked, faults }: Watched,
): MeasuredRate {
  return {
    ...common,
    perSecond: windows.map(({ perSecond }) => perSecond),
    p99Ms: windows.map(({ curve }) => at(curve, 99)),
    p999Ms: windows.map(({ curve }) => at(curve, 99.9)),
    uncorrectedP99Ms: windows.map(({ uncorrected }) => at(uncorrected, 99)),
    lateP99Ms: windows.map(({ late }) => at(late, 99)),
    curve: layered(
      windows.map(({ curve }) => curve),
      median,
    ),
    driverCores: median(windows.map(({ driverCores }) => driverCores)),
    versions,
    checked,
    failures: [...windows.flatMap(({ failures }) => failures), ...faults],
  };
}
