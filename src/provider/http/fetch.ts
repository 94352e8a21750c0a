// One GET of a feed: deadlines and limits on everything, and nothing held but the piece at hand.

import { request, type Dispatcher } from 'undici';
import { boundedBody } from '#/provider/body.ts';
import { FeedFault, faultOf } from '#/provider/fault.ts';
import { freshForMs, retryAfterMs, type Said } from './freshness.ts';
import type { FeedLimits, Provider } from '#/provider/provider.ts';
import { redirected, redirectStatuses } from './redirect.ts';

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
  /** How long the provider says that nothing changes (`Cache-Control`, `Expires`); null when it does not. */
  readonly freshForMs: number | null;
}

/** The feed is what it was when `validators` were given. */
export interface NotModified {
  readonly notModified: true;
  readonly freshForMs: number | null;
}

/** Where a feed is, and how it is asked for. */
export type FeedAddress = Pick<Provider, 'url' | 'headers' | 'redirectHosts' | 'limits'>;

/**
 * Opens the feed at `from.url`. Throws FeedFault: unreachable, timed_out, http_status, not_modified_unasked,
 * redirect_refused, encoding_refused.
 */
export async function fetchFeed(
  from: FeedAddress,
  validators: Validators,
  dispatcher: Dispatcher,
  stop: AbortSignal,
): Promise<Feed | NotModified> {
  const { limits } = from;
  const signal = AbortSignal.any([stop, AbortSignal.timeout(limits.totalMs)]);
  const visited = [new URL(from.url)];
  let own = from.headers;
  for (;;) {
    const target = visited.at(-1) as URL;
    // What identifies us is for that origin alone, and once it was left nobody can ask for it by sending us back.
    if (target.origin !== visited[0]?.origin) own = {};
    const { statusCode, headers, body } = await get(target, own, validators, limits, dispatcher, signal);
    // It may be ended from outside before anybody reads it.
    body.on('error', () => undefined);
    const said: Said = (name) => (headers[name] === undefined ? null : [headers[name]].flat().join(', '));
    // 203: a proxy on the way has changed something, and says so.
    if (statusCode === 200 || statusCode === 203) {
      // One header or several: a body that is wrapped more than once is refused.
      const encoding = (said('content-encoding') ?? 'identity').trim().toLowerCase();
      return {
        chunks: boundedBody(body, encoding, limits),
        contentType: firstOf(headers['content-type']) ?? '',
        validators: { etag: firstOf(headers.etag), lastModified: firstOf(headers['last-modified']) },
        freshForMs: freshForMs(said, Date.now()),
      };
    }
    body.destroy();
    if (statusCode === 304 && isConditional(validators))
      return { notModified: true, freshForMs: freshForMs(said, Date.now()) };
    const location = firstOf(headers.location);
    if (location === null || !redirectStatuses.has(statusCode)) {
      const isLeft = Object.keys(own).length < Object.keys(from.headers).length;
      throw statusFault(statusCode, retryAfterMs(said, Date.now()), isLeft ? visited : null);
    }
    visited.push(redirected(visited, location, from.redirectHosts));
  }
}

const isConditional = ({ etag, lastModified }: Validators): boolean => etag !== null || lastModified !== null;

/** `left`: the way from the origin that the provider's credentials are for to another; null when they were sent. */
function statusFault(status: number, waitMs: number | null, left: readonly URL[] | null): FeedFault {
  if (status === 304)
    return new FeedFault(
      'not_modified_unasked',
      'Got status 304 to a request without validators, expected 200.',
      {
        status,
      },
    );
  const hint =
    left !== null && (status === 401 || status === 403)
      ? ` ${left[0]?.origin} redirects to ${left.at(-1)?.origin}, where the provider's credentials are not sent.`
      : '';
  return new FeedFault('http_status', `Got status ${status}, expected 200.${hint}`, {
    retryAfterMs: waitMs,
    status,
  });
}

async function get(
  url: URL,
  own: FeedAddress['headers'],
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
        ...own,
        ...(etag === null ? {} : { 'if-none-match': etag }),
        ...(lastModified === null ? {} : { 'if-modified-since': lastModified }),
      },
    });
  } catch (error) {
    throw faultOf(error);
  }
}

const firstOf = (value: string | string[] | undefined): string | null =>
  (Array.isArray(value) ? value[0] : value) ?? null;
