// A connection of its own to the archive for requests of an operator: they do not wait for the feed that is being absorbed, and
// write nothing. It is opened for the first request and closed when none came for a while.

import { openReading, type ArchiveReading } from '#/archive/history/reader.ts';
import type { Db } from '#/archive/rows.ts';
import { messageOf } from '#/kit/errors.ts';
import { InspectionRefused } from './refusal.ts';

export interface InspectedArchive {
  /** Throws InspectionRefused when the archive cannot be read in time. */
  read<T>(read: (tx: Db) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const idleMs = 60_000;
const waitMsDefault = 5000;

/** `url`: of the archive. */
export function inspectArchive(url: string, waitMs = waitMsDefault): InspectedArchive {
  let opened: Promise<ArchiveReading> | null = null;
  let running = 0;
  let idle: NodeJS.Timeout | undefined;

  async function close(): Promise<void> {
    clearTimeout(idle);
    const closing = opened;
    opened = null;
    await closing?.then((one) => one.close()).catch(() => undefined);
  }

  async function within<T>(reading: Promise<T>): Promise<T> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new Error(`The archive did not answer within ${waitMs} ms.`)),
      waitMs,
    );
    try {
      return await Promise.race([reading, late.promise]);
    } catch (error) {
      // What failed or is late may be the connection.
      void close();
      throw new InspectionRefused('archive_unavailable', messageOf(error));
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async read(read) {
      clearTimeout(idle);
      opened ??= openReading(url, () => void close());
      running++;
      try {
        return await within(opened.then((one) => one.reading(read)));
      } finally {
        running--;
        if (running === 0) idle = setTimeout(() => void close(), idleMs).unref();
      }
    },
    close,
  };
}
