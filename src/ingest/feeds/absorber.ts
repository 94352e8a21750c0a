// Absorbs the parsed records of a run in few, large transactions, and keeps the run's counts. While one transaction commits,
// the records of the next are gathered.

import type { Archive } from '#/archive/archive.ts';
import type { HeldValues } from '#/archive/absorbing/absorb.ts';
import { noValues, type ValueLimits } from '#/domain/value-gate.ts';
import { keyOf, type AbsorbRecord, type RunInHand } from '#/archive/absorbing/batch.ts';
import { notesOf, observationCount } from '#/domain/packed/records.ts';
import { createReport, type Report } from '#/domain/report.ts';
import type { Refusal } from '#/domain/refusal.ts';
import type { Batch } from '#/provider/batches.ts';
import { createSplitRecords } from './split-records.ts';

export type RunCounts = Record<
  | 'records'
  | 'unchanged'
  | 'parsed'
  | 'added'
  | 'changed'
  | 'relisted'
  | 'withdrawn'
  | 'quarantined'
  | 'duplicates'
  | 'irregularClocks'
  | 'repaired'
  | 'unknown'
  | 'bytes',
  number
>;

export interface Absorber {
  readonly counts: RunCounts;
  /** The first record that could not be read at all: the feed is then not complete. */
  readonly unreadable: Refusal | null;
  /** Values that the gate holds. Nothing of the feed was absorbed from there on. */
  readonly held: HeldValues | null;
  readonly report: Report;
  /** The number of keys for which this run was the first to have several records. */
  readonly newSplitKeys: number;
  count(batch: Batch): void;
  /** Takes the parsed records of one batch; commits when the transaction is large enough. */
  take(records: readonly AbsorbRecord[]): Promise<void>;
  /** Commits the rest. `whole`: the feed was read to its end, so split records can be merged. */
  finish(whole: boolean): Promise<void>;
}

export const noCounts = (): RunCounts => ({
  records: 0,
  unchanged: 0,
  parsed: 0,
  added: 0,
  changed: 0,
  relisted: 0,
  withdrawn: 0,
  quarantined: 0,
  duplicates: 0,
  irregularClocks: 0,
  repaired: 0,
  unknown: 0,
  bytes: 0,
});

/** Counts a parsed record and reports its findings. Returns why it could not be read at all; null when it could. */
export function note(record: AbsorbRecord, counts: RunCounts, report: Report): Refusal | null {
  const key = keyOf(record);
  counts.parsed++;
  const notes = notesOf(record.batch, record.index);
  report.addRecord({ key, ...notes });
  counts.irregularClocks += notes.irregularClocks;
  for (const { kind, times } of notes.remarks) counts[kind] += times;
  return key === null ? (notes.faults[0]?.refusal ?? null) : null;
}

/**
 * The most batches (256 KB of feed each) and observations in one transaction. A transaction of 4,000 new events writes almost every
 * page of the index of ids, which are random: with twice as many, SQLite writes a quarter less.
 */
const batchesMax = 16;
const observationsMax = 8000;

/** `valueLimits`: null when values are not judged. */
export async function createAbsorber(
  run: RunInHand,
  archive: Archive,
  valueLimits: ValueLimits | null,
  committed: (events: number, polledAt: number) => void,
): Promise<Absorber> {
  const splitRecords = createSplitRecords(await archive.contestedKeys(run.provider));
  const counts = noCounts();
  const report = createReport();
  let newSplitKeys = 0;
  let unreadable: Refusal | null = null;
  let held: HeldValues | null = null;
  let unchangedBefore = 0;
  let pending: AbsorbRecord[] = [];
  let batches = 0;
  let observations = 0;

  /** The transaction that is being committed. If it fails, so does the next commit, and the run. */
  let committing: Promise<void> = Promise.resolve();

  /** Starts to commit the gathered records, after the transaction before has committed. */
  async function commit(): Promise<void> {
    await committing;
    if (pending.length === 0) return;
    const gathered = pending;
    pending = [];
    batches = 0;
    observations = 0;
    committing = absorb(gathered);
    committing.catch(() => undefined);
  }

  async function absorb(records: readonly AbsorbRecord[]): Promise<void> {
    if (held !== null) return;
    const skipped = counts.unchanged - unchangedBefore;
    unchangedBefore = counts.unchanged;
    // Records that are as they were count as compared.
    const before = { ...noValues, records: skipped };
    const valueGate = valueLimits === null ? null : { limits: valueLimits, before, fewShare: 0 };
    const counted = await archive.absorb(run, records, valueGate);
    ({ held } = counted);
    counts.added += counted.added;
    counts.changed += counted.changed;
    counts.relisted += counted.relisted;
    counts.quarantined += counted.quarantined;
    counts.duplicates += counted.duplicates;
    newSplitKeys += counted.contested;
    committed(counted.added + counted.changed + counted.relisted, run.at);
  }

  return {
    counts,
    report,
    get newSplitKeys() {
      return newSplitKeys;
    },
    get held() {
      return held;
    },
    get unreadable() {
      return unreadable;
    },
    count({ records, known, feedBytes }) {
      counts.records += records.length + known;
      counts.unchanged += known;
      counts.bytes = feedBytes;
    },
    async take(records) {
      for (const record of records) {
        const { batch, index } = record;
        const fault = note(record, counts, report);
        unreadable ??= fault;
        if (splitRecords.hold(record)) continue;
        pending.push(record);
        observations += observationCount(batch, index);
      }
      if (++batches >= batchesMax || observations >= observationsMax) await commit();
    },
    async finish(whole) {
      if (whole) pending.push(...splitRecords.merged());
      await commit();
      await committing;
    },
  };
}
