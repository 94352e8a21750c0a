// Ingest's side of the thread that owns the archive's SQLite connection: requests in their order, and their results.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { threadOptions, youngMegabytes } from '#/kit/machine/threads.ts';
import type { Absorbing } from './absorbing.ts';
import type { AsyncSqlite } from './database.ts';
import type { Answered, Kind, Requests } from './messages.ts';

export interface SqliteThread extends AsyncSqlite, Absorbing {}

interface Waiting {
  readonly resolve: (result: Answered['result']) => void;
  readonly reject: (error: Error) => void;
}

export interface SqliteThreadOptions {
  /** Whether it only reads a file that another process writes to. */
  readonly isReader: boolean;
  /** The thread ended, by a fault of Marquee or for lack of memory. */
  readonly failed: (error: Error) => void;
}

const writer: SqliteThreadOptions = {
  isReader: false,
  failed(error) {
    throw new Error('The thread of the archive ended.', { cause: error });
  },
};

/** From a limit of 2 GiB, or without one, V8 lets a heap grow fourfold before it collects garbage. */
const resourceLimits = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: youngMegabytes };

/** Starts the thread. Nothing is opened before the first request; one that fails has the error of SQLite. */
export function startSqliteThread(path: string, { isReader, failed } = writer): SqliteThread {
  const file = new URL('sqlite.thread.ts', import.meta.url);
  const thread = new Worker(file, { workerData: { path, isReader }, resourceLimits, ...threadOptions() });
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let isClosed = false;
  // It keeps the process running only while somebody waits for it.
  thread.unref();

  thread.on('message', ({ id, result, error }: Answered) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) thread.unref();
    if (error === null) one?.resolve(result);
    else one?.reject(Object.assign(new Error(error.message), error.fields));
  });
  // An error of SQLite never ends the thread.
  thread.on('error', failed);
  thread.on('exit', () => {
    isClosed = true;
    for (const { reject } of waiting.values()) reject(new Error('The archive is closed.'));
    waiting.clear();
  });

  function ask<K extends Kind>(kind: K, request: Requests[K][0]): Promise<Requests[K][1]> {
    if (isClosed) return Promise.reject(new Error('The archive is closed.'));
    return new Promise((resolve, reject) => {
      const id = ++asked;
      waiting.set(id, { resolve, reject });
      thread.ref();
      thread.postMessage({ id, kind, request }, []);
    });
  }

  return {
    // Rows that are made one by one cannot be sent.
    execute: (query) => ask('query', { ...query, rows: query.rows === null ? null : [...query.rows] }),
    async prepare() {
      await ask('prepare', null);
    },
    absorb: (call) => ask('absorb', call),
    async endFirstLoad() {
      await ask('endFirstLoad', null);
    },
    async close() {
      if (isClosed) return;
      const ended = once(thread, 'exit');
      const closing = ask('close', null);
      isClosed = true;
      await closing;
      // The process must not end before the file is closed.
      thread.ref();
      await ended;
    },
  };
}
