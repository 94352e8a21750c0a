// One stream of compressed bytes through an engine of node:zlib, which reads not one byte behind its end.

import { FeedFault } from '#/provider/fault.ts';
import { messageOf } from '#/kit/errors.ts';
import type { Codec, Engine } from './codecs.ts';
import type { ByteSource } from './source.ts';

/** What the one stream that `source` begins with holds; the source is left behind its end. Throws FeedFault. */
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
    // What broke the source also broke the engine: it has the better reason.
    if (failure !== null) throw failure as Error;
    const isCut = (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
    throw new FeedFault(isCut ? 'feed_truncated' : `${codec}_invalid`, messageOf(error), { cause: error });
  } finally {
    engine.destroy();
  }
  if (failure !== null) throw failure as Error;
}

/** Piece by piece: the next one is asked for when the engine has taken the last. */
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
    // Its end closes it as well, with what is behind its end left over.
    if (failed && engine.errored !== null) return;
    if (behind > 0) {
      source.unread(piece.subarray(piece.length - behind));
      return;
    }
  }
}
