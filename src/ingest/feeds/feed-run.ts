// One run of one provider's feed: it is fetched, split into records, and its new records are absorbed. Valid records stay
// absorbed, however the run ends.

import type { Archive } from '#/archive/archive.ts';
import { noValidators } from '#/archive/runs/feed-state.ts';
import type { AbsorbRecord, RunInHand } from '#/archive/absorbing/batch.ts';
import type { RunEnd, RunRow } from '#/archive/runs/runs.ts';
import type { Withdrawal } from '#/archive/absorbing/withdraw.ts';
import { packRecords } from '#/domain/packed/records.ts';
import type { Refusal } from '#/domain/refusal.ts';
import { createDigests } from '#/kit/digests.ts';
import { createOffsets } from '#/kit/offsets.ts';
import { messageOf } from '#/kit/errors.ts';
import type { Batch } from '#/provider/batches.ts';
import type { EndedRun } from '#/provider/bodies.ts';
import { FeedFault } from '#/provider/fault.ts';
import { openFeed, type OpenFeed } from '#/provider/feed.ts';
import type { Feed, NotModified, Validators } from '#/provider/http/fetch.ts';
import { pagedFormats, type Provider } from '#/provider/provider.ts';
import { createAbsorber, type Absorber, type RunCounts } from './absorber.ts';
import { createArrival, type Arrival } from './arrival.ts';
import type { Parse } from './parse-pool.ts';
import { readingOf } from './reading.ts';

export interface FeedRunDeps {
  readonly archive: Archive;
  readonly fetch: (
    provider: Provider,
    validators: Validators,
    stop: AbortSignal,
  ) => Promise<Feed | NotModified>;
  readonly parse: Parse;
  /** Batches that may be in the pool at once. */
  readonly parseAhead: number;
  readonly now: () => number;
  /** A page of a feed in pages was absorbed; absent where pages are not kept. */
  readonly pageEnded?: (page: EndedRun) => Promise<void>;
  /** Pages that a run reads at most; by default a limit of its own. */
  readonly pagesMax?: number;
  /** Called after each committed batch, with the number of events that it has changed and the time of the poll. See arrival.ts. */
  readonly absorbed: (events: number, polledAt: number, remainingMs: number | null) => void;
}

/** A run that has ended. */
export interface FeedRun {
  readonly row: RunRow;
  /** The feed was read to its last byte, or has not changed; single records may still be unreadable. */
  readonly isWhole: boolean;
  /** How long the provider asked not to be polled; null when it did not ask, or when the feed must be read again soon. */
  readonly askedWaitMs: number | null;
}

/** A provider's faults are part of the result. Throws only when the archive fails. */
export async function runFeed(provider: Provider, deps: FeedRunDeps, stop: AbortSignal): Promise<FeedRun> {
  const { archive, now } = deps;
  const startedAt = now();
  const id = await archive.beginRun(provider.name, startedAt);
  const run: RunInHand = {
    id,
    provider: provider.name,
    at: startedAt,
    known: createDigests(),
    seen: createOffsets(),
  };
  const limits = (await archive.areValuesApproved(provider.name)) ? null : provider.gate;
  const arrival = createArrival(now);
  const absorber = await createAbsorber(run, archive, limits, (events, polledAt) =>
    deps.absorbed(events, polledAt, arrival.remainingMs()),
  );
  const given = await absorbFeed(provider, run, absorber, arrival, deps, stop);
  await absorber.finish(given.broken === null);
  // Values that are held end the feed, whatever comes after them: the next run reads it again.
  const read = absorber.held === null ? given : { ...given, broken: absorber.held.refusal };
  await settleValues(run, absorber, read, archive);
  const { held, grown } = await endFeed(provider, run, absorber, read, archive);
  const fault = read.broken ?? absorber.unreadable ?? held ?? grown;
  // An unreadable record has been reported already.
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
    isWhole: given.broken === null,
    // An incomplete feed may be repaired at any moment, whatever its max-age.
    askedWaitMs: end.outcome === 'incomplete' ? null : read.askedWaitMs,
  };
}

export function outcomeOf(counts: RunCounts, fault: Refusal | null): RunEnd['outcome'] {
  if (fault !== null) return counts.records > 0 ? 'incomplete' : 'failed';
  return counts.added + counts.changed + counts.relisted + counts.withdrawn > 0 ? 'absorbed' : 'unchanged';
}

/** The result of reading a feed. */
interface FeedRead {
  /** Null when the feed was read to its last byte, or has not changed; otherwise the reason. */
  readonly broken: Refusal | null;
  /** For the next conditional request, if the feed is absorbed as a whole; null when no feed was read. */
  readonly validators: Validators | null;
  readonly askedWaitMs: number | null;
}

async function absorbFeed(
  provider: Provider,
  run: RunInHand,
  absorber: Absorber,
  arrival: Arrival,
  deps: FeedRunDeps,
  stop: AbortSignal,
): Promise<FeedRead> {
  const { archive } = deps;
  const { name } = provider;
  const reading = readingOf(provider);
  const inPool: Promise<AbsorbRecord[]>[] = [];
  const ending = new AbortController();
  let feed: OpenFeed | null = null;
  let read: FeedRead;
  try {
    // 1. Fetch the feed; if it has not changed, nothing else happens
    const validators = await archive.feedValidators(name, reading);
    const fetched = await deps.fetch(provider, validators, AbortSignal.any([stop, ending.signal]));
    if ('notModified' in fetched) return { broken: null, validators: null, askedWaitMs: fetched.freshForMs };
    arrival.begin(fetched);
    feed = await openFeed(fetched, provider, (hash, { offset }) => isKnown(run, hash, offset));
    if (pagedFormats.has(feed.format)) throw new FeedFault('format_unnamed', pageSeen);
    await archive.readAs(name, reading);
    await archive.recallRecords(run);
    for (;;) {
      // 2. Split it into records; skip those that are unchanged
      const next = await feed.batches.next();
      if (next.done === true) {
        const broken = next.value;
        const askedWaitMs = broken === null ? fetched.freshForMs : null;
        read = { broken, validators: fetched.validators, askedWaitMs };
        break;
      }
      if (absorber.held !== null) {
        read = { broken: null, validators: null, askedWaitMs: null };
        break;
      }
      absorber.count(next.value);
      // 3. Parse the others in the thread pool, ahead of step 4
      inPool.push(parseRecords(next.value, feed, provider, deps));
      // 4. Absorb them in the order of the feed
      while (inPool.length >= deps.parseAhead) await absorber.take((await inPool.shift()) ?? []);
    }
  } catch (error) {
    const fault = error instanceof FeedFault ? error : new FeedFault('run_failed', messageOf(error));
    const broken = { code: fault.code, message: fault.message };
    read = { broken, validators: null, askedWaitMs: fault.retryAfterMs };
  } finally {
    await feed?.batches.return(null);
    // Also ends a body that was never read.
    ending.abort();
  }
  for (const parsing of inPool) await absorber.take(await parsing);
  return read;
}

/** One page of a feed is not the whole of it: read as a feed, it would withdraw the events of all others. */
const pageSeen = 'Got an RPDE page, expected "format": "rpde" in the entry of its provider.';

/** Keeps what the gate of values holds; a whole feed with ordinary values ends that. */
async function settleValues(
  { id, provider }: RunInHand,
  { held, counts }: Absorber,
  { broken }: FeedRead,
  archive: Archive,
): Promise<void> {
  if (held !== null) await archive.holdValues(provider, id, held.records, held.refusal.message);
  else if (broken === null && counts.records > 0) await archive.releaseValues(provider);
}

/** Withdraws the events that a whole feed no longer lists, within the gate's limits. An empty feed withdraws nothing. */
async function endFeed(
  provider: Provider,
  run: RunInHand,
  { counts, unreadable, newSplitKeys }: Absorber,
  { broken, validators }: FeedRead,
  archive: Archive,
): Promise<Withdrawal> {
  const taken = counts.records > 0;
  const whole = broken === null && unreadable === null;
  // A feed that has not changed, or has no records, changes nothing.
  if (!taken || (whole && validators === null)) return nothing;
  const gained = counts.added + counts.relisted;
  const ended = whole ? await archive.withdrawUnseen(run, gained, provider.gate) : nothing;
  counts.withdrawn = ended.withdrawn;
  // If something of this feed is still open, the next run must read it again, so the validators are dropped: to complete it,
  // to carry out an approval, or to merge records that turned out to be split.
  const settled = whole && ended.held === null && newSplitKeys === 0;
  await archive.keepValidators(run.provider, settled && validators !== null ? validators : noValidators);
  return ended;
}

const nothing: Withdrawal = { withdrawn: 0, held: null, grown: null };

function isKnown(run: RunInHand, hash: string, offset: number): boolean {
  const id = run.known.get(hash);
  if (id > 0) run.seen.add(id, offset);
  return id > 0;
}

export async function parseRecords(
  batch: Batch,
  { format }: Pick<OpenFeed, 'format'>,
  { name, timeZone, priceZones, strict, lenientXml = false, mapping }: Provider,
  deps: FeedRunDeps,
): Promise<AbsorbRecord[]> {
  const reading = { provider: name, timeZone, priceZones, strict, lenientXml, mapping };
  const readable = batch.records.filter(({ refusal }) => refusal === null);
  const parsed = await deps.parse({ format, reading, bytes: batch.bytes, records: readable });
  batch.release();
  const records: AbsorbRecord[] = [];
  const pieces = readable.values();
  for (const one of parsed) {
    let index = 0;
    for (const count of one.perPiece) {
      const piece = pieces.next().value;
      // Bytes that held several records are parsed again in each run: no single record has their hash.
      const hash = count === 1 ? (piece?.hash ?? '') : '';
      for (let i = 0; i < count; i++)
        records.push({
          batch: one,
          index: index++,
          hash,
          contested: false,
          offset: piece?.place.offset ?? 0,
        });
    }
  }
  return readable.length === batch.records.length ? records : [...records, ...batch.records.flatMap(refused)];
}

/** A record that was refused before parsing: only its fault is kept. */
function refused({ refusal, place }: Batch['records'][number]): AbsorbRecord[] {
  if (refusal === null) return [];
  const faults = [{ refusal, baseId: null, planId: null, place }];
  const parsed = { key: null, observations: [], faults, irregularClocks: 0, duplicates: 0 };
  return [{ batch: packRecords([[parsed]]), index: 0, hash: '', contested: false, offset: place.offset }];
}
