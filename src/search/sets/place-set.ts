// A set of the places of one segment, one bit for each.

export interface PlaceSet {
  /** Null: every place. Not to be read when the set is empty. */
  readonly bits: Uint32Array | null;
  readonly count: number;
}

/** What a set takes besides its bits. */
const setBytes = 100;

export const bytesOfSet = ({ bits }: PlaceSet): number => setBytes + (bits === null ? 0 : bits.byteLength);

/** The places from 0 to `places` that `admits` admits. */
export function placesWhere(places: number, admits: (place: number) => boolean): PlaceSet {
  const bits = new Uint32Array((places + 31) >>> 5);
  let count = 0;
  for (let place = 0; place < places; place++) {
    if (!admits(place)) continue;
    bits[place >>> 5] = (bits[place >>> 5] as number) | (1 << (place & 31));
    count++;
  }
  if (count === 0) return noPlace;
  return { bits: count === places ? null : bits, count };
}

export const noPlace: PlaceSet = { bits: new Uint32Array(0), count: 0 };

export function intersection(a: PlaceSet, b: PlaceSet): PlaceSet {
  if (a.bits === null || b.count === 0) return b;
  if (b.bits === null || a.count === 0) return a;
  const bits = new Uint32Array(a.bits.length);
  let count = 0;
  for (let i = 0; i < bits.length; i++) {
    const word = (a.bits[i] as number) & (b.bits[i] as number);
    bits[i] = word;
    count += onesIn(word);
  }
  return { bits, count };
}

/** The set is not empty. */
export const hasPlace = ({ bits }: PlaceSet, place: number): boolean =>
  bits === null || (((bits[place >>> 5] as number) >>> (place & 31)) & 1) === 1;

/** The first member from `from` on, and below `to`; `to` when there is none. */
export function nextIn(bits: Uint32Array, from: number, to: number): number {
  if (from >= to) return to;
  let i = from >>> 5;
  let word = (bits[i] as number) & (-1 << (from & 31));
  const last = (to - 1) >>> 5;
  while (word === 0) {
    if (++i > last) return to;
    word = bits[i] as number;
  }
  const place = (i << 5) + 31 - Math.clz32(word & -word);
  return place < to ? place : to;
}

/** The last member from `from` on, and at or below `at`; `from - 1` when there is none. */
export function previousIn(bits: Uint32Array, at: number, from: number): number {
  if (at < from) return from - 1;
  let i = at >>> 5;
  let word = (bits[i] as number) & (-1 >>> (31 - (at & 31)));
  const first = from >>> 5;
  while (word === 0) {
    if (--i < first) return from - 1;
    word = bits[i] as number;
  }
  const place = (i << 5) + 31 - Math.clz32(word);
  return place >= from ? place : from - 1;
}

/** The bits of the word `i`, without those of places below `from`, and from `to` on. The word has places between them. */
export function wordWithin(bits: Uint32Array, i: number, from: number, to: number): number {
  let word = (bits[i] as number) | 0;
  if (i === from >>> 5) word &= -1 << (from & 31);
  if (i === (to - 1) >>> 5) word &= -1 >>> (31 - ((to - 1) & 31));
  return word;
}

/** How many members are from `from` on and below `to`. */
export function countBetween({ bits }: PlaceSet, from: number, to: number): number {
  if (from >= to) return 0;
  if (bits === null) return to - from;
  const [first, last] = [from >>> 5, (to - 1) >>> 5];
  let count = onesIn(wordWithin(bits, first, from, to));
  if (first < last) count += onesIn(wordWithin(bits, last, from, to));
  for (let i = first + 1; i < last; i++) count += onesIn(bits[i] as number);
  return count;
}

/** Source: Henry Warren, "Hacker's Delight", section 5-1. */
function onesIn(word: number): number {
  let sum = word - ((word >>> 1) & 0x55555555);
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333);
  return Math.imul((sum + (sum >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
