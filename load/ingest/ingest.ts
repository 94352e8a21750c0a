// From a provider's feed to the search: the rate of a first ingest and of one changed record, and peak memory; for a feed that is
// rich in zones, and for one that is rich in events.

import { join } from 'node:path';
import type { Bench, Outcome } from '../kit/bench.ts';
import type { Child } from '../kit/child.ts';
import { startSystem } from '../kit/system.ts';
import { manyEvents } from './many-events.ts';
import {
  runBaseline,
  runEnded,
  startProvider,
  systemFor,
  untilSearchable,
  usageOfIngest,
} from './measure.ts';
import { outcomeOf, type IngestFigures } from './figures.ts';
import type { Listening, Revise } from './provider.ts';

const rounds = 2;
const changesPerRound = 3;
const largeFactor = 10;

/** Baseline and system twice each, in turns, so that a slow moment of the machine affects both; the best of each counts. */
export async function ingestSuite(bench: Bench): Promise<Outcome> {
  const bases = bench.quick ? 500 : 5000;
  await using provider = startProvider('zones', bases, join(bench.home, 'feed.xml'));
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
  const zones = outcomeOf(figures);
  const { table, figures: events } = await manyEvents(bench);
  return { ...zones, more: [table], figures: { ...zones.figures, events } };
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
  const firstMs = await untilSearchable(system, provider, feed, revision, { withinMs: 300_000 });
  let usage = await usageOfIngest(system);
  figures.first.push({ ms: firstMs, cpuMs: usage?.cpuMs ?? null });
  bench.log(`ingest: first feed searchable after ${firstMs.toFixed(0)} ms`);
  for (let change = 1; change <= changesPerRound; change++) {
    await runEnded(system);
    const before = await usageOfIngest(system);
    provider.send({ type: 'revise', revision: ++revision } satisfies Revise);
    const changeMs = await untilSearchable(system, provider, feed, revision, { withinMs: 60_000 });
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
  await using provider = startProvider('zones', bases);
  const feed = await provider.receive<Listening>('listening', 120_000, bench.stop);
  provider.send({ type: 'revise', revision: 1 } satisfies Revise);
  await using system = await startSystem(bench, systemFor('ingest-large', feed.url));
  const ms = await untilSearchable(system, provider, feed, 1, { withinMs: 1_200_000 });
  bench.log(`ingest: large feed searchable after ${ms.toFixed(0)} ms`);
  return (await usageOfIngest(system))?.peakRssBytes ?? null;
}
