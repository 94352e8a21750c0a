// Where each provider's feed in pages continues: written with the page that leads there, in one transaction.

import type { Db } from '#/archive/rows.ts';

export interface PageCursor {
  /** The first URL of the feed, and how its items were read: when either is another, the feed is read again from there. */
  readonly first: string;
  readonly reading: string;
  /** The URL of the page to read next. */
  readonly next: string;
  /** When the feed was last begun again because a page was gone, in milliseconds since 1970 UTC; null when it never was. */
  readonly begunAgainAt: number | null;
}

export async function pageCursorOf(db: Db, provider: string): Promise<PageCursor | null> {
  const row = await db
    .selectFrom('page_cursor')
    .select('cursor')
    .where('provider', '=', provider)
    .executeTakeFirst();
  return row === undefined ? null : (JSON.parse(row.cursor) as PageCursor);
}

export async function keepPageCursor(tx: Db, provider: string, next: PageCursor): Promise<void> {
  const cursor = JSON.stringify(next);
  await tx
    .insertInto('page_cursor')
    .values({ provider, cursor })
    .onConflict((conflict) => conflict.column('provider').doUpdateSet({ cursor }))
    .execute();
}
