// Lets a worker read the journal of the archive, on demand. A slow or dead archive costs /search nothing: reads run in another
// thread or process, few at the same time, and each is answered within two seconds; while the reader is being opened, within eight.
//
//   closed ──first read──▶ opening ──a read succeeds──▶ open ──idle, or failed──▶ closed
//                           │ a read takes too long: refuse others for a while

import type { JournalReader, LatestReader } from '#/domain/journaled.ts';
import type { Past } from '#/domain/past.ts';
import type { PastReader } from '#/archive/history/reader.ts';

export interface PastOptions {
  /** Opens the reader: its modules are loaded then. */
  readonly open: (failed: (error: Error) => void) => Promise<PastReader>;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  readonly waitMs?: number;
  /** While the reader is being opened: that loads the query builder and starts a thread, which can take seconds on a busy host. */
  readonly openingWaitMs?: number;
}

export interface WorkerPast extends Past, JournalReader, LatestReader {
  /** Reads that have not ended. */
  readonly running: number;
  close(): Promise<void>;
}

const waitMsDefault = 2000;
const openingWaitMsDefault = 8000;
const idleMs = 60_000;
const refuseMs = 5000;
/** Reads at the same time; more are refused, and not queued. */
const runningMax = 16;

export function createPast({
  open,
  now,
  waitMs = waitMsDefault,
  openingWaitMs = openingWaitMsDefault,
}: PastOptions): WorkerPast {
  let reader: Promise<PastReader> | null = null;
  /** The reader that has answered: it is open. */
  let opened: Promise<PastReader> | null = null;
  let running = 0;
  let refusesUntil = -Infinity;
  let idle: NodeJS.Timeout | undefined;

  function close(): Promise<void> {
    clearTimeout(idle);
    const closing = reader;
    reader = null;
    return closing === null ? Promise.resolve() : closing.then((one) => one.close()).catch(() => undefined);
  }

  function read<T>(call: (reader: PastReader) => Promise<T>): Promise<T> {
    if (now() < refusesUntil) return Promise.reject(new Error('The archive did not answer in time before.'));
    if (running >= runningMax) return Promise.reject(new Error('Too many reads of the archive are running.'));
    clearTimeout(idle);
    reader ??= open(() => void close());
    const own = reader;
    running++;
    const reading = own.then(call);
    const limitMs = opened === own ? waitMs : openingWaitMs;
    // A read that is given up still counts until it ends.
    reading
      .then(
        () => void (opened = own),
        () => {
          if (reader === own) void close();
        },
      )
      .finally(() => {
        running--;
        if (running === 0) idle = setTimeout(() => void close(), idleMs).unref();
      });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        refusesUntil = now() + refuseMs;
        reject(new Error(`The archive did not answer within ${limitMs} ms.`));
      }, limitMs);
      reading.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  return {
    get running() {
      return running;
    },
    changes: (...args) => read((one) => one.changes(...args)),
    eventAt: (...args) => read((one) => one.eventAt(...args)),
    slice: (query) => read((one) => one.slice(query)),
    latest: (query) => read((one) => one.latest(query)),
    close,
  };
}
