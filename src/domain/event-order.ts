// The orders of the events of a segment: by id, and by start and id. Typed arrays of numbers are sorted in a fraction of the time
// that a call for each two events takes. So each event becomes one number: what it is sorted by, and in the low bits its place.

/** Whole numbers up to it are exact. */
const exactMax = 2 ** 53;
/** The hex digits of a UUID before its second hyphen, and where its first one is. */
const digitsMax = 12;
const hyphenAt = 8;

/** A power of two above all places: dividing by it is exact. */
const boundOf = (events: number): number => 2 ** Math.ceil(Math.log2(events + 1));

const placeIn = (key: number, bound: number): number => key - Math.floor(key / bound) * bound;

/** Fills `byId` with the places in the order of the ids: by their first digits, as a number, and where these are the same by all. */
export function sortById(ids: readonly string[], byId: Uint32Array): void {
  const bound = boundOf(ids.length);
  const digits = Math.min(digitsMax, Math.floor(Math.log2(exactMax / bound) / 4));
  const keys = new Float64Array(ids.length);
  for (let place = 0; place < keys.length; place++)
    keys[place] = prefixOf(ids[place] as string, digits) * bound + place;
  const compare = (a: number, b: number): number => ((ids[a] as string) < (ids[b] as string) ? -1 : 1);
  // NaN comes last.
  if (Number.isNaN(keys.sort().at(-1))) {
    for (let place = 0; place < byId.length; place++) byId[place] = place;
    byId.sort(compare);
    return;
  }
  for (let i = 0, first = 0; i < keys.length; i++) {
    byId[i] = placeIn(keys[i] as number, bound);
    if (Math.floor((keys[i] as number) / bound) === Math.floor((keys[i + 1] ?? -1) / bound)) continue;
    if (first < i) byId.subarray(first, i + 1).sort(compare);
    first = i + 1;
  }
}

/** The places by (start, id). `starts`: in milliseconds. */
export function orderOf(starts: Float64Array, ids: readonly string[]): Uint32Array {
  const order = new Uint32Array(ids.length);
  sortById(ids, order);
  const bound = boundOf(ids.length);
  let [least, most] = [Infinity, -Infinity];
  for (const start of starts) {
    least = Math.min(least, start);
    most = Math.max(most, start);
  }
  // The sort is stable.
  if (!starts.every(Number.isInteger) || (most - least + 1) * bound > exactMax)
    return order.sort((a, b) => (starts[a] as number) - (starts[b] as number));
  const keys = new Float64Array(ids.length);
  for (let rank = 0; rank < keys.length; rank++)
    keys[rank] = ((starts[order[rank] as number] as number) - least) * bound + rank;
  return Uint32Array.from(keys.sort(), (key) => order[placeIn(key, bound)] as number);
}

/** The number that the first hex digits of a UUID write; NaN when it is not one. */
function prefixOf(id: string, digits: number): number {
  const end = digits > hyphenAt ? digits + 1 : digits;
  let prefix = 0;
  for (let at = 0; at < end; at++) if (at !== hyphenAt) prefix = prefix * 16 + digitOf(id.charCodeAt(at));
  return prefix;
}

/** The value of a hex digit in lower case; NaN for any other character. */
const digitOf = (code: number): number =>
  code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : Number.NaN;
