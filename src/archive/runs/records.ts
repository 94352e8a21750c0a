// Which records were absorbed last: what need not be parsed again.

import { setImmediate as immediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { RunInHand } from '#/archive/absorbing/batch.ts';
import { createMetKeys } from '#/archive/absorbing/met-keys.ts';
import { digestText } from '#/archive/rows.ts';
import type { Tables } from '#/archive/tables/schema.ts';

export interface RecordIndex {
  /**
   * Before a run absorbs: notes in `known` the hash of each record that was absorbed last for its key, with its row id. When the
   * provider has no record yet, the run notes the keys that it meets instead.
   */
  recallRecords(run: RunInHand): Promise<void>;
  /** Keys of which a feed had more than one record: those are folded together at its end. */
  contestedKeys(provider: string): Promise<Set<string>>;
}

/** Rows that are held at once; between two pages others get their turn. */
const pageRows = 5000;

export function createRecords(db: Kysely<Tables>): RecordIndex {
  return {
    async recallRecords(run) {
      let last = '';
      for (;;) {
        const rows = await db
          .selectFrom('feed_record')
          .select(['id', 'key', digestText(db, 'hash').as('hash')])
          .where('provider', '=', run.provider)
          .where('key', '>', last)
          .orderBy('key')
          .limit(pageRows)
          .execute();
        for (const { id, hash } of rows) if (hash !== '') run.known.set(hash, id);
        if (last === '' && rows.length === 0) run.metKeys = createMetKeys();
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
