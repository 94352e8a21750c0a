// Split records: a base that comes in several records of one feed. They are kept until the end of the feed and merged into one;
// of two with the same event, the later wins. Otherwise each run would record several changes in a row.

import { keyOf, type AbsorbRecord } from '#/archive/absorbing/batch.ts';
import { packRecords, unpackRecord } from '#/domain/packed/records.ts';
import type { ParsedRecord } from '#/domain/record.ts';

export interface SplitRecords {
  /** Returns true when the record's key is known to be split, and the record is kept for `merged`. */
  hold(record: AbsorbRecord): boolean;
  /** The kept records, merged to one per key. */
  merged(): AbsorbRecord[];
}

/** Beyond this number, records are absorbed as they come: more changes are recorded, with the same final state. */
const heldMax = 10_000;

export function createSplitRecords(keys: ReadonlySet<string>): SplitRecords {
  const held = new Map<string, AbsorbRecord[]>();
  let count = 0;
  return {
    hold(record) {
      const key = keyOf(record);
      if (keys.size === 0 || key === null || !keys.has(key) || count >= heldMax) return false;
      held.set(key, [...(held.get(key) ?? []), alone(record)]);
      count++;
      return true;
    },
    merged: () => [...held.values()].map(merge),
  };
}

/** The same record in a batch of its own: a held record must not keep its whole batch in memory. */
function alone(record: AbsorbRecord): AbsorbRecord {
  return { ...record, batch: packRecords([[unpackRecord(record.batch, record.index)]]), index: 0 };
}

function merge(records: readonly AbsorbRecord[]): AbsorbRecord {
  const parsed = records.map(({ batch, index }) => unpackRecord(batch, index));
  const observations = new Map(
    parsed.flatMap((record) =>
      record.observations.map((observation) => [observation.id, observation] as const),
    ),
  );
  const observed = parsed.reduce((sum, record) => sum + record.observations.length, 0);
  const merged: ParsedRecord = {
    key: parsed[0]?.key ?? null,
    observations: [...observations.values()],
    faults: parsed.flatMap((record) => record.faults),
    irregularClocks: 0,
    // Duplicates between the records, and those within each record.
    duplicates: observed - observations.size + parsed.reduce((sum, record) => sum + record.duplicates, 0),
  };
  return {
    batch: packRecords([[merged]]),
    index: 0,
    hash: records.length === 1 ? (records[0]?.hash ?? '') : '',
    contested: records.length > 1,
    offset: records.at(-1)?.offset ?? 0,
  };
}
