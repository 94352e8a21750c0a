// From stretches to the bytes of an answer. Nothing is serialised: the JSON was rendered when the segment was built.

import type { Stretch } from './search.ts';

const head = Buffer.from('{"data":{"events":[');
const tail = Buffer.from(']},"error":null}');

export interface Answer {
  /** Views of the segments' own bytes between the envelope's two ends. */
  readonly parts: readonly Buffer[];
  readonly bytes: number;
}

export function answer(stretches: readonly Stretch[]): Answer {
  const parts: Buffer[] = [head];
  let bytes = head.length + tail.length;
  stretches.forEach(({ segment, from, to }, i) => {
    // Each event is led by a comma; the first of the answer goes without.
    const begin = (segment.textAt[from] as number) + (i === 0 ? 1 : 0);
    const part = segment.text.subarray(begin, segment.textAt[to]);
    parts.push(part);
    bytes += part.length;
  });
  parts.push(tail);
  return { parts, bytes };
}
