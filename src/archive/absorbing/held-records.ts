// Which records wait to be withdrawn, from one held run to the next. A run that is held for the same records again writes nothing.

import { insertRows, valuesOf, type Db, type Shape } from '#/archive/rows.ts';

const shape: Shape = { provider: 'text', record_id: 'bigint' };
const pageRows = 2000;

/** `ids`: rows of `feed_record`; none when nothing is held. */
export async function noteHeldRecords(db: Db, provider: string, ids: readonly number[]): Promise<void> {
  const rows = await db
    .selectFrom('held_record')
    .select('record_id')
    .where('provider', '=', provider)
    .execute();
  const noted = new Set(rows.map(({ record_id: id }) => id));
  const wanted = new Set(ids);
  const over = [...noted.difference(wanted)];
  for (let i = 0; i < over.length; i += pageRows) {
    const page = valuesOf(db, over.slice(i, i + pageRows));
    await db
      .deleteFrom('held_record')
      .where('provider', '=', provider)
      .where('record_id', 'in', page)
      .execute();
  }
  const missing = [...wanted.difference(noted)].map((id) => [provider, id]);
  for (let i = 0; i < missing.length; i += pageRows)
    await insertRows(db, 'held_record', shape, missing.slice(i, i + pageRows), 'on conflict do nothing');
}
