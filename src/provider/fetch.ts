// One GET of a feed: deadlines and limits on everything, and nothing held but the piece at hand.

import { createGunzip } from 'node:zlib';
import { pipeline, type Readable } from 'node:stream';
import { request, type Dispatcher } from 'undici';
import { messageOf } from '#/kit/errors.ts';
import { FeedFault } from './fault.ts';
import type { FeedLimits } from './provider.ts';

export interface Feed {
  /** Decompressed, still in the provider's character set. Throws FeedFault. */
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly contentType: string;
}

const redirectsMax = 3;
const minimumRateGraceMs = 10_000;

/** Opens the feed at `url`. Throws FeedFault: unreachable, timed_out, http_status, redirect_refused, encoding_refused. */
export async function fetchFeed(
  url: string,
  limits: FeedLimits,
  dispatcher: Dispatcher,
  stop: AbortSignal,
): Promise<Feed> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(limits.totalMs)]);
  let target = new URL(url);
  for (let hop = 0; hop <= redirectsMax; hop++) {
    const answer = await get(target, limits, dispatcher, signal);
    const location = answer.headers['location'];
    if (answer.statusCode >= 300 && answer.statusCode < 400 && typeof location === 'string') {
      answer.body.destroy();
      target = redirected(target, location);
      continue;
    }
    if (answer.statusCode !== 200) {
      answer.body.on('error', () => undefined).destroy();
      throw new FeedFault(
        'http_status',
        `Got status ${answer.statusCode} from ${target.href}, expected 200.`,
      );
    }
    const contentType = String(answer.headers['content-type'] ?? '');
    const encoding = String(answer.headers['content-encoding'] ?? 'identity')
      .trim()
      .toLowerCase();
    return { contentType, chunks: bounded(answer.body, encoding, limits) };
  }
  throw new FeedFault('redirect_refused', `Got more than ${redirectsMax} redirects from ${url}.`);
}

async function get(
  url: URL,
  limits: FeedLimits,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  try {
    return await request(url, {
      dispatcher,
      signal,
      headersTimeout: limits.headersMs,
      bodyTimeout: limits.idleMs,
      headers: {
        accept: 'application/xml, text/xml, */*;q=0.5',
        'accept-encoding': 'gzip',
        'user-agent': 'marquee',
      },
    });
  } catch (error) {
    throw faultOf(error);
  }
}

function redirected(from: URL, location: string): URL {
  const to = URL.parse(location, from);
  if (to === null || to.host !== from.host || to.protocol !== from.protocol) {
    throw new FeedFault(
      'redirect_refused',
      `Got a redirect from ${from.host} to ${to?.host ?? 'nowhere'}, expected the same host.`,
    );
  }
  return to;
}

/** The body's chunks, decompressed and counted; every limit that is crossed ends them with a FeedFault. */
async function* bounded(body: Readable, encoding: string, limits: FeedLimits): AsyncGenerator<Uint8Array> {
  let received = 0;
  body.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > limits.bytesMax)
      body.destroy(new FeedFault('feed_too_large', `Got more than ${limits.bytesMax} bytes.`));
  });
  body.pause();
  let decoded = 0;
  let waitedMs = 0;
  let asked = performance.now();
  try {
    for await (const chunk of decompressed(body, encoding) as AsyncIterable<Uint8Array>) {
      waitedMs += performance.now() - asked;
      decoded += chunk.length;
      if (decoded > limits.decodedBytesMax) {
        throw new FeedFault(
          'feed_too_large',
          `Got more than ${limits.decodedBytesMax} bytes after decompression.`,
        );
      }
      if (waitedMs > minimumRateGraceMs && (received / waitedMs) * 1000 < limits.bytesPerSecondMin) {
        throw new FeedFault(
          'too_slow',
          `Got ${received} bytes in ${Math.round(waitedMs)} ms, expected ${limits.bytesPerSecondMin} per second.`,
        );
      }
      yield chunk;
      asked = performance.now();
    }
  } catch (error) {
    throw faultOf(error);
  } finally {
    body.on('error', () => undefined).destroy();
  }
}

function decompressed(body: Readable, encoding: string): Readable {
  if (encoding === 'identity' || encoding === '') return body;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    body.on('error', () => undefined).destroy();
    throw new FeedFault(
      'encoding_refused',
      `Got content-encoding ${JSON.stringify(encoding.slice(0, 60))}, expected gzip or identity.`,
    );
  }
  return pipeline(body, createGunzip({ chunkSize: 65_536 }), () => undefined);
}

const codes: Record<string, string> = {
  UND_ERR_CONNECT_TIMEOUT: 'timed_out',
  UND_ERR_HEADERS_TIMEOUT: 'timed_out',
  UND_ERR_BODY_TIMEOUT: 'timed_out',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'feed_truncated',
  UND_ERR_SOCKET: 'connection_lost',
  ECONNRESET: 'connection_lost',
  UND_ERR_ABORTED: 'stopped',
  Z_BUF_ERROR: 'feed_truncated',
  Z_DATA_ERROR: 'gzip_invalid',
};

function faultOf(error: unknown): FeedFault {
  if (error instanceof FeedFault) return error;
  if ((error as Error).name === 'TimeoutError')
    return new FeedFault('timed_out', 'The feed did not end in time.', { cause: error });
  if ((error as Error).name === 'AbortError')
    return new FeedFault('stopped', 'The run was stopped.', { cause: error });
  const code = codes[String((error as NodeJS.ErrnoException).code)] ?? 'unreachable';
  return new FeedFault(code, messageOf(error), { cause: error });
}
