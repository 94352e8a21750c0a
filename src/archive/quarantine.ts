// What could not be taken, with reason and place, until a later feed mends it.

import { sql, type Transaction } from 'kysely';
import type { RecordFault } from '#/domain/record.ts';
import type { AbsorbRecord, RunInHand } from './batch.ts';
import { insertRows, replacing, valuesOf } from './rows.ts';
import type { Tables } from './schema.ts';

const columns = [
  'provider',
  'key',
  'record_key',
  'base_id',
  'plan_id',
  'code',
  'message',
  'byte_offset',
  'line',
  'column_number',
  'first_seen_at',
  'last_seen_at',
  'last_run_id',
  'times',
];

/** Enters the faults of the records, and lets go of what they had before and have mended. */
export async function writeQuarantine(
  tx: Transaction<Tables>,
  run: RunInHand,
  records: readonly AbsorbRecord[],
): Promise<void> {
  const rows = new Map<string, (string | number | null)[]>();
  for (const { parsed, hash } of records) {
    for (const fault of parsed.faults) {
      const { baseId, planId, refusal, place } = fault;
      const key = keyOf(fault, hash);
      rows.set(key, [
        run.provider,
        key,
        parsed.key,
        baseId,
        planId,
        refusal.code,
        refusal.message,
        place.offset,
        place.line,
        place.column,
        run.at,
        run.at,
        run.id,
        1,
      ]);
    }
  }
  if (rows.size > 0) {
    const seenAgain = [
      'code',
      'message',
      'byte_offset',
      'line',
      'column_number',
      'last_seen_at',
      'last_run_id',
    ];
    await sql`
      ${insertRows(tx, 'quarantine', columns, [...rows.values()])}
      on conflict (provider, key) do update set ${replacing(seenAgain)}, times = quarantine.times + 1`.execute(
      tx,
    );
  }
  const keys = records.flatMap(({ parsed }) => parsed.key ?? []);
  await tx
    .deleteFrom('quarantine')
    .where('provider', '=', run.provider)
    .where('record_key', 'in', valuesOf(tx, keys))
    .where('last_run_id', '<', run.id)
    .execute();
}

/** After a complete feed: what it did not refuse again is no longer in it. */
export async function endQuarantine(tx: Transaction<Tables>, run: RunInHand): Promise<void> {
  await tx
    .deleteFrom('quarantine')
    .where('provider', '=', run.provider)
    .where('last_run_id', '<', run.id)
    .execute();
}

const keyOf = ({ baseId, planId, place }: RecordFault, hash: string): string =>
  baseId === null
    ? `record:${hash || place.offset}`
    : JSON.stringify(planId === null ? [baseId] : [baseId, planId]);
