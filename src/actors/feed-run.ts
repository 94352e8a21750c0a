// One run of one provider's feed: fetched, split, and whatever is new of it absorbed. What was good stays absorbed,
// however the run ends.

import type { Archive } from '#/archive/archive.ts';
import { noValidators } from '#/archive/feed-state.ts';
import type { AbsorbRecord, RunInHand } from '#/archive/batch.ts';
import type { RunEnd, RunRow } from '#/archive/runs.ts';
import type { Withdrawal } from '#/archive/withdraw.ts';
import type { ParsedRecord } from '#/domain/record.ts';
import type { Refusal } from '#/domain/refusal.ts';
import { createDigests } from '#/kit/digests.ts';
import { createMarks } from '#/kit/marks.ts';
import { messageOf } from '#/kit/errors.ts';
import type { Batch } from '#/provider/batches.ts';
import { FeedFault } from '#/provider/fault.ts';
import { openFeed, type OpenFeed } from '#/provider/feed.ts';
import type { Feed, NotModified, Validators } from '#/provider/fetch.ts';
import type { ParseTask } from '#/provider/parse.thread.ts';
import type { Provider } from '#/provider/provider.ts';
import { createAbsorber, type Absorber, type RunCounts } from './absorber.ts';

export interface FeedRunDeps {
  readonly archive: Archive;
  readonly fetch: (
    provider: Provider,
    validators: Validators,
    stop: AbortSignal,
  ) => Promise<Feed | NotModified>;
  readonly parse: (task: ParseTask) => Promise<ParsedRecord[][]>;
  /** Batches that may be in the pool at once. */
  readonly parseAhead: number;
  readonly now: () => number;
  /** Called after each committed batch, with the number of events that it has changed. */
  readonly absorbed: (events: number) => void;
}

/** A run as it ended. */
export interface FeedRun {
  readonly row: RunRow;
  /** The feed was read to its last byte, or has not changed; records of it may be unreadable all the same. */
  readonly isWhole: boolean;
  /** How long the provider asked to be left alone; null when it did not, or is not to be believed. */
  readonly askedWaitMs: number | null;
}

/** How records are read; raised when the reading of the same bytes gives something else than before. */
const readingRevision = 2;

/** Never throws for the provider's faults; throws when the archive does. */
export async function runFeed(provider: Provider, deps: FeedRunDeps, stop: AbortSignal): Promise<FeedRun> {
  const { archive, now } = deps;
  const startedAt = now();
  const id = await archive.beginRun(provider.name, startedAt);
  const run: RunInHand = {
    id,
    provider: provider.name,
    at: startedAt,
    known: createDigests(),
    seen: createMarks(),
  };
  const absorber = await createAbsorber(run, archive, deps.absorbed);
  const read = await absorbFeed(provider, run, absorber, deps, stop);
  await absorber.finish(read.broken === null);
  const { held, grown } = await endFeed(provider, run, absorber, read, archive);
  const fault = read.broken ?? absorber.unreadable ?? held ?? grown;
  // A record that could not be read was reported as it came.
  if (fault !== null && fault !== absorber.unreadable)
    absorber.report.addFault(fault, fault === grown ? 'warning' : 'error');
  const end: RunEnd = {
    endedAt: now(),
    outcome: outcomeOf(absorber.counts, read.broken ?? absorber.unreadable),
    code: fault?.code ?? null,
    message: fault?.message ?? null,
    counts: absorber.counts,
    findings: absorber.report.findings(),
  };
  await archive.endRun(id, end);
  return {
    row: { id, provider: provider.name, startedAt, ...end },
    isWhole: read.broken === null,
    // What is not whole may be mended at any moment, whatever its max-age says.
    askedWaitMs: end.outcome === 'incomplete' ? null : read.askedWaitMs,
  };
}

function outcomeOf(counts: RunCounts, fault: Refusal | null): RunEnd['outcome'] {
  if (fault !== null) return counts.records > 0 ? 'incomplete' : 'failed';
  return counts.added + counts.changed + counts.relisted + counts.withdrawn > 0 ? 'absorbed' : 'unchanged';
}

/** What became of reading a feed. */
interface FeedRead {
  /** Null when the feed was whole to its last byte, or has not changed; else why it was not. */
  readonly broken: Refusal | null;
  /** To ask with next time, once all of it is absorbed; null when it was not read. */
  readonly validators: Validators | null;
  readonly askedWaitMs: number | null;
}

async function absorbFeed(
  provider: Provider,
  run: RunInHand,
  absorber: Absorber,
  deps: FeedRunDeps,
  stop: AbortSignal,
): Promise<FeedRead> {
  const { archive } = deps;
  const { name, format, timeZone, priceZones, strict, lenientXml = false } = provider;
  const reading = JSON.stringify([readingRevision, format, timeZone, priceZones, strict, lenientXml]);
  const inPool: Promise<AbsorbRecord[]>[] = [];
  const ending = new AbortController();
  let feed: OpenFeed | null = null;
  let read: FeedRead;
  try {
    // 1. Fetch, unless nothing has changed
    const validators = await archive.feedValidators(name, reading);
    const fetched = await deps.fetch(provider, validators, AbortSignal.any([stop, ending.signal]));
    if ('notModified' in fetched) return { broken: null, validators: null, askedWaitMs: fetched.freshForMs };
    feed = await openFeed(fetched, provider, (hash, { offset }) => isKnown(run, hash, offset));
    await archive.readAs(name, reading);
    await archive.recallRecords(name, run.known);
    for (;;) {
      // 2. Split into records, and skip what is unchanged
      const next = await feed.batches.next();
      if (next.done === true) {
        const broken = next.value;
        const askedWaitMs = broken === null ? fetched.freshForMs : null;
        read = { broken, validators: fetched.validators, askedWaitMs };
        break;
      }
      absorber.count(next.value);
      // 3. Parse the rest in the thread pool, ahead of what is being absorbed
      inPool.push(parseRecords(next.value, feed, provider, deps));
      // 4. Absorb, in the order of the feed
      while (inPool.length >= deps.parseAhead) await absorber.take((await inPool.shift()) ?? []);
    }
  } catch (error) {
    const fault = error instanceof FeedFault ? error : new FeedFault('run_failed', messageOf(error));
    const broken = { code: fault.code, message: fault.message };
    read = { broken, validators: null, askedWaitMs: fault.retryAfterMs };
  } finally {
    await feed?.batches.return(null);
    // Also when it was never begun.
    ending.abort();
  }
  for (const parsing of inPool) await absorber.take(await parsing);
  return read;
}

/** Only a feed that was whole has the last word on what is listed, and an empty one withdraws nothing by itself. */
async function endFeed(
  provider: Provider,
  run: RunInHand,
  { counts, unreadable, contested }: Absorber,
  { broken, validators }: FeedRead,
  archive: Archive,
): Promise<Withdrawal> {
  const taken = counts.records > 0;
  const whole = broken === null && unreadable === null;
  // Whoever has not changed, or said nothing, leaves things as they are.
  if (!taken || (whole && validators === null)) return nothing;
  const gained = counts.added + counts.relisted;
  const ended = whole ? await archive.withdrawUnseen(run, gained, provider.gate) : nothing;
  counts.withdrawn = ended.withdrawn;
  // A feed that was not taken in full must be read again whatever the provider says: to be completed, to be approved, or
  // for what has just shown to be contested to be folded.
  const settled = whole && ended.held === null && contested === 0;
  await archive.keepValidators(run.provider, settled && validators !== null ? validators : noValidators);
  return ended;
}

const nothing: Withdrawal = { withdrawn: 0, held: null, grown: null };

function isKnown(run: RunInHand, hash: string, offset: number): boolean {
  const id = run.known.get(hash);
  if (id > 0) run.seen.add(id, offset);
  return id > 0;
}

async function parseRecords(
  batch: Batch,
  { format }: OpenFeed,
  { name, timeZone, priceZones, strict, lenientXml = false }: Provider,
  deps: FeedRunDeps,
): Promise<AbsorbRecord[]> {
  const reading = { provider: name, timeZone, priceZones, strict, lenientXml };
  const readable = batch.records.filter(({ refusal }) => refusal === null);
  const parsed = await deps.parse({ format, reading, bytes: batch.bytes, records: readable });
  batch.release();
  const taken = readable.flatMap(({ hash, place: { offset } }, i) => {
    const records = parsed[i] ?? [];
    // A record that had swallowed a neighbour is read anew each time: its hash is not that of what was taken.
    return records.map((record) => ({
      parsed: record,
      hash: records.length === 1 ? hash : '',
      contested: false,
      offset,
    }));
  });
  return [...taken, ...batch.records.flatMap(refused)];
}

/** A record of which nothing was read at all: only its fault is left to tell. */
function refused({ refusal, place }: Batch['records'][number]): AbsorbRecord[] {
  if (refusal === null) return [];
  const faults = [{ refusal, baseId: null, planId: null, place }];
  const parsed = { key: null, observations: [], zones: new Map(), faults, irregularClocks: 0, duplicates: 0 };
  return [{ parsed, hash: '', contested: false, offset: place.offset }];
}
