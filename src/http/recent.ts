// A cache of recent search results, by range: repeated queries need no search. A table of fixed size with two places for each
// range: a hit moves its entry to the first place, and a new entry replaces the second.
//
// It is not a Map keyed by the query string: V8 would intern each string that is looked up, which costs more than parsing the
// query.

import type { Range } from '#/domain/range.ts';

export interface Recent<Found> {
  get(range: Range): Found | undefined;
  /** Remembers one of every eight results: frequent queries are soon among them, and unique ones cost little. */
  put(found: Found): void;
  forget(): void;
}

const pairs = 512;
const pairBits = Math.log2(pairs);
const rememberedEvery = 8;

export function createRecent<Found extends { readonly range: Range }>(): Recent<Found> {
  const table = Array.from<Found | undefined>({ length: 2 * pairs });
  // Start and end of the entry in each place; a pair fits in one cache line of the processor. Most lookups miss, and comparing
  // the ranges themselves would wait for memory several times.
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

/** The first place of a range: multiplicative hashing of the low 32 bits of both ends (D. Knuth, TAOCP 3, section 6.4). */
const placeOf = ({ start, end }: Range): number =>
  ((Math.imul(start | 0, 0x9e3779b1) ^ Math.imul(end | 0, 0x85ebca77)) >>> (32 - pairBits)) * 2;
