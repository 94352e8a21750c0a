// Which records were absorbed last: what need not be parsed again.

import { setImmediate as immediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Digests } from '#/kit/digests.ts';
import { digestText } from '#/archive/rows.ts';
import type { Tables } from '#/archive/tables/schema.ts';

export interface RecordIndex {
  /** Notes in `known` the hash of each record that was absorbed last for its key, with its row id. */
  recallRecords(provider: string, known: Digests): Promise<void>;
  /** Keys of which a feed had more than one record: those are folded together at its end. */
  contestedKeys(provider: string): Promise<Set<string>>;
}

/** Rows that are held at once; between two pages others get their turn. */
const pageRows = 5000;

export function createRecords(db: Kysely<Tables>): RecordIndex {
  return {
    async recallRecords(provider, known) {
      let last = '';
      for (;;) {
        const rows = await db
          .selectFrom('feed_record')
          .select(['id', 'key', digestText(db, 'hash').as('hash')])
          .where('provider', '=', provider)
          .where('key', '>', last)
          .orderBy('key')
          .limit(pageRows)
          .execute();
        for (const { id, hash } of rows) if (hash !== '') known.set(hash, id);
        if (rows.length < pageRows) return;
        last = rows.at(-1)?.key ?? last;
        await immediate();
      }
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
