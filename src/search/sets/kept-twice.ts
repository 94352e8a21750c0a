// As kept.ts, for names of which most come once: what the first query derives is forgotten with the next other name. To keep a
// name takes longer than to answer a query of rare words.

import { hashOfText } from '#/kit/text-hash.ts';
import type { Edition } from '#/search/events/edition.ts';
import { createKept, type Kept, type Named } from './kept.ts';

/** What was named last of an edition. */
interface Once<T> {
  /** As long as there are segments: a copy of it is made faster than another array. */
  readonly absent: readonly undefined[];
  last: { readonly name: string; readonly named: Named<T> } | null;
}

/** Hashes of names that came of late, a power of two: no more names than that are kept. */
const seenMax = 512;

export function createKeptTwice<T>(bytesOf: (value: T) => number, bytesMax: number): Pick<Kept<T>, 'named'> {
  const kept = createKept(bytesOf, bytesMax);
  // One place for each hash. Two names with the same one only cost a place among those that are kept.
  const seen = new Float64Array(seenMax).fill(-1);
  /** A query asks several times. */
  const once = new WeakMap<Edition, Once<T>>();

  function cameBefore(name: string): boolean {
    const hash = hashOfText(name);
    const place = hash & (seenMax - 1);
    if (seen[place] === hash) return true;
    seen[place] = hash;
    return false;
  }

  function onceOf(edition: Edition): Once<T> {
    let own = once.get(edition);
    if (own === undefined) {
      own = { absent: edition.segments.map(() => undefined), last: null };
      once.set(edition, own);
    }
    return own;
  }

  return {
    named(name, edition, derive) {
      const own = onceOf(edition);
      if (own.last?.name === name) return own.last.named;
      if (cameBefore(name)) return kept.named(name, edition, derive);
      const { segments } = edition;
      const values: (T | undefined)[] = own.absent.slice();
      const named: Named<T> = {
        kept: (index) => values[index],
        of: (index) => (values[index] ??= derive(segments[index] as Edition['segments'][number], index)),
      };
      own.last = { name, named };
      return named;
    },
  };
}
