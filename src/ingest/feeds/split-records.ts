// A base that comes in several records of one feed: they are held back to the end of the feed and folded into one, the
// later winning, so that a run does not make of them one change after another.

import type { AbsorbRecord } from '#/archive/batch.ts';
import type { ParsedRecord } from '#/domain/record.ts';

export interface SplitRecords {
  /** True when the record has a key known to be contested, and is held. */
  hold(record: AbsorbRecord): boolean;
  /** What was held, one record per key. */
  folded(): AbsorbRecord[];
}

/** Beyond this, records are absorbed as they come: more changes are told than need be, and the end is the same. */
const heldMax = 10_000;

export function createSplitRecords(keys: ReadonlySet<string>): SplitRecords {
  const held = new Map<string, AbsorbRecord[]>();
  let count = 0;
  return {
    hold(record) {
      const { key } = record.parsed;
      if (key === null || !keys.has(key) || count >= heldMax) return false;
      held.set(key, [...(held.get(key) ?? []), record]);
      count++;
      return true;
    },
    folded: () => [...held.values()].map(fold),
  };
}

function fold(records: readonly AbsorbRecord[]): AbsorbRecord {
  const parsed = records.map((record) => record.parsed);
  const observations = new Map(
    parsed.flatMap((record) =>
      record.observations.map((observation) => [observation.id, observation] as const),
    ),
  );
  const told = parsed.reduce((sum, record) => sum + record.observations.length, 0);
  const folded: ParsedRecord = {
    key: parsed[0]?.key ?? null,
    observations: [...observations.values()],
    zones: new Map(parsed.flatMap((record) => [...record.zones])),
    faults: parsed.flatMap((record) => record.faults),
    irregularClocks: 0,
    // What the folding has left out, on top of what each record had left out.
    duplicates: told - observations.size + parsed.reduce((sum, record) => sum + record.duplicates, 0),
  };
  return {
    parsed: folded,
    hash: records.length === 1 ? (records[0]?.hash ?? '') : '',
    contested: records.length > 1,
    offset: records.at(-1)?.offset ?? 0,
  };
}
