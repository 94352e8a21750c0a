// One page of a feed in pages: fetched, parsed, and held in memory until it is absorbed.

import { keyOf, type AbsorbRecord } from '#/archive/absorbing/batch.ts';
import { isRefusal } from '#/domain/refusal.ts';
import { messageOf } from '#/kit/errors.ts';
import { FeedFault } from '#/provider/fault.ts';
import type { Provider } from '#/provider/provider.ts';
import { nextUrl, openPage, pageAddress } from '#/provider/rpde/page.ts';
import type { RunCounts } from './absorber.ts';
import { parseRecords, type FeedRunDeps } from './feed-run.ts';

/** A page is held in memory and absorbed in one transaction. */
const pageBytesMax = 64_000_000;
const pageItemsMax = 10_000;

export interface ReadPage {
  /** The last item of each key. */
  readonly records: readonly AbsorbRecord[];
  readonly next: string;
  readonly polledAt: number;
  /** How long the last page says that it stays as it is; null when it does not say, or when others follow. */
  readonly freshForMs: number | null;
}

/** Reads the page at `url`. The fault of a page of which nothing is absorbed. */
export async function fetchPage(
  provider: Provider,
  url: string,
  counts: RunCounts,
  deps: FeedRunDeps,
  stop: AbortSignal,
): Promise<ReadPage | FeedFault> {
  const ending = new AbortController();
  const polledAt = deps.now();
  const address = pageAddress(provider, url, pageBytesMax);
  try {
    const none = { etag: null, lastModified: null };
    const fetched = await deps.fetch(address, none, AbortSignal.any([stop, ending.signal]));
    if ('notModified' in fetched)
      throw new FeedFault('not_modified_unasked', 'Got status 304, expected 200.');
    const { batches, next } = openPage(fetched, address.limits.recordBytesMax);
    const items: AbsorbRecord[] = [];
    for (;;) {
      const batch = await batches.next();
      if (batch.done === true) {
        if (batch.value !== null) throw new FeedFault(batch.value.code, batch.value.message);
        break;
      }
      counts.bytes += batch.value.records.reduce((sum, { from, to }) => sum + to - from, 0);
      items.push(...(await parseRecords(batch.value, { format: 'rpde' }, address, deps)));
      if (items.length > pageItemsMax)
        throw new FeedFault('page_too_large', `Got more than ${pageItemsMax} items on a page.`);
    }
    const written = next();
    if (written === null) throw new FeedFault('next_missing', 'Got a page without next, expected a URL.');
    if (isRefusal(written)) throw new FeedFault(written.code, written.message);
    const to = nextUrl(provider, url, written);
    return {
      records: lastOfEach(items),
      next: to,
      polledAt,
      freshForMs: to === url ? fetched.freshForMs : null,
    };
  } catch (error) {
    return error instanceof FeedFault ? error : new FeedFault('run_failed', messageOf(error));
  } finally {
    // Also ends a body that was not read to its end.
    ending.abort();
  }
}

function lastOfEach(items: readonly AbsorbRecord[]): AbsorbRecord[] {
  const last = new Map<string, AbsorbRecord>();
  const keyless: AbsorbRecord[] = [];
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) keyless.push(item);
    else last.set(key, { ...item, hash: '' });
  }
  return [...keyless, ...last.values()];
}
