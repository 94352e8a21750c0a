// Which records were absorbed last: what need not be parsed again.

import type { Kysely } from 'kysely';
import { valuesOf } from './rows.ts';
import type { Tables } from './schema.ts';

export interface RecordIndex {
  /** Row ids by hash, of those of `hashes` that are what was absorbed last for their key. */
  unchangedRecords(provider: string, hashes: readonly string[]): Promise<Map<string, number>>;
  /** Keys of which a feed had more than one record: those are folded together at its end. */
  contestedKeys(provider: string): Promise<Set<string>>;
}

export function createRecords(db: Kysely<Tables>): RecordIndex {
  return {
    async unchangedRecords(provider, hashes) {
      const rows = await db
        .selectFrom('feed_record')
        .select(['id', 'hash'])
        .where('provider', '=', provider)
        .where('hash', 'in', valuesOf(db, hashes))
        .execute();
      return new Map(rows.map((row) => [row.hash, row.id]));
    },

    async contestedKeys(provider) {
      const rows = await db
        .selectFrom('feed_record')
        .select('key')
        .where('provider', '=', provider)
        .where('contested', '=', 1)
        .execute();
      return new Set(rows.map((row) => row.key));
    },
  };
}
