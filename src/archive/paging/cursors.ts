// Where each provider's feed in pages continues: written with the page that leads there, in one transaction.

import { noValues, type ValueCensus, type ValueLimits } from '#/domain/value-gate.ts';
import type { ValueGate } from '#/archive/absorbing/batch.ts';
import type { Db } from '#/archive/rows.ts';
import { createValueHolds } from '#/archive/runs/value-holds.ts';

export interface PageCursor {
  /** The first URL of the feed, and how its items were read: when either is another, the feed is read again from there. */
  readonly first: string;
  readonly reading: string;
  /** The URL of the page to read next. */
  readonly next: string;
  /** When the feed was last begun again because a page was gone, in milliseconds since 1970 UTC; null when it never was. */
  readonly begunAgainAt: number | null;
  /** The values that were compared since the last page of the feed was read; absent when none were. */
  readonly values?: ValueCensus;
}

export async function pageCursorOf(db: Db, provider: string): Promise<PageCursor | null> {
  const row = await db
    .selectFrom('page_cursor')
    .select('cursor')
    .where('provider', '=', provider)
    .executeTakeFirst();
  return row === undefined ? null : (JSON.parse(row.cursor) as PageCursor);
}

/** Of the events of a provider, this share may change at once: the pages have only what changed. */
const fewShare = 0.01;

/** Null when all values are admitted. */
export const pageGate = ({ values = noValues }: PageCursor, limits: ValueLimits | null): ValueGate | null =>
  limits === null ? null : { limits, before: values, fewShare };

/**
 * Keeps and returns where a page leads. Its own URL means that it is the last one for now: what comes later is compared for itself, and
 * nothing is held any more, because an approval covers the pages up to here, however many runs read them.
 */
export async function continueAt(
  tx: Db,
  provider: string,
  cursor: PageCursor,
  next: string,
  values: ValueCensus | null,
): Promise<PageCursor> {
  const { first, reading, begunAgainAt } = cursor;
  const isLast = next === cursor.next;
  const following = { first, reading, next, begunAgainAt, ...(values === null || isLast ? {} : { values }) };
  await keepPageCursor(tx, provider, following);
  if (isLast) await createValueHolds(tx).releaseValues(provider);
  return following;
}

/** Keeps that a feed was begun again. A cursor of another URL or way of reading waits until a page was absorbed. */
export async function keepSameFeed(tx: Db, provider: string, cursor: PageCursor): Promise<void> {
  const kept = await pageCursorOf(tx, provider);
  if (kept?.first === cursor.first && kept.reading === cursor.reading)
    await keepPageCursor(tx, provider, cursor);
}

async function keepPageCursor(tx: Db, provider: string, next: PageCursor): Promise<void> {
  const cursor = JSON.stringify(next);
  await tx
    .insertInto('page_cursor')
    .values({ provider, cursor })
    .onConflict((conflict) => conflict.column('provider').doUpdateSet({ cursor }))
    .execute();
}
