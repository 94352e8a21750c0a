// Gathers what a run has parsed into few, large transactions, and keeps the run's counts. While one is committed, the next is
// gathered.

import type { Archive } from '#/archive/archive.ts';
import type { AbsorbRecord, RunInHand } from '#/archive/batch.ts';
import { createReport, type Report } from '#/domain/report.ts';
import type { Refusal } from '#/domain/refusal.ts';
import type { Batch } from '#/provider/batches.ts';
import { createContested } from './contested.ts';

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
  /** The first record that could not be read at all: with it, the feed is not complete. */
  readonly unreadable: Refusal | null;
  readonly report: Report;
  /** Keys of which this run was the first to have several records. */
  readonly contested: number;
  count(batch: Batch): void;
  /** Takes what one batch was parsed to; commits when enough has come together. */
  take(records: readonly AbsorbRecord[]): Promise<void>;
  /** Commits the rest. `whole`: the feed was read to its end, so that records held back can be folded. */
  finish(whole: boolean): Promise<void>;
}

/** Parsed batches (256 KB of feed each) and observations that one transaction takes at the most. */
const batchesMax = 16;
const observationsMax = 4000;

export async function createAbsorber(
  run: RunInHand,
  archive: Archive,
  committed: (events: number) => void,
): Promise<Absorber> {
  const contested = createContested(await archive.contestedKeys(run.provider));
  const counts: RunCounts = {
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
  };
  const report = createReport();
  let contestedNow = 0;
  let unreadable: Refusal | null = null;
  let pending: AbsorbRecord[] = [];
  let batches = 0;
  let observations = 0;

  /** What is being committed. Its fault is that of the next commit. */
  let committing: Promise<void> = Promise.resolve();

  /** Begins to commit what has come together, once what was before it is committed. */
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
    const counted = await archive.absorb(run, records);
    counts.added += counted.added;
    counts.changed += counted.changed;
    counts.relisted += counted.relisted;
    counts.quarantined += counted.quarantined;
    counts.duplicates += counted.duplicates;
    contestedNow += counted.contested;
    committed(counted.added + counted.changed + counted.relisted);
  }

  return {
    counts,
    report,
    get contested() {
      return contestedNow;
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
        const { parsed } = record;
        counts.parsed++;
        report.addRecord(parsed);
        counts.irregularClocks += parsed.irregularClocks;
        for (const { kind, times } of parsed.remarks ?? []) counts[kind] += times;
        if (parsed.key === null) unreadable ??= parsed.faults[0]?.refusal ?? null;
        if (contested.hold(record)) continue;
        pending.push(record);
        observations += parsed.observations.length;
      }
      if (++batches >= batchesMax || observations >= observationsMax) await commit();
    },
    async finish(whole) {
      if (whole) pending.push(...contested.folded());
      await commit();
      await committing;
    },
  };
}
