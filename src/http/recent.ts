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
  let asked = 0;

  return {
    get({ start, end }) {
      const place = placeOf(start, end);
      const first = table[place];
      if (first !== undefined && holds(first, start, end)) return first;
      const second = table[place + 1];
      if (second === undefined || !holds(second, start, end)) return undefined;
      table[place] = second;
      table[place + 1] = first;
      return second;
    },
    put(found) {
      if (++asked % rememberedEvery !== 0) return;
      const place = placeOf(found.range.start, found.range.end);
      table[table[place] === undefined ? place : place + 1] = found;
    },
    forget: () => void table.fill(undefined),
  };
}

const holds = ({ range }: { readonly range: Range }, start: number, end: number): boolean =>
  range.start === start && range.end === end;

/** Where its pair begins, by the low 32 bits of both mixed by odd factors: D. Knuth, TAOCP 3, section 6.4. */
const placeOf = (start: number, end: number): number =>
  ((Math.imul(start | 0, 0x9e3779b1) ^ Math.imul(end | 0, 0x85ebca77)) >>> (32 - pairBits)) * 2;
