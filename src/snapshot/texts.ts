// Reads single events out of a segment, as the JSON that a search returns.

import type { Segment } from './segment.ts';

/** The JSON of each event. */
export function* textsIn({ brief, long }: Segment): Generator<string> {
  for (const { text, textAt } of [brief, long]) {
    for (let i = 0; i + 1 < textAt.length; i++)
      yield text.toString('utf8', (textAt[i] ?? 0) + 1, textAt[i + 1]);
  }
}

export const idOf = (json: string): string => String((JSON.parse(json) as { readonly id: unknown }).id);

export const idsIn = (segment: Segment): string[] => Array.from(textsIn(segment), idOf);
