// What could not be taken, with reason and place, until a later feed mends it.

import type { RecordFault } from '#/domain/record.ts';
import { notesOf } from '#/domain/packed/records.ts';
import { keyOf, type AbsorbRecord, type RunRef } from '#/archive/absorbing/batch.ts';
import { insertRows, replacing, valuesOf, type Db, type Row, type Shape } from '#/archive/rows.ts';

const shape: Shape = {
  provider: 'text',
  key: 'text',
  record_key: 'text',
  base_id: 'text',
  plan_id: 'text',
  code: 'text',
  message: 'text',
  byte_offset: 'bigint',
  line: 'bigint',
  column_number: 'bigint',
  first_seen_at: 'bigint',
  last_seen_at: 'bigint',
  last_run_id: 'bigint',
  times: 'bigint',
};

/** Of one provider. Beyond it a feed is broken as a whole: its runs count what is not entered, and tell the kinds. */
export const quarantineRowsMax = 10_000;

/** Enters the faults of the records, and lets go of what they had before and have mended. */
export async function writeQuarantine(db: Db, run: RunRef, records: readonly AbsorbRecord[]): Promise<void> {
  const faulty = new Map<string, Row>();
  for (const record of records) {
    for (const fault of notesOf(record.batch, record.index).faults) {
      const { baseId, planId, refusal, place } = fault;
      const key = quarantineKey(fault, record.hash);
      faulty.set(key, [
        run.provider,
        key,
        keyOf(record),
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
  const rows = await withinLimit(db, run.provider, faulty);
  if (rows.length > 0) {
    const seenAgain = [
      'code',
      'message',
      'byte_offset',
      'line',
      'column_number',
      'last_seen_at',
      'last_run_id',
    ];
    const again = `on conflict (provider, key) do update set ${replacing(seenAgain)}, times = quarantine.times + 1`;
    await insertRows(db, 'quarantine', shape, rows, again);
  }
  // Most providers have nothing to let go of.
  const older = db.selectFrom('quarantine').select('key').where('provider', '=', run.provider);
  if ((await older.where('last_run_id', '<', run.id).limit(1).executeTakeFirst()) === undefined) return;
  const keys = records.flatMap((record) => keyOf(record) ?? []);
  await db
    .deleteFrom('quarantine')
    .where('provider', '=', run.provider)
    .where('record_key', 'in', valuesOf(db, keys))
    .where('last_run_id', '<', run.id)
    .execute();
}

/** The rows that are there already, and as many others as there is room for. */
async function withinLimit(db: Db, provider: string, faulty: ReadonlyMap<string, Row>): Promise<Row[]> {
  if (faulty.size === 0) return [];
  const rows = await quarantineSize(db, provider);
  if (rows + faulty.size <= quarantineRowsMax) return [...faulty.values()];
  const there = await db
    .selectFrom('quarantine')
    .select('key')
    .where('provider', '=', provider)
    .where('key', 'in', valuesOf(db, [...faulty.keys()]))
    .execute();
  const known = new Set(there.map(({ key }) => key));
  let room = quarantineRowsMax - rows;
  return [...faulty].filter(([key]) => known.has(key) || room-- > 0).map(([, row]) => row);
}

/** How many rows the provider has. */
export async function quarantineSize(db: Db, provider: string): Promise<number> {
  const { size } = await db
    .selectFrom('quarantine')
    .select((eb) => eb.fn.countAll<number>().as('size'))
    .where('provider', '=', provider)
    .executeTakeFirstOrThrow();
  return size;
}

/** After a complete feed: what it did not refuse again is no longer in it. */
export async function endQuarantine(db: Db, run: RunRef): Promise<void> {
  await db
    .deleteFrom('quarantine')
    .where('provider', '=', run.provider)
    .where('last_run_id', '<', run.id)
    .execute();
}

const quarantineKey = ({ baseId, planId, place }: RecordFault, hash: string): string =>
  baseId === null
    ? `record:${hash || place.offset}`
    : JSON.stringify(planId === null ? [baseId] : [baseId, planId]);
