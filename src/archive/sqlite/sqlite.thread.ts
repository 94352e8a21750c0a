// The thread that owns the archive's SQLite connection: what waits for the disk waits here, and the feed is read meanwhile.

import { parentPort, workerData } from 'node:worker_threads';
import { openSqlite, type Answer, type Query, type Sqlite } from './database.ts';

export interface Asked {
  readonly id: number;
  /** Null: the file is to be closed. */
  readonly query: Query | null;
}

export interface Answered {
  readonly id: number;
  readonly answer: Answer | null;
  /** What SQLite said instead, with the fields of its errors. */
  readonly error: { readonly message: string; readonly fields: object } | null;
}

const { path } = workerData as { readonly path: string };
let sqlite: Sqlite | null = null;

function answerTo({ id, query }: Asked): Answered {
  try {
    // With the first question, so that a file that cannot be opened is an answer too.
    sqlite ??= openSqlite(path);
    if (query !== null) return { id, answer: sqlite.execute(query), error: null };
    sqlite.close();
    return { id, answer: null, error: null };
  } catch (error) {
    const { message, ...fields } = error as Error & { code?: unknown; errcode?: unknown };
    return { id, answer: null, error: { message, fields } };
  }
}

parentPort?.on('message', (asked: Asked) => {
  parentPort?.postMessage(answerTo(asked), []);
  // Nothing else holds it.
  if (asked.query === null) parentPort?.close();
});
