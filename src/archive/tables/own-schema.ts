// The archive in a PostgreSQL database that it shares with other applications: they may have tables of the same names, in other
// schemas of the search path or, once a table of an earlier version is dropped, in its own.

import { sql } from 'kysely';
import type { Db } from '#/archive/rows.ts';
import { createdNames } from './migrations.ts';

/**
 * Until the end of the transaction, names without a schema mean the archive's: the first schema of the search path that has
 * its tables, else the one where tables are created. Returns that schema; undefined where there is none. Throws when an archive
 * cannot be created, because another application has a table or view of that name there.
 */
export async function enterOwnSchema(tx: Db): Promise<string | undefined> {
  const { rows: found } = await sql<{ schema: string }>`
    select path.schema from unnest(current_schemas(false)) with ordinality as path(schema, place)
    where to_regclass(quote_ident(path.schema) || '.kysely_migration') is not null
      and to_regclass(quote_ident(path.schema) || '.feed_record') is not null
    order by path.place limit 1`.execute(tx);
  let schema = found[0]?.schema;
  if (schema === undefined) {
    const { rows } = await sql<{ schema: string | null; taken: string[] }>`
      select current_schema() as schema, array(
        select relname::text from pg_class
        where relnamespace = (select oid from pg_namespace where nspname = current_schema())
          and relname = any(${createdNames}) order by relname) as taken`.execute(tx);
    const { schema: current, taken } = rows[0] ?? { schema: null, taken: [] };
    if (current === null) return undefined;
    if (taken.length > 0)
      throw new Error(
        `Got ${taken.join(', ')} of another application in schema ${current} of the archive's database, expected a schema ` +
          "without these tables. Give Marquee a database of its own, or a schema: alter role … set search_path = 'marquee'.",
      );
    schema = current;
  }
  await sql`select set_config('search_path', quote_ident(${schema}::text), true)`.execute(tx);
  return schema;
}
