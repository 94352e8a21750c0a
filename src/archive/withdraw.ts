// A complete feed has the last word on what is listed: what it no longer has is withdrawn, and stays searchable.

import { sql, type Transaction } from 'kysely';
import { withdraw } from '#/domain/absorb.ts';
import type { Facts, Listing } from '#/domain/event.ts';
import type { RunInHand } from './batch.ts';
import { endQuarantine } from './quarantine.ts';
import { valuesOf } from './rows.ts';
import type { Tables } from './schema.ts';
import { writeChanges } from './writes.ts';

const pageRows = 2000;

/** Gives how many events were withdrawn. */
export async function withdrawUnseen(tx: Transaction<Tables>, run: RunInHand): Promise<number> {
  let withdrawn = await withdrawWhere(tx, run, sql`listing = 'missing'`);
  for (let after = 0; ;) {
    const page = await tx
      .selectFrom('record')
      .select(['id', 'key'])
      .where('provider', '=', run.provider)
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageRows)
      .execute();
    const unseen = page.filter((row) => !run.seen.has(row.id));
    if (unseen.length > 0) {
      const keys = valuesOf(unseen.map((row) => row.key));
      withdrawn += await withdrawWhere(tx, run, sql`listing <> 'withdrawn' and record_key in ${keys}`);
      // Should a record come back as it was, it must be read again to be listed again.
      await tx
        .deleteFrom('record')
        .where('id', 'in', valuesOf(unseen.map((row) => row.id)))
        .execute();
    }
    if (page.length < pageRows) break;
    after = page.at(-1)?.id ?? after;
  }
  await endQuarantine(tx, run);
  return withdrawn;
}

async function withdrawWhere(
  tx: Transaction<Tables>,
  run: RunInHand,
  condition: ReturnType<typeof sql>,
): Promise<number> {
  const rows = await tx
    .selectFrom('event')
    .select(['id', 'base_id', 'plan_id', 'record_key', 'listing', 'facts'])
    .where('provider', '=', run.provider)
    .where(sql<boolean>`${condition}`)
    .execute();
  const changes = rows.map((row) => ({
    id: row.id,
    baseId: row.base_id,
    planId: row.plan_id,
    recordKey: row.record_key,
    change: withdraw({ listing: row.listing as Listing, facts: JSON.parse(row.facts) as Facts }),
  }));
  await writeChanges(tx, run, changes);
  return changes.length;
}
