// A body on its way: its bytes as they came, and beside them what is known of it, so that the next process can keep what
// this one did not live to. A spool that cannot be written is given up; the feed flows on.

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
  /** `chunks`, written down on their way. Fails when they do, and never else. */
  copied(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>;
  ended(run: SpooledRun): void;
  /** Ends the writing, and notes how the run ended. Rejects when not all of it could be written. */
  close(): Promise<void>;
  /** Never rejects. */
  drop(): Promise<void>;
}

/** How the run ended that read the body. */
export type SpooledRun = Pick<BodyDraft, 'startedAt' | 'complete' | 'held'> & {
  readonly runId: number;
  readonly code: string | null;
};

/** Bytes that may wait for the disk; and how long it may leave us waiting, for it must not keep a feed from flowing. */
const waitingBytesMax = 1024 * 1024;
const waitMs = 5000;
/** The archive may be on the same disk, and what is left there is for it: looked at again every so many bytes. */
const freeBytesMin = 256 * 1024 * 1024;
const lookEveryBytes = 16 * 1024 * 1024;

const killed = { code: 'killed', message: 'The run did not live to the end of the feed.' };

type Begun = Pick<BodyDraft, 'provider' | 'startedAt' | 'contentType'>;

/** Begins spool `number` in `directory`, for at most `bytesMax` bytes. Throws when the disk does not let us. */
export async function beginSpool(
  directory: string,
  number: number,
  begun: Begun,
  bytesMax: number,
): Promise<Spool> {
  const path = pathOf(directory, number, 'body');
  const beside = pathOf(directory, number, 'json');
  await expectRoom(directory);
  let draft: BodyDraft = { ...begun, runId: null, complete: false, fault: killed, held: false };
  await writeFile(beside, JSON.stringify(draft));
  const out = createWriteStream(path, { highWaterMark: waitingBytesMax });
  let failure: Error | null = null;
  /** Undefined while the chunks have not ended. */
  let fault: BodyDraft['fault'] | undefined;
  let bytes = 0;
  let lookAt = lookEveryBytes;

  function discard(): Promise<void> {
    // Again once it has closed: a file that is still being opened would come after its removal.
    if (!out.closed) out.once('close', () => void remove(path, beside));
    out.destroy();
    return remove(path, beside);
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
      const left = { code: code ?? killed.code, message: 'The run did not read on.' };
      draft = { ...draft, ...how, fault: fault === undefined ? left : fault };
    },
    async close() {
      if (failure === null && !out.closed) {
        const closed = once(out, 'close', { signal: AbortSignal.timeout(waitMs) });
        out.end();
        await closed.catch(giveUp);
      }
      if (failure !== null) throw failure;
      await writeDurably(beside, JSON.stringify(draft));
    },
    drop: discard,
  };
}

export type LeftSpool = Pick<Spool, 'path' | 'draft' | 'close' | 'drop'>;

/** Spools that another process has left behind, in their order; what cannot be made sense of is removed. */
export async function leftSpools(directory: string): Promise<{ last: number; spools: LeftSpool[] }> {
  const names = await namesIn(directory);
  const numbers = [...new Set(names.map((name) => Number.parseInt(name, 10)))]
    .filter((number) => number > 0)
    .toSorted((a, b) => a - b);
  const spools: LeftSpool[] = [];
  for (const number of numbers) {
    const path = pathOf(directory, number, 'body');
    const beside = pathOf(directory, number, 'json');
    const drop = (): Promise<void> => remove(path, beside);
    try {
      const draft = draftShape.parse(JSON.parse(await readFile(beside, 'utf8')));
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
  if (free < freeBytesMin) throw new Error(`Got ${free} bytes of free disk, expected ${freeBytesMin}.`);
}

async function remove(...paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { force: true }).catch(() => undefined);
}
