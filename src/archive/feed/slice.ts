// The events that changed after a published version, in the order of the journal.

import type { JournaledEvent, JournalQuery, JournalSlice, PublishedVersion } from '#/domain/journaled.ts';
import { uuidIn } from '#/domain/identity.ts';
import { stateIn } from '#/archive/known.ts';
import { isPostgres, uuidText, valuesOf, type Db } from '#/archive/rows.ts';
import { identityOf } from '#/archive/versions.ts';

/**
 * In PostgreSQL a batch can commit after one with higher sequence numbers, and after the publish of these. It has ended this long
 * after it began.
 */
const commitMs = 600_000;

/** See `JournalReader`. `tx`: a transaction that sees one state of the archive. */
export async function journalSlice(
  tx: Db,
  { since, after, upTo, limit }: JournalQuery,
): Promise<JournalSlice | null> {
  const publishedAt = await publishedOf(tx, since);
  if (publishedAt === null) return null;
  const begin = after ?? (isPostgres(tx) ? await settledBefore(tx, publishedAt) : since.seq);
  const entries = await tx
    .selectFrom('journal_entry')
    .select(['seq', 'event', 'before'])
    .where('seq', '>', begin)
    .where('seq', '<=', upTo)
    .orderBy('seq')
    .limit(limit)
    .execute();
  const first = new Map<number, string | null>();
  for (const { event, before } of entries) if (!first.has(event)) first.set(event, before);
  const last = entries.at(-1)?.seq ?? upTo;
  return { events: await eventsOf(tx, first), seq: entries.length < limit ? null : last };
}

/** When this archive published the version; null when it did not. Stamps are kept for the newest versions only. */
async function publishedOf(tx: Db, since: PublishedVersion): Promise<number | null> {
  const { version } = since;
  if ((await archiveBits(tx)) !== since.archive) return null;
  const row = await tx
    .selectFrom('published')
    .leftJoin('version_stamp', 'version_stamp.version', 'published.version')
    .select(['published.seq', 'published.at', 'version_stamp.stamp'])
    .where('published.version', '=', version)
    .executeTakeFirst();
  if (row === undefined || row.seq > since.seq) return null;
  return row.stamp === null || firstBits(row.stamp) === since.stamp ? row.at : null;
}

/** The first 32 bits of the identity of an archive. */
export const archiveBits = async (db: Db): Promise<number> => firstBits(await identityOf(db));

const firstBits = (hex: string): number => Number.parseInt(hex.slice(0, 8), 16);

/** All entries up to this one were committed, and published, before the instant. */
async function settledBefore(tx: Db, instant: number): Promise<PublishedVersion['seq']> {
  const row = await tx
    .selectFrom('published')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .where('at', '<=', instant - commitMs)
    .executeTakeFirst();
  return row?.seq ?? 0;
}

/** Without those that the catalogue does not have, because they were never online. */
async function eventsOf(tx: Db, before: ReadonlyMap<number, string | null>): Promise<JournaledEvent[]> {
  if (before.size === 0) return [];
  const rows = await tx
    .selectFrom('known_event')
    .select(['n', uuidText(tx, 'id').as('id'), 'day'])
    .where('n', 'in', valuesOf(tx, [...before.keys()]))
    .where('day', 'is not', null)
    .execute();
  return rows.map(({ n, id, day }) => ({
    id: uuidIn(id),
    day: day ?? 0,
    before: stateOf(before.get(n) ?? null),
  }));
}

function stateOf(text: string | null): JournaledEvent['before'] {
  if (text === null) return null;
  const { listing, facts } = stateIn(text);
  return { listed: listing !== 'withdrawn', offline: facts.sellMode === 'offline' };
}
