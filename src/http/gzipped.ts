// Gzipped answers that are asked for again, by tag: two ranges that hold the same events share an entry. What is asked for once
// is most of what there is, and to keep it would cost a copy and a collection of garbage: so an answer is kept from its second
// time on. That admission decides more than eviction is G. Einziger, R. Friedman and B. Manes, "TinyLFU" (2017).

import { LRUCache } from 'lru-cache';

export interface Gzipped {
  get(tag: string): Buffer | undefined;
  /** Keeps a copy, where the answer was offered before and there is room; the oldest unused ones go for it. */
  offer(tag: string, parts: readonly Buffer[], bytes: number): void;
}

/** So many tags of what was offered once are remembered. */
const offeredMax = 8192;
/** No answer takes more than this share of the room. */
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
