// Each event at its latest change, in the order of the journal.

import { sql } from 'kysely';
import { uuidIn } from '#/domain/identity.ts';
import type { LatestQuery, LatestSlice } from '#/domain/journaled.ts';
import { uuidText, type Db } from '#/archive/rows.ts';
import { archiveBits } from './slice.ts';

/** Entries that are looked at for one slice: of an event that changed often, only the last is returned. */
const entriesMax = 5000;

/** See `LatestReader`. Without events that the catalogue does not have, because they were never online. */
export async function latestSlice(
  tx: Db,
  { archive, after, upTo, limit }: LatestQuery,
): Promise<LatestSlice> {
  // One that was lost and loaded again counts from 1 again.
  if (archive !== null && (await archiveBits(tx)) !== archive)
    throw new Error('Got the journal of another archive than that of the served version.');

  const entries = tx
    .selectFrom('journal_entry')
    .select(['seq', 'event'])
    .where('seq', '>', after)
    .where('seq', '<=', upTo)
    .orderBy('seq')
    .limit(entriesMax);
  const rows = await tx
    .selectFrom(entries.as('entry'))
    .innerJoin('known_event', 'known_event.n', 'entry.event')
    .select(['entry.seq as seq', uuidText(tx, 'known_event.id').as('id'), 'known_event.day as day'])
    .where('known_event.day', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('journal_entry as later')
            .select(sql`1`.as('one'))
            .whereRef('later.event', '=', 'entry.event')
            .whereRef('later.seq', '>', 'entry.seq')
            .where('later.seq', '<=', upTo),
        ),
      ),
    )
    .orderBy('entry.seq')
    .limit(limit)
    .execute();
  const events = rows.map(({ seq, id, day }) => ({ seq, id: uuidIn(id), day: day ?? 0 }));
  if (events.length === limit) return { events, looked: null };
  const last = await entries
    .clearSelect()
    .select('seq')
    .clearLimit()
    .limit(1)
    .offset(entriesMax - 1)
    .executeTakeFirst();
  return { events, looked: last?.seq ?? null };
}
