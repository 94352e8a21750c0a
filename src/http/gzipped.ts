// A cache of gzipped answers, by tag: two ranges with the same events share an entry. Most answers are requested only once, and
// keeping one costs a copy and garbage collection: so an answer is kept from its second request on. That admission matters more
// than eviction is from G. Einziger, R. Friedman and B. Manes, "TinyLFU" (2017).

import { LRUCache } from 'lru-cache';

export interface Gzipped {
  get(tag: string): Buffer | undefined;
  /** Keeps a copy if the answer was offered before and is not too large; evicts the least recently used answers. */
  offer(tag: string, parts: readonly Buffer[], bytes: number): void;
}

/** The most tags of answers offered once that are remembered. */
const offeredMax = 8192;
/** An answer larger than this share of the cache is not kept. */
const largestShare = 1 / 8;

export function createGzipped(bytesMax: number): Gzipped {
  const maxEntrySize = Math.max(1, Math.floor(bytesMax * largestShare));
  const cache = new LRUCache<string, Buffer>({
    maxSize: Math.max(1, bytesMax),
    maxEntrySize,
    sizeCalculation: ({ length }) => length + 100,
  });
  const offered = new LRUCache<string, true>({ max: offeredMax });

  return {
    get: (tag) => cache.get(tag),
    offer(tag, parts, bytes) {
      if (bytes > maxEntrySize) return;
      if (offered.has(tag)) cache.set(tag, Buffer.concat(parts, bytes));
      else offered.set(tag, true);
    },
  };
}
