// What was asked of late, by its range: traffic repeats itself, and what repeats is found without being searched again. A table
// of fixed size, two places for each range: who is asked for again takes the first one, who comes to a full pair drives out
// the other.
//
// Not a Map of the queries: V8 makes each text that it looks up there unique, in a table of all such texts, which costs more
// than to read the query.

import type { Range } from '#/domain/range.ts';

export interface Recent<Found> {
  get(range: Range): Found | undefined;
  /** Remembers one of some: what is asked often is soon among them, and what is asked once costs little. */
  put(found: Found): void;
  forget(): void;
}

const pairs = 512;
const pairBits = Math.log2(pairs);
const rememberedEvery = 8;

export function createRecent<Found extends { readonly range: Range }>(): Recent<Found> {
  const table = Array.from<Found | undefined>({ length: 2 * pairs });
  // Start and end of what is in each place, in one line of the processor's cache for a pair: most looks find nothing, and to
  // look into the ranges themselves would wait for memory several times.
  const bounds = new Float64Array(2 * table.length).fill(NaN);
  let asked = 0;

  const holds = (place: number, { start, end }: Range): boolean =>
    bounds[2 * place] === start && bounds[2 * place + 1] === end;

  function have(place: number, found: Found | undefined): void {
    table[place] = found;
    bounds[2 * place] = found?.range.start ?? NaN;
    bounds[2 * place + 1] = found?.range.end ?? NaN;
  }

  return {
    get(range) {
      const place = placeOf(range);
      if (holds(place, range)) return table[place];
      if (!holds(place + 1, range)) return undefined;
      const second = table[place + 1];
      have(place + 1, table[place]);
      have(place, second);
      return second;
    },
    put(found) {
      if (++asked % rememberedEvery !== 0) return;
      const place = placeOf(found.range);
      have(table[place] === undefined ? place : place + 1, found);
    },
    forget() {
      table.fill(undefined);
      bounds.fill(NaN);
    },
  };
}

/** Where its pair begins, by the low 32 bits of both mixed by odd factors: D. Knuth, TAOCP 3, section 6.4. */
const placeOf = ({ start, end }: Range): number =>
  ((Math.imul(start | 0, 0x9e3779b1) ^ Math.imul(end | 0, 0x85ebca77)) >>> (32 - pairBits)) * 2;
