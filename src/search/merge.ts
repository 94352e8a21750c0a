// Merges the two layers of a segment in order. An answer that contains a whole segment needs its text as one run of bytes.
// That text is built on first use and cached while there is room.

import type { Layer, Segment } from '#/snapshot/segment.ts';
import type { View } from './view.ts';

/** Calls `put` for each run of events of one layer, in order of (start, id). */
export function mergeLayers(
  { brief, long }: Segment,
  put: (layer: Layer, from: number, to: number) => void,
): void {
  let at = 0;
  for (let i = 0; i < long.events;) {
    const before = long.before[i] as number;
    if (before > at) put(brief, at, before);
    at = before;
    const from = i;
    while (i < long.events && long.before[i] === before) i++;
    put(long, from, i);
  }
  if (at < brief.events) put(brief, at, brief.events);
}

/** Copies the text of all events to `target`, except its first `skipped` bytes. Returns the number of bytes copied. */
export function copyMerged(segment: Segment, target: Buffer, targetAt: number, skipped: number): number {
  let at = targetAt;
  let skip = skipped;
  mergeLayers(segment, ({ text, textAt }, from, to) => {
    at += text.copy(target, at, (textAt[from] as number) + skip, textAt[to]);
    skip = 0;
  });
  return at - targetAt;
}

export interface MergedTexts {
  /** The text of all events of a segment, each after its comma; null when there is no room for it. */
  textOf(segment: Segment): Buffer | null;
  /** Drops the texts of segments that this view does not have. */
  keepOnly(view: View): void;
}

export function createMergedTexts(bytesMax: number): MergedTexts {
  const texts = new Map<Segment, Buffer>();
  let bytes = 0;
  return {
    textOf(segment) {
      const known = texts.get(segment);
      if (known !== undefined) return known;
      const length = segment.brief.text.length + segment.long.text.length;
      // No other text is evicted: a client that requests everything would evict each text before its next use.
      if (bytes + length > bytesMax) return null;
      const text = Buffer.allocUnsafeSlow(length);
      copyMerged(segment, text, 0, 0);
      texts.set(segment, text);
      bytes += length;
      return text;
    },
    keepOnly({ segments }) {
      const present = new Set(segments);
      for (const [segment, text] of texts) {
        if (present.has(segment)) continue;
        texts.delete(segment);
        bytes -= text.length;
      }
    },
  };
}
