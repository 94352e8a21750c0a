// A body that is being received: its bytes and, in a file next to it, its metadata. If the process is killed, the next one
// stores the body from these. If the spool cannot be written, it is discarded and the feed continues.

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { faultOf } from '#/provider/fault.ts';
import { writeDurably } from '#/kit/files.ts';
import { draftShape, namesIn, type BodyDraft } from './entry.ts';

export interface Spool {
  readonly path: string;
  readonly draft: BodyDraft;
  /** Yields `chunks` and writes them to the file. Fails only when `chunks` fails. */
  copied(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>;
  ended(run: SpooledRun): void;
  /** Finishes writing, including how the run ended. Rejects when a part could not be written. */
  close(): Promise<void>;
  /** Never rejects. */
  drop(): Promise<void>;
}

/** How the run that read the body ended. */
export type SpooledRun = Pick<BodyDraft, 'startedAt' | 'complete' | 'held'> & {
  readonly runId: number;
  readonly code: string | null;
};

/** The most bytes that may wait for the disk, and the longest time that the feed waits for it. */
const waitingBytesMax = 1024 * 1024;
const waitMs = 5000;
/** Free space to leave for the archive, which may be on the same disk. Checked again after each `lookEveryBytes`. */
const freeBytesMin = 256 * 1024 * 1024;
const lookEveryBytes = 16 * 1024 * 1024;

const valuesHeld = 'values_held';
const killed = { code: 'killed', message: 'The process ended before the end of the feed.' };

type Begun = Pick<BodyDraft, 'provider' | 'startedAt' | 'contentType'>;

/** Begins spool `number` in `directory`, for at most `bytesMax` bytes. Throws disk errors. */
export async function beginSpool(
  directory: string,
  number: number,
  begun: Begun,
  bytesMax: number,
): Promise<Spool> {
  const path = pathOf(directory, number, 'body');
  const metadataPath = pathOf(directory, number, 'json');
  await expectRoom(directory);
  let draft: BodyDraft = { ...begun, runId: null, complete: false, fault: killed, held: false };
  await writeFile(metadataPath, JSON.stringify(draft));
  const out = createWriteStream(path, { highWaterMark: waitingBytesMax });
  let failure: Error | null = null;
  /** Undefined until the chunks have ended. */
  let fault: BodyDraft['fault'] | undefined;
  let bytes = 0;
  let lookAt = lookEveryBytes;

  function discard(): Promise<void> {
    // Removed again after the close: a file that is still being opened would be created after its removal.
    if (!out.closed) out.once('close', () => void remove(path, metadataPath));
    out.destroy();
    return remove(path, metadataPath);
  }

  const giveUp = (error: unknown): void => {
    failure ??= error as Error;
    void discard();
  };
  out.on('error', giveUp);

  async function write(chunk: Uint8Array): Promise<void> {
    bytes += chunk.length;
    if (failure !== null) return;
    if (bytes > bytesMax) return giveUp(new Error(`Got a body of more than ${bytesMax} bytes.`));
    if (bytes >= lookAt) await expectRoom(directory).catch(giveUp);
    if (bytes >= lookAt) lookAt += lookEveryBytes;
    if (out.destroyed || out.write(chunk)) return;
    await once(out, 'drain', { signal: AbortSignal.timeout(waitMs) }).catch(giveUp);
  }

  return {
    path,
    get draft() {
      return draft;
    },
    async *copied(chunks) {
      try {
        for await (const chunk of chunks) {
          await write(chunk);
          yield chunk;
        }
        fault = null;
      } catch (error) {
        const { code, message } = faultOf(error);
        fault = { code, message };
        throw error;
      }
    },
    ended({ code, ...how }) {
      const left = { code: code ?? killed.code, message: 'The run did not take the rest of the feed.' };
      // Also a body that was read to its end: the run left out what came from there on.
      draft = { ...draft, ...how, fault: fault === undefined || code === valuesHeld ? left : fault };
    },
    async close() {
      if (failure === null && !out.closed) {
        const closed = once(out, 'close', { signal: AbortSignal.timeout(waitMs) });
        out.end();
        await closed.catch(giveUp);
      }
      if (failure !== null) throw failure;
      await writeDurably(metadataPath, JSON.stringify(draft));
    },
    drop: discard,
  };
}

export type LeftSpool = Pick<Spool, 'path' | 'draft' | 'close' | 'drop'>;

/** The spools of an earlier process, in order. A spool without valid metadata is removed. */
export async function leftSpools(directory: string): Promise<{ last: number; spools: LeftSpool[] }> {
  const names = await namesIn(directory);
  const numbers = [...new Set(names.map((name) => Number.parseInt(name, 10)))]
    .filter((number) => number > 0)
    .toSorted((a, b) => a - b);
  const spools: LeftSpool[] = [];
  for (const number of numbers) {
    const path = pathOf(directory, number, 'body');
    const metadataPath = pathOf(directory, number, 'json');
    const drop = (): Promise<void> => remove(path, metadataPath);
    try {
      const draft = draftShape.parse(JSON.parse(await readFile(metadataPath, 'utf8')));
      spools.push({ path, draft, close: () => Promise.resolve(), drop });
    } catch {
      await drop();
    }
  }
  return { last: numbers.at(-1) ?? 0, spools };
}

const pathOf = (directory: string, number: number, kind: 'body' | 'json'): string =>
  join(directory, `${number}.${kind}`);

async function expectRoom(directory: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  if (free < freeBytesMin)
    throw new Error(`Got ${free} bytes of free disk space, expected at least ${freeBytesMin}.`);
}

async function remove(...paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { force: true }).catch(() => undefined);
}
