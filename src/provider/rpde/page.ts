// One page of a feed in pages: its items in batches, and where it leads.

import type { Refusal } from '#/domain/refusal.ts';
import { readBatches, type Batch } from '#/provider/batches.ts';
import { toUtf8 } from '#/provider/encoding/charset.ts';
import { FeedFault } from '#/provider/fault.ts';
import type { Feed, FeedAddress } from '#/provider/http/fetch.ts';
import { redirected } from '#/provider/http/redirect.ts';
import type { Provider } from '#/provider/provider.ts';
import { createPageSplitter } from './split.ts';

export interface Page {
  /** Returns null when the page is well-formed to its last byte, else the first fault. Throws FeedFault. */
  readonly batches: AsyncGenerator<Batch, Refusal | null>;
  /** See PageSplitter; after the last batch. */
  next(): string | Refusal | null;
}

export function openPage(feed: Pick<Feed, 'chunks' | 'contentType'>, recordBytesMax: number): Page {
  const splitter = createPageSplitter(recordBytesMax);
  const batches = readBatches(toUtf8(feed.chunks, feed.contentType), splitter);
  return { batches, next: () => splitter.next };
}

/**
 * The URL that `next` of the page at `current` leads to, by the rules of a redirect from the provider's own URL. Throws FeedFault,
 * `next_refused`.
 */
export function nextUrl(provider: Provider, current: string, next: string): string {
  const to = URL.parse(next, current);
  if (to === null) throw refused('a next that is not a URL', 'an absolute URL');
  if (to.href === new URL(current).href) return current;
  const first = new URL(provider.url);
  if (to.href === first.href) throw refused('a next that leads back to the first page', 'a later page');
  try {
    return redirected([first], to.href, provider).href;
  } catch (error) {
    const { message } = error as Error;
    throw new FeedFault('next_refused', message.replace('Got a redirect', 'Got a next'), { cause: error });
  }
}

/** Where to fetch a page, and what to send with the request: credentials are for the provider's own origin only. */
export function pageAddress(provider: Provider, url: string, bytesMax: number): Provider & FeedAddress {
  const isOwn = new URL(url).origin === new URL(provider.url).origin;
  const limits = {
    ...provider.limits,
    bytesMax: Math.min(provider.limits.bytesMax, bytesMax),
    decodedBytesMax: Math.min(provider.limits.decodedBytesMax, bytesMax),
  };
  return { ...provider, url, headers: isOwn ? provider.headers : {}, limits };
}

const refused = (saw: string, wanted: string): FeedFault =>
  new FeedFault('next_refused', `Got ${saw}, expected ${wanted}.`);
