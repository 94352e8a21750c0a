// Runs one stream of compressed bytes through an engine of node:zlib, without consuming a byte after its end.

import { FeedFault } from '#/provider/fault.ts';
import { messageOf } from '#/kit/errors.ts';
import type { Codec, Engine } from './codecs.ts';
import type { ByteSource } from './source.ts';

/** Decompresses the stream at the front of `source`; leaves the bytes after it in `source`. Throws FeedFault. */
export async function* runEngine(
  engine: Engine,
  source: ByteSource,
  codec: Codec,
): AsyncGenerator<Uint8Array> {
  let failure: Error | null = null;
  const feeding = feed(engine, source).catch((error: unknown) => {
    failure = error as Error;
    engine.destroy();
  });
  try {
    yield* engine as AsyncIterable<Uint8Array>;
    await feeding;
  } catch (error) {
    // A fault of the source also destroys the engine; report the fault of the source.
    if (failure !== null) throw failure as Error;
    const isCut = (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
    throw new FeedFault(isCut ? 'feed_truncated' : `${codec}_invalid`, messageOf(error), { cause: error });
  } finally {
    engine.destroy();
  }
  if (failure !== null) throw failure as Error;
}

/** Writes one piece at a time, and waits until the engine has consumed it. */
async function feed(engine: Engine, source: ByteSource): Promise<void> {
  let given = 0;
  const closed = new Promise<boolean>((resolve) => void engine.once('close', () => resolve(true)));
  const written = (piece: Uint8Array): Promise<boolean> =>
    new Promise(
      (resolve) => void engine.write(piece, (error) => resolve(error !== null && error !== undefined)),
    );
  while (!engine.destroyed && !engine.readableEnded) {
    const piece = await source.next();
    if (piece === null) {
      engine.end();
      return;
    }
    given += piece.length;
    const failed = await Promise.race([written(piece), closed]);
    const behind = given - engine.bytesWritten;
    // The end of the stream also closes the engine; then the bytes after it are left over.
    if (failed && engine.errored !== null) return;
    if (behind > 0) {
      source.unread(piece.subarray(piece.length - behind));
      return;
    }
  }
}
