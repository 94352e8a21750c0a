// The thread that owns the archive's SQLite connection: it waits for the disk, and ingest reads the feed meanwhile.

import { parentPort, workerData } from 'node:worker_threads';
import { buffersOf } from '#/domain/packed/buffers.ts';
import type { Absorbing } from './absorbing.ts';
import { openSqlite, openSqliteReader, type Sqlite } from './database.ts';
import type { Answered, Asked } from './messages.ts';

const { path, isReader } = workerData as { readonly path: string; readonly isReader: boolean };
let sqlite: Sqlite | null = null;
let absorbing: Absorbing | null = null;

async function resultOf({ kind, request }: Asked): Promise<Answered['result']> {
  // The first request opens the file, so that a file that cannot be opened is an answer.
  sqlite ??= isReader ? openSqliteReader(path) : openSqlite(path);
  if (kind === 'query') return sqlite.execute(request);
  if (kind === 'absorb' || kind === 'prepare') {
    // Loaded when it is needed: a host that does not absorb need not wait for it.
    absorbing ??= (await import('./absorbing.ts')).createAbsorbing(sqlite);
    return kind === 'absorb' ? absorbing.absorb(request) : null;
  }
  if (kind === 'endFirstLoad') {
    await absorbing?.endFirstLoad();
    return null;
  }
  sqlite.close();
  return null;
}

async function answerTo(asked: Asked): Promise<Answered> {
  try {
    return { id: asked.id, result: await resultOf(asked), error: null };
  } catch (error) {
    return failed(asked, error);
  }
}

function failed({ id }: Asked, error: unknown): Answered {
  const { message, ...fields } = error as Error & { code?: unknown; errcode?: unknown };
  return { id, result: null, error: { message, fields } };
}

async function answerAfter(before: Promise<void>, asked: Asked): Promise<void> {
  await before;
  const answer = await answerTo(asked);
  try {
    parentPort?.postMessage(answer, passedOn(answer));
  } catch (error) {
    // Ingest must not wait for an answer that never comes.
    parentPort?.postMessage(failed(asked, error), []);
  }
  // Nothing else keeps the thread running.
  if (asked.kind === 'close') parentPort?.close();
}

const passedOn = ({ result }: Answered): ArrayBuffer[] =>
  result !== null && 'packed' in result ? buffersOf(result.packed, result.zones) : [];

// One after the other, in their order.
let last: Promise<void> = Promise.resolve();
parentPort?.on('message', (asked: Asked) => {
  last = answerAfter(last, asked);
});
