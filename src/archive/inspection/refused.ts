// Parts of feeds that are in quarantine and may be, or contain, one event.

import { eventId } from '#/domain/identity.ts';
import { quarantineRow, type QuarantineRow } from '#/archive/runs/runs.ts';
import type { Db } from '#/archive/rows.ts';
import type { Tables } from '#/archive/tables/schema.ts';

export interface RefusedPart extends QuarantineRow {
  readonly provider: string;
}

const rowsMax = 20;
/** Of a provider: see quarantine.ts. */
const scannedMax = 20_000;

const columns = [
  'provider',
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
] as const;

type Row = Pick<Tables['quarantine'], (typeof columns)[number]>;

/** The event itself, and the whole base record that it is in. */
export async function refusedParts(
  tx: Db,
  provider: string,
  base: string,
  plan: string,
): Promise<RefusedPart[]> {
  const rows = await tx
    .selectFrom('quarantine')
    .select(columns)
    .where('provider', '=', provider)
    .where('base_id', '=', base)
    .where((eb) => eb.or([eb('plan_id', '=', plan), eb('plan_id', 'is', null)]))
    .orderBy('last_seen_at', 'desc')
    .limit(rowsMax)
    .execute();
  return rows.map(partOf);
}

/** Refused events with this id. A whole record that was refused has no ids: it is not found in this way. */
export async function refusedWithId(tx: Db, id: string): Promise<RefusedPart[]> {
  const rows = await tx
    .selectFrom('quarantine')
    .select(columns)
    .where('base_id', 'is not', null)
    .where('plan_id', 'is not', null)
    .orderBy('last_seen_at', 'desc')
    .limit(scannedMax)
    .execute();
  return rows
    .filter((row) => eventId(row.provider, row.base_id ?? '', row.plan_id ?? '') === id)
    .slice(0, rowsMax)
    .map(partOf);
}

const partOf = (row: Row): RefusedPart => ({ provider: row.provider, ...quarantineRow(row) });
