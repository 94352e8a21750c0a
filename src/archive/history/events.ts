// Reads what the archive has of every event, in the order of their ids, for a comparison of two archives. Writes nothing.

import { Kysely, sql, type RawBuilder } from 'kysely';
import type { Facts, Listing } from '#/domain/event.ts';
import { factsIn } from '#/domain/packed/facts.ts';
import { uuidIn } from '#/domain/identity.ts';
import { isPostgres, uuidText, type Db } from '#/archive/rows.ts';
import { sqliteDialect } from '#/archive/sqlite/dialect.ts';
import { startSqliteThread } from '#/archive/sqlite/thread.ts';
import { enterOwnSchema } from '#/archive/tables/own-schema.ts';
import type { Tables } from '#/archive/tables/schema.ts';

export interface ArchivedEvent {
  readonly id: string;
  readonly provider: string;
  readonly baseId: string;
  readonly planId: string;
  readonly listing: Listing;
  readonly facts: Facts;
}

export interface EventReader {
  /** The events after this id, in the order of the ids, at most 2,000. */
  page(after: string): Promise<readonly ArchivedEvent[]>;
  close(): Promise<void>;
}

/** Before every id of an event. */
export const beforeAll = '00000000-0000-0000-0000-000000000000';

const pageRows = 2000;
/** What ends a connection fails its page as well. */
const failed = (): void => undefined;

/** `url`: of the archive. Nothing is opened before the first page. Pages reject when it cannot be read. */
export async function openEvents(url: string): Promise<EventReader> {
  const dialect = /^postgres(ql)?:/.test(url)
    ? (await import('#/archive/postgres.ts')).postgresDialect(url, failed)
    : sqliteDialect(startSqliteThread(url.replace(/^sqlite:/, ''), { isReader: true, failed }));
  const db = new Kysely<Tables>({ dialect });
  return {
    page: (after) =>
      db.transaction().execute(async (tx) => {
        if (isPostgres(tx)) await enterOwnSchema(tx);
        return pageOf(tx, after);
      }),
    close: () => db.destroy(),
  };
}

async function pageOf(tx: Db, after: string): Promise<ArchivedEvent[]> {
  const id: RawBuilder<string> = isPostgres(tx) ? sql`${after}::uuid` : sql`unhex(${after}, '-')`;
  const rows = await tx
    .selectFrom('known_event')
    .select([uuidText(tx, 'id').as('text'), 'provider', 'base_id', 'plan_id', 'listing', 'facts'])
    .where('id', '>', id)
    .orderBy('id')
    .limit(pageRows)
    .execute();
  return rows.map(({ text, provider, base_id: baseId, plan_id: planId, listing, facts }) => ({
    id: uuidIn(text),
    provider,
    baseId,
    planId,
    listing: listing as Listing,
    facts: factsIn(facts),
  }));
}
