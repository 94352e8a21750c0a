// The two layers of a segment in one order. An answer that holds all of a segment wants it as one run of bytes; made when
// it is first wanted, and kept while there is room.

import type { Layer, Segment } from '#/snapshot/segment.ts';
import type { View } from './view.ts';

/** Calls `put` for each run of events of one layer, in order of (start, id). */
export function weave({ brief, long }: Segment, put: (layer: Layer, from: number, to: number) => void): void {
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

/** Copies all events to `target` but for the first `skipped` bytes; returns how many bytes those are. */
export function copyWoven(segment: Segment, target: Buffer, targetAt: number, skipped: number): number {
  let at = targetAt;
  let skip = skipped;
  weave(segment, ({ text, textAt }, from, to) => {
    at += text.copy(target, at, (textAt[from] as number) + skip, textAt[to]);
    skip = 0;
  });
  return at - targetAt;
}

export interface WovenTexts {
  /** All events of a segment, each led by its comma; null where there is no room for it. */
  textOf(segment: Segment): Buffer | null;
  /** Forgets the segments that this view has not. */
  keepOnly(view: View): void;
}

export function createWovenTexts(bytesMax: number): WovenTexts {
  const texts = new Map<Segment, Buffer>();
  let bytes = 0;
  return {
    textOf(segment) {
      const known = texts.get(segment);
      if (known !== undefined) return known;
      const length = segment.brief.text.length + segment.long.text.length;
      // No other goes for it: whoever asks for everything would drive out each text before it is wanted again.
      if (bytes + length > bytesMax) return null;
      const text = Buffer.allocUnsafeSlow(length);
      copyWoven(segment, text, 0, 0);
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
