// From a provider's feed to the search: the rate of a first ingest and of one changed record, and peak memory.

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Outcome } from '../kit/bench.ts';
import { startChild, type Child } from '../kit/child.ts';
import { startSystem, type System } from '../kit/system.ts';
import { usageOf, type Usage } from '../kit/usage.ts';
import type { Parsed } from './baseline.ts';
import { queryFor, titleAt } from './document.ts';
import { outcomeOf, type IngestFigures } from './figures.ts';
import type { Asked, Listening, Revise } from './provider.ts';

const rounds = 2;
const changesPerRound = 3;
const largeFactor = 10;
const baselineHeapMegabytes = 8192;

/** Baseline and system twice each, in turns, so that a slow moment of the machine affects both; the best of each counts. */
export async function ingestSuite(bench: Bench): Promise<Outcome> {
  const bases = bench.quick ? 500 : 5000;
  await using provider = startProvider(bases, join(bench.home, 'feed.xml'));
  bench.log(`ingest: rendering a feed of ${bases} plans`);
  const feed = await provider.receive<Listening>('listening', 120_000, bench.stop);
  const figures: IngestFigures = {
    feedBytes: feed.bytes ?? 0,
    baseline: [],
    first: [],
    change: [],
    peakRssBytes: [],
    largePeakRssBytes: null,
  };
  for (let round = 1; round <= rounds; round++) {
    const { readMs, parseMs, cpuMs } = await runBaseline(bench, feed.url, bases);
    figures.baseline.push({ ms: readMs + parseMs, cpuMs });
    bench.log(`ingest: baseline read and parsed in ${(readMs + parseMs).toFixed(0)} ms`);
    await runRound(bench, `ingest-${round}`, provider, feed, figures);
  }
  if (bench.large) figures.largePeakRssBytes = await runLarge(bench, bases * largeFactor);
  return outcomeOf(figures);
}

const startProvider = (bases: number, ...file: string[]): Child =>
  startChild(new URL('provider.ts', import.meta.url), { args: [String(bases), ...file] });

async function runBaseline(bench: Bench, url: string, bases: number): Promise<Parsed> {
  await using child = startChild(new URL('baseline.ts', import.meta.url), {
    args: [url, String(bases)],
    nodeArgs: [`--max-old-space-size=${baselineHeapMegabytes}`],
  });
  return await child.receive<Parsed>('parsed', 180_000, bench.stop);
}

/** One archive: empty, then full, then a few changes of one record. */
async function runRound(
  bench: Bench,
  name: string,
  provider: Child,
  feed: Listening,
  figures: IngestFigures,
): Promise<void> {
  // Revision numbers continue from round to round, so that the first fetch of this archive has a revision of its own.
  let revision = revisionAfter(figures);
  provider.send({ type: 'revise', revision } satisfies Revise);
  await using system = await startSystem(bench, systemFor(name, feed.url));
  const firstMs = await untilSearchable(system, provider, feed, revision, 300_000);
  let usage = await usageOfIngest(system);
  figures.first.push({ ms: firstMs, cpuMs: usage?.cpuMs ?? null });
  bench.log(`ingest: first feed searchable after ${firstMs.toFixed(0)} ms`);
  for (let change = 1; change <= changesPerRound; change++) {
    await runEnded(system);
    const before = await usageOfIngest(system);
    provider.send({ type: 'revise', revision: ++revision } satisfies Revise);
    const changeMs = await untilSearchable(system, provider, feed, revision, 60_000);
    usage = await usageOfIngest(system);
    const cpuMs = before === null || usage === null ? null : usage.cpuMs - before.cpuMs;
    figures.change.push({ ms: changeMs, cpuMs });
    bench.log(`ingest: one changed record searchable after ${changeMs.toFixed(0)} ms`);
  }
  if (usage !== null) figures.peakRssBytes.push(usage.peakRssBytes);
}

const revisionAfter = ({ first, change }: IngestFigures): number => first.length + change.length + 1;

/** Peak memory for a feed that is too large to be stored as a whole anywhere. */
async function runLarge(bench: Bench, bases: number): Promise<number | null> {
  bench.log(`ingest: a feed of ${bases} plans, generated while it is read`);
  await using provider = startProvider(bases);
  const feed = await provider.receive<Listening>('listening', 120_000, bench.stop);
  provider.send({ type: 'revise', revision: 1 } satisfies Revise);
  await using system = await startSystem(bench, systemFor('ingest-large', feed.url));
  const ms = await untilSearchable(system, provider, feed, 1, 1_200_000);
  bench.log(`ingest: large feed searchable after ${ms.toFixed(0)} ms`);
  return (await usageOfIngest(system))?.peakRssBytes ?? null;
}

const systemFor = (name: string, url: string) => ({
  name,
  apiWorkers: 1,
  providers: [{ name: 'load', url, format: 'plan-list-xml', pollSeconds: 0.5, timeoutSeconds: 1200 }],
});

/** Milliseconds from the request for this revision until a search shows it. */
async function untilSearchable(
  system: System,
  provider: Child,
  { last }: Listening,
  revision: number,
  withinMs: number,
): Promise<number> {
  const { at } = await provider.receive<Asked>('asked', withinMs, system.stop);
  const query = queryFor(last);
  const title = JSON.stringify(titleAt(last, revision));
  const seenAt = await system.until(
    async () => ((await system.search(query)).includes(title) ? Date.now() : undefined),
    { what: `revision ${revision} is searchable`, withinMs, everyMs: 5 },
  );
  return seenAt - at;
}

/** Waits for the end of a feed run, so that the next run starts with the next change. */
async function runEnded(system: System): Promise<void> {
  const seen = (await system.status()).providers['load']?.lastRun?.startedAt ?? 0;
  await system.until(
    async () => {
      const run = (await system.status()).providers['load']?.lastRun;
      return run !== null && run !== undefined && run.startedAt > seen ? true : undefined;
    },
    { what: 'the run has ended', withinMs: 120_000, everyMs: 20 },
  );
  await sleep(100, undefined, { signal: system.stop });
}

async function usageOfIngest(system: System): Promise<Usage | null> {
  return await usageOf((await system.status()).ingest?.pid ?? 0);
}
