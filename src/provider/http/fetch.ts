// One GET request for a feed, with deadlines and limits, as a stream.

import { request, type Dispatcher } from 'undici';
import { boundedBody } from '#/provider/body.ts';
import { FeedFault, faultOf } from '#/provider/fault.ts';
import { freshForMs, retryAfterMs, type HeaderLookup } from './freshness.ts';
import type { FeedLimits, Provider } from '#/provider/provider.ts';
import { redirected, redirectStatuses } from './redirect.ts';

/** The validators of the version that was read last. With them the provider may answer that nothing has changed. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export interface Feed {
  /** Decompressed, still in the provider's character set. Throws FeedFault. */
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly contentType: string;
  /** How much of the body has arrived, from 0 to 1; null when the provider does not say how long it is. Absent as well. */
  readonly arrivedShare?: () => number | null;
  readonly validators: Validators;
  /** How long the provider says that the feed stays as it is (`Cache-Control`, `Expires`); null when it does not say. */
  readonly freshForMs: number | null;
}

/** The feed has not changed since the `validators` were received. */
export interface NotModified {
  readonly notModified: true;
  readonly freshForMs: number | null;
}

/** Where a feed is, and what to send with a request. */
export type FeedAddress = Pick<Provider, 'url' | 'headers' | 'redirectHosts' | 'privateAddresses' | 'limits'>;

/**
 * Opens the feed at `from.url`. Throws FeedFault: unreachable, timed_out, http_status, not_modified_unasked,
 * redirect_refused, address_refused, encoding_refused.
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
    // Credentials are for the first origin only. After a redirect away they are not sent again, even back to that origin.
    if (target.origin !== visited[0]?.origin) own = {};
    const { statusCode, headers, body } = await get(target, own, validators, limits, dispatcher, signal);
    // The body may fail before it is read.
    body.on('error', () => undefined);
    const header: HeaderLookup = (name) =>
      headers[name] === undefined ? null : [headers[name]].flat().join(', ');
    // 203: a proxy has modified the response.
    if (statusCode === 200 || statusCode === 203) {
      // Several headers or one list: decode.ts reads both.
      const encoding = (header('content-encoding') ?? 'identity').trim().toLowerCase();
      const length = lengthIn(header('content-length'));
      let arrived = 0;
      return {
        chunks: boundedBody(body, encoding, limits, (bytes) => (arrived = bytes)),
        arrivedShare: () => (length === null ? null : Math.min(1, arrived / length)),
        contentType: firstOf(headers['content-type']) ?? '',
        validators: { etag: firstOf(headers.etag), lastModified: firstOf(headers['last-modified']) },
        freshForMs: freshForMs(header, Date.now()),
      };
    }
    body.destroy();
    if (statusCode === 304 && isConditional(validators))
      return { notModified: true, freshForMs: freshForMs(header, Date.now()) };
    const location = firstOf(headers.location);
    if (location === null || !redirectStatuses.has(statusCode)) {
      const isLeft = Object.keys(own).length < Object.keys(from.headers).length;
      throw statusFault(statusCode, retryAfterMs(header, Date.now()), isLeft ? visited : null);
    }
    visited.push(redirected(visited, location, from));
  }
}

/** Null unless it is a whole number above 0. */
function lengthIn(header: string | null): number | null {
  const length = header !== null && /^\d{1,15}$/.test(header) ? Number(header) : 0;
  return length > 0 ? length : null;
}

const isConditional = ({ etag, lastModified }: Validators): boolean => etag !== null || lastModified !== null;

/** `left`: the visited URLs, when a redirect left the origin of the credentials; null when these were sent. */
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
      // A kept connection might be closed by the provider just when the next run uses it.
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
