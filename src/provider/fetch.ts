// One GET of a feed: deadlines and limits on everything, and nothing held but the piece at hand.

import { request, type Dispatcher } from 'undici';
import { boundedBody } from './body.ts';
import { FeedFault, faultOf } from './fault.ts';
import type { FeedLimits } from './provider.ts';

/** What the provider said of the version that was read last; sent back, it may answer that nothing has changed. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export interface Feed {
  /** Decompressed, still in the provider's character set. Throws FeedFault. */
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly contentType: string;
  readonly validators: Validators;
  /** How long the provider says that nothing changes (`Cache-Control: max-age`); null when it does not. */
  readonly freshForMs: number | null;
}

/** The feed is what it was when `validators` were given. */
export interface NotModified {
  readonly notModified: true;
  readonly freshForMs: number | null;
}

const redirectsMax = 3;
/** No provider keeps us away for longer than this, whatever it asks for. */
const askedWaitMaxMs = 3_600_000;

/** Opens the feed at `url`. Throws FeedFault: unreachable, timed_out, http_status, redirect_refused, encoding_refused. */
export async function fetchFeed(
  url: string,
  validators: Validators,
  limits: FeedLimits,
  dispatcher: Dispatcher,
  stop: AbortSignal,
): Promise<Feed | NotModified> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(limits.totalMs)]);
  let target = new URL(url);
  for (let hop = 0; hop <= redirectsMax; hop++) {
    const { statusCode, headers, body } = await get(target, validators, limits, dispatcher, signal);
    // It may be ended from outside before anybody reads it.
    body.on('error', () => undefined);
    const said = (name: string): string | null => firstOf(headers[name]);
    if (statusCode === 200) {
      // One header or several: a body that is wrapped more than once is refused.
      const encoding = [headers['content-encoding'] ?? 'identity'].flat().join(', ').trim().toLowerCase();
      return {
        chunks: boundedBody(body, encoding, limits),
        contentType: said('content-type') ?? '',
        validators: { etag: said('etag'), lastModified: said('last-modified') },
        freshForMs: maxAgeMs(said('cache-control')),
      };
    }
    body.destroy();
    if (statusCode === 304) return { notModified: true, freshForMs: maxAgeMs(said('cache-control')) };
    const location = said('location');
    if (statusCode < 300 || statusCode >= 400 || location === null) {
      const retryAfterMs = waitMs(said('retry-after'));
      throw new FeedFault('http_status', `Got status ${statusCode}, expected 200.`, {
        retryAfterMs,
        status: statusCode,
      });
    }
    target = redirected(target, location);
  }
  throw new FeedFault('redirect_refused', `Got more than ${redirectsMax} redirects.`);
}

async function get(
  url: URL,
  { etag, lastModified }: Validators,
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
      // Between two runs the provider would close the connection just as it is used again.
      reset: true,
      headers: {
        accept: 'application/xml, text/xml, application/x-ndjson, */*;q=0.5',
        'accept-encoding': 'gzip',
        'user-agent': 'marquee',
        ...(etag === null ? {} : { 'if-none-match': etag }),
        ...(lastModified === null ? {} : { 'if-modified-since': lastModified }),
      },
    });
  } catch (error) {
    throw faultOf(error);
  }
}

function redirected(from: URL, location: string): URL {
  const to = URL.parse(location, from);
  if (to === null || to.host !== from.host || to.protocol !== from.protocol) {
    const message = `Got a redirect from ${from.host} to ${to?.host ?? 'nowhere'}, expected the same host.`;
    throw new FeedFault('redirect_refused', message);
  }
  return to;
}

const firstOf = (value: string | string[] | undefined): string | null =>
  (Array.isArray(value) ? value[0] : value) ?? null;

function maxAgeMs(cacheControl: string | null): number | null {
  const seconds = /(?:^|[\s,])max-age\s*=\s*"?(\d{1,9})/i.exec(cacheControl ?? '')?.[1];
  return seconds === undefined ? null : Math.min(Number(seconds) * 1000, askedWaitMaxMs);
}

/** `Retry-After` in seconds; its form as a date is rare, and clocks disagree: it counts as a minute. */
function waitMs(retryAfter: string | null): number | null {
  if (retryAfter === null) return null;
  return /^\d{1,9}$/.test(retryAfter) ? Math.min(Number(retryAfter) * 1000, askedWaitMaxMs) : 60_000;
}
