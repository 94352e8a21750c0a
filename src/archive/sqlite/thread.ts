// The archive's side of the thread that owns its SQLite connection: questions in their order, and their answers.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { threadOptions } from '#/kit/machine/threads.ts';
import type { Answer, Query } from './database.ts';
import type { Answered, Asked } from './sqlite.thread.ts';

/** A SQLite file, wherever it is executed. */
export interface AsyncSqlite {
  execute(query: Query): Promise<Answer>;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (answer: Answer | null) => void;
  readonly reject: (error: Error) => void;
}

/** Starts the thread. Nothing is opened before the first question; one that fails says what SQLite said. */
export function startSqliteThread(path: string): AsyncSqlite {
  const file = new URL('sqlite.thread.ts', import.meta.url);
  const thread = new Worker(file, { workerData: { path }, ...threadOptions() });
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let isClosed = false;
  // It keeps the process running only while somebody waits for it.
  thread.unref();

  thread.on('message', ({ id, answer, error }: Answered) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) thread.unref();
    if (error === null) one?.resolve(answer);
    else one?.reject(Object.assign(new Error(error.message), error.fields));
  });
  // What SQLite says never ends the thread: this is a fault of Marquee, or the memory of the machine.
  thread.on('error', (error) => {
    throw new Error('The thread of the archive ended.', { cause: error });
  });
  thread.on('exit', () => {
    isClosed = true;
    for (const { reject } of waiting.values()) reject(new Error('The archive is closed.'));
    waiting.clear();
  });

  function ask(query: Query | null): Promise<Answer | null> {
    if (isClosed) return Promise.reject(new Error('The archive is closed.'));
    return new Promise((resolve, reject) => {
      const id = ++asked;
      waiting.set(id, { resolve, reject });
      thread.ref();
      thread.postMessage({ id, query } satisfies Asked, []);
    });
  }

  return {
    execute: async (query) => (await ask(query)) as Answer,
    async close() {
      if (isClosed) return;
      const ended = once(thread, 'exit');
      const closing = ask(null);
      isClosed = true;
      await closing;
      // The process must not end before the file is closed.
      thread.ref();
      await ended;
    },
  };
}
