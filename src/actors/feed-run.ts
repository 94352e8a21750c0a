// One run of one provider's feed: fetched, split, and whatever is new of it absorbed. What was good stays absorbed,
// however the run ends.

import type { Dispatcher } from 'undici';
import type { Archive } from '#/archive/archive.ts';
import type { AbsorbRecord, RunInHand } from '#/archive/batch.ts';
import type { RunEnd, RunRow } from '#/archive/runs.ts';
import type { ParsedRecord } from '#/domain/record.ts';
import type { Refusal } from '#/domain/refusal.ts';
import { createBits } from '#/kit/bits.ts';
import { messageOf } from '#/kit/errors.ts';
import type { Batch } from '#/provider/batches.ts';
import { FeedFault } from '#/provider/fault.ts';
import { openFeed, type OpenFeed } from '#/provider/feed.ts';
import type { ParseTask } from '#/provider/parse.thread.ts';
import type { Provider } from '#/provider/provider.ts';
import { createAbsorber, type Absorber, type RunCounts } from './absorber.ts';

export interface FeedRunDeps {
  readonly archive: Archive;
  readonly dispatcher: Dispatcher;
  readonly parse: (task: ParseTask) => Promise<ParsedRecord[][]>;
  /** Batches that may be in the pool at once. */
  readonly parseAhead: number;
  readonly now: () => number;
  /** Called after each committed batch. */
  readonly absorbed: () => void;
}

/** How records are read; raised when the reading of the same bytes gives something else than before. */
const readingRevision = 1;

/** Never throws for the provider's faults; throws when the archive does. */
export async function runFeed(provider: Provider, deps: FeedRunDeps, stop: AbortSignal): Promise<RunRow> {
  const { archive, now } = deps;
  const startedAt = now();
  const id = await archive.beginRun(provider.name, startedAt);
  const run: RunInHand = { id, provider: provider.name, at: startedAt, seen: createBits() };
  const end = await readAndAbsorb(provider, run, deps, stop);
  await archive.endRun(id, end);
  return { id, provider: provider.name, startedAt, ...end };
}

async function readAndAbsorb(
  provider: Provider,
  run: RunInHand,
  deps: FeedRunDeps,
  stop: AbortSignal,
): Promise<RunEnd> {
  const absorber = await createAbsorber(run, deps.archive, deps.absorbed);
  const { counts } = absorber;
  const broken = await absorbFeed(provider, run, absorber, deps, stop);
  await absorber.finish(broken === null);
  const fault = broken ?? absorber.unreadable;
  // Only a feed that was whole has the last word on what is listed, and an empty one withdraws nothing by itself.
  if (fault === null && counts.records > 0) counts.withdrawn = await deps.archive.withdrawUnseen(run);
  const outcome = outcomeOf(counts, fault);
  return { endedAt: deps.now(), outcome, code: fault?.code ?? null, message: fault?.message ?? null, counts };
}

function outcomeOf(counts: RunCounts, fault: Refusal | null): RunEnd['outcome'] {
  if (fault !== null) return counts.records > 0 ? 'incomplete' : 'failed';
  return counts.added + counts.changed + counts.relisted + counts.withdrawn > 0 ? 'absorbed' : 'unchanged';
}

/** Null when the feed was whole to its last byte, else why it was not. */
async function absorbFeed(
  provider: Provider,
  run: RunInHand,
  absorber: Absorber,
  deps: FeedRunDeps,
  stop: AbortSignal,
): Promise<Refusal | null> {
  const { archive } = deps;
  const inPool: Promise<AbsorbRecord[]>[] = [];
  let broken: Refusal | null;
  try {
    // 1. Fetch
    const feed = await openFeed(provider, deps.dispatcher, stop);
    await archive.readAs(provider.name, fingerprintOf(provider, feed));
    for (;;) {
      // 2. Split into records
      const next = await feed.batches.next();
      if (next.done) {
        broken = next.value;
        break;
      }
      // 3. Skip what is unchanged
      const changed = await changedRecords(next.value, run, archive);
      absorber.count(next.value, changed.length);
      // 4. Parse the rest in the thread pool, ahead of what is being absorbed
      if (changed.length > 0) inPool.push(parseRecords(next.value, changed, feed, provider, deps));
      // 5. Absorb, in the order of the feed
      while (inPool.length >= deps.parseAhead) await absorber.take((await inPool.shift()) ?? []);
    }
  } catch (error) {
    broken = refusalOf(error);
  }
  for (const parsing of inPool) await absorber.take(await parsing);
  return broken;
}

const fingerprintOf = ({ timeZone, priceZones }: Provider, { format }: OpenFeed): string =>
  JSON.stringify([readingRevision, format, timeZone, priceZones]);

async function changedRecords(batch: Batch, run: RunInHand, archive: Archive): Promise<Batch['records']> {
  const hashes = batch.records.map(({ hash }) => hash);
  const unchanged = await archive.unchangedRecords(run.provider, hashes);
  for (const id of unchanged.values()) run.seen.add(id);
  return batch.records.filter(({ hash }) => !unchanged.has(hash));
}

async function parseRecords(
  batch: Batch,
  changed: Batch['records'],
  { format }: OpenFeed,
  { name, timeZone, priceZones }: Provider,
  deps: FeedRunDeps,
): Promise<AbsorbRecord[]> {
  const reading = { provider: name, timeZone, priceZones };
  const readable = changed.filter(({ refusal }) => refusal === null);
  const parsed = await deps.parse({ format, reading, bytes: batch.bytes, records: readable });
  const taken = readable.flatMap(({ hash }, i) => {
    const records = parsed[i] ?? [];
    // A record that had swallowed a neighbour is read anew each time: its hash is not that of what was taken.
    return records.map((record) => ({
      parsed: record,
      hash: records.length === 1 ? hash : '',
      contested: false,
    }));
  });
  return [...taken, ...changed.flatMap(refused)];
}

/** A record of which nothing was read at all: only its fault is left to tell. */
function refused({ refusal, place }: Batch['records'][number]): AbsorbRecord[] {
  if (refusal === null) return [];
  const faults = [{ refusal, baseId: null, planId: null, place }];
  const parsed = { key: null, observations: [], zones: new Map(), faults, irregularClocks: 0, duplicates: 0 };
  return [{ parsed, hash: '', contested: false }];
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof FeedFault) return { code: error.code, message: error.message };
  return { code: 'run_failed', message: messageOf(error) };
}
