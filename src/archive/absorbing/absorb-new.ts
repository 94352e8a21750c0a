// Absorbs one batch of a first load, of which all events are new: there is nothing to compare them with. Its events become rows one
// by one: objects of thousands at a time would be moved and marked by garbage collections several times. See sqlite/first-load.ts.

import { idBegin, notesOf, observationCount, observationsOf } from '#/domain/packed/records.ts';
import type { Db } from '#/archive/rows.ts';
import { writeQuarantine } from '#/archive/runs/quarantine.ts';
import type { UuidSet } from '#/kit/uuid-set.ts';
import { heldBy, nothingAbsorbed, type AbsorbCounts, type Absorbed } from './absorb.ts';
import { keyOf, type AbsorbRecord, type AbsorbRun } from './batch.ts';
import { writeRecords } from './feed-records.ts';
import { writeChanges, type AddedEvents } from './writes.ts';

/** Whether no event of the records is among those `loaded`, or there twice. Adds all of them. */
export function addEvents(records: readonly AbsorbRecord[], loaded: UuidSet): boolean {
  let areNew = true;
  for (const { batch, index } of records) {
    const first = batch.observationsAt[index] ?? 0;
    for (let i = 0; i < observationCount(batch, index); i++)
      if (!loaded.add(batch.texts.bytes, idBegin(batch, first + i))) areNew = false;
  }
  return areNew;
}

/** No key of the records has a row, and `addEvents` found that all events are new. A key may be there twice. */
export async function absorbNew(db: Db, run: AbsorbRun, records: readonly AbsorbRecord[]): Promise<Absorbed> {
  const values = run.valueGate?.before ?? null;
  const held = await heldBy(db, run, values);
  if (held !== null) return { ...nothingAbsorbed, held, values };
  const { contested, seen } = await writeRecords(db, run, records, noKeys);
  await writeChanges(db, run, [], addedIn(records));
  await writeQuarantine(db, run, records);
  return { ...nothingAbsorbed, counts: countsOf(records, contested), seen, values };
}

const noKeys: ReadonlyMap<string, number> = new Map();

function countsOf(records: readonly AbsorbRecord[], contested: ReadonlySet<string>): AbsorbCounts {
  // As the other batches, which may withdraw.
  const counts = { ...nothingAbsorbed.counts, withdrawn: 0 };
  for (const record of records) {
    const { duplicates, faults } = notesOf(record.batch, record.index);
    counts.added += observationCount(record.batch, record.index);
    counts.duplicates += duplicates;
    counts.quarantined += faults.length;
    if (contested.size > 0 && !record.contested && contested.has(keyOf(record) ?? '')) counts.contested++;
  }
  return counts;
}

const addedIn = (records: readonly AbsorbRecord[]): AddedEvents => ({
  length: records.reduce((sum, { batch, index }) => sum + observationCount(batch, index), 0),
  *[Symbol.iterator]() {
    for (const record of records) {
      const recordKey = keyOf(record) ?? '';
      for (const observation of observationsOf(record.batch, record.index)) yield { recordKey, observation };
    }
  },
});
