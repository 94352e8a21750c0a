// Gzipped answers that are asked for again, by tag: two ranges that hold the same events share an entry. What is asked for once
// is most of what there is, and to keep it would cost a copy and a collection of garbage: so an answer is kept from its second
// time on. That admission decides more than eviction is G. Einziger, R. Friedman and B. Manes, "TinyLFU" (2017).

import { LRUCache } from 'lru-cache';

export interface Gzipped {
  get(tag: string): Buffer | undefined;
  /** Keeps a copy, where the answer was offered before and there is room; the oldest unused ones go for it. */
  offer(tag: string, parts: readonly Buffer[], bytes: number): void;
}

/** Of what was offered and not kept, so many tags are remembered, each in its own place. */
const places = 8192;
/** No answer takes more than this share of the room. */
const largestShare = 1 / 8;

export function createGzipped(bytesMax: number): Gzipped {
  const maxEntrySize = Math.max(1, Math.floor(bytesMax * largestShare));
  const cache = new LRUCache<string, Buffer>({
    maxSize: Math.max(1, bytesMax),
    maxEntrySize,
    sizeCalculation: ({ length }) => length + 100,
  });
  const offered = Array.from({ length: places }, () => '');

  function wasOffered(tag: string): boolean {
    const place = placeOf(tag);
    if (offered[place] === tag) return true;
    offered[place] = tag;
    return false;
  }

  return {
    get: (tag) => cache.get(tag),
    offer(tag, parts, bytes) {
      if (bytes <= maxEntrySize && wasOffered(tag)) cache.set(tag, Buffer.concat(parts, bytes));
    },
  };
}

/** A tag ends with bits of a hash: its last characters are as good as any. */
function placeOf(tag: string): number {
  let bits = 0;
  for (let i = Math.max(0, tag.length - 6); i < tag.length; i++)
    bits = Math.imul(bits, 31) + tag.charCodeAt(i);
  return (bits >>> 0) % places;
}
