// A table of events by their ids, with a hash of all that a version says of each: 60 bytes an event, whatever the events are. An
// open hash table with linear probing. Source: Donald Knuth, "The Art of Computer Programming", volume 3, section 6.4,
// algorithm L. UUIDs of version 5 are spread evenly, so their first bits are the hash.

import { mixed } from '#/kit/text-hash.ts';
import { sourceOf } from '#/snapshot/details.ts';
import { endOf, idAt, layerOf, ordinalOf } from '#/snapshot/places.ts';
import { sumLanes, type Segment } from '#/snapshot/segment.ts';
import { statusCodeAt } from '#/snapshot/statuses.ts';

/** Words of an entry: the id, the hash, the index of its segment plus 1 (0 for a free slot), its place. */
const idWords = 4;
const hashWords = sumLanes + 1;
const words = idWords + hashWords + 2;
const detailsAt = idWords + sumLanes;
const segmentAt = idWords + hashWords;
const placeAt = segmentAt + 1;
/** The hash of the details of an event in a segment of an earlier version of Marquee, which has none. */
const unknown = 0;

/** The id and the hash of one event: reused for each. */
export type Fingerprint = Uint32Array;
export const newFingerprint = (): Fingerprint => new Uint32Array(idWords + hashWords);

export interface Fingerprints {
  add(of: Fingerprint, segment: number, place: number): void;
  /** The slot of the event with this id; -1 when there is none, or when it was taken before. Marks it as taken. */
  take(of: Fingerprint): number;
  isSame(slot: number, of: Fingerprint): boolean;
  segmentOf(slot: number): number;
  placeOf(slot: number): number;
  /** The slots that were not taken, in the order of their segments and places. */
  left(): number[];
}

/** For at most `events` events. */
export function createFingerprints(events: number): Fingerprints {
  const slots = Math.max(16, Math.ceil(events * 1.5));
  const table = new Uint32Array(slots * words);
  const taken = new Uint8Array(slots);
  const word = (slot: number, at: number): number => table[slot * words + at] as number;
  const next = (slot: number): number => (slot + 1 === slots ? 0 : slot + 1);
  const home = (of: Fingerprint): number => Math.floor(((of[0] as number) / 2 ** 32) * slots);

  function hasId(slot: number, of: Fingerprint): boolean {
    for (let i = 0; i < idWords; i++) if (word(slot, i) !== of[i]) return false;
    return true;
  }

  return {
    add(of, segment, place) {
      let slot = home(of);
      while (word(slot, segmentAt) !== 0) slot = next(slot);
      table.set(of, slot * words);
      table[slot * words + segmentAt] = segment + 1;
      table[slot * words + placeAt] = place;
    },
    take(of) {
      for (let slot = home(of); word(slot, segmentAt) !== 0; slot = next(slot)) {
        if (taken[slot] === 1 || !hasId(slot, of)) continue;
        taken[slot] = 1;
        return slot;
      }
      return -1;
    },
    isSame(slot, of) {
      for (let i = idWords; i < detailsAt; i++) if (word(slot, i) !== of[i]) return false;
      const [one, other] = [word(slot, detailsAt), of[detailsAt] as number];
      return one === other || one === unknown || other === unknown;
    },
    segmentOf: (slot) => word(slot, segmentAt) - 1,
    placeOf: (slot) => word(slot, placeAt),
    left() {
      const found: number[] = [];
      for (let slot = 0; slot < slots; slot++)
        if (word(slot, segmentAt) !== 0 && taken[slot] === 0) found.push(slot);
      return found.toSorted(
        (a, b) => word(a, segmentAt) - word(b, segmentAt) || word(a, placeAt) - word(b, placeAt),
      );
    },
  };
}

/** Hashes of the sources of a segment, by their numbers. */
export const sourceHashes = ({ details }: Segment): Uint32Array =>
  Uint32Array.from(details?.sources ?? [], ({ provider, timeZone }) => {
    let hash = 0;
    for (const byte of Buffer.from(JSON.stringify([provider, timeZone]))) hash = withWord(hash, byte);
    return hash;
  });

/** `sources`: of the segment. */
export function readFingerprint(
  segment: Segment,
  place: number,
  sources: Uint32Array,
  into: Fingerprint,
): void {
  const layer = layerOf(segment, place);
  const ordinal = ordinalOf(segment, place);
  const from = (layer.textAt[ordinal] as number) + idAt;
  for (let i = 0; i < idWords; i++) into[i] = hexWord(layer.text, from, i);
  for (let lane = 0; lane < sumLanes; lane++)
    into[idWords + lane] =
      (layer.sums[(ordinal + 1) * sumLanes + lane] as number) -
      (layer.sums[ordinal * sumLanes + lane] as number);
  into[detailsAt] = detailsHash(segment, place, sources);
}

function detailsHash(segment: Segment, place: number, sources: Uint32Array): number {
  const { details } = segment;
  if (details === null) return unknown;
  const traits = details.traits[place] as number;
  const source = sourceOf(traits);
  let hash = withWord(traits - source, sources[source] as number);
  hash = withWord(hash, details.saleFrom[place] as number);
  hash = withWord(hash, details.saleTo[place] as number);
  hash = withWord(hash, details.minPrices[place] as number);
  hash = withWord(hash, details.maxPrices[place] as number);
  hash = withWord(hash, details.capacities[place] as number);
  hash = withWord(hash, statusCodeAt(details, place));
  return Math.max(1, withWord(hash, Math.floor(endOf(segment, place) / 1000)));
}

const withWord = (hash: number, word: number): number => mixed(Math.imul(hash, 31) ^ word);

/** Where the digits of each word of a UUID are in its text. */
const wordDigits = [
  [0, 1, 2, 3, 4, 5, 6, 7],
  [9, 10, 11, 12, 14, 15, 16, 17],
  [19, 20, 21, 22, 24, 25, 26, 27],
  [28, 29, 30, 31, 32, 33, 34, 35],
] as const;
const digits = new Uint8Array(256);
for (let value = 0; value < 16; value++) digits[value.toString(16).charCodeAt(0)] = value;

function hexWord(text: Uint8Array, from: number, word: number): number {
  let value = 0;
  for (const digit of wordDigits[word] as readonly number[])
    value = (value << 4) | (digits[text[from + digit] as number] as number);
  return value >>> 0;
}
