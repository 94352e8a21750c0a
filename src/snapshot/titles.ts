// The order of the titles of a segment, without case and accents: `/events` sorts by it.

import { sortKey } from '#/kit/words.ts';

export interface Titles {
  /** Titles are numbered as they come. */
  numberOf(title: string, place: number): number;
  /** Replaces the numbers by ranks. Returns the place of the first event with each title. */
  rank(numbers: Uint32Array): Uint32Array;
}

export function createTitles(): Titles {
  const numbers = new Map<string, number>();
  const places: number[] = [];
  return {
    numberOf(title, place) {
      let number = numbers.get(title);
      if (number === undefined) {
        number = places.push(place) - 1;
        numbers.set(title, number);
      }
      return number;
    },
    rank(ranks) {
      const keys = Array.from(numbers.keys(), sortKey);
      const sorted = Uint32Array.from(keys, (_, number) => number).sort((a, b) =>
        (keys[a] as string) < (keys[b] as string) ? -1 : 1,
      );
      const rankOf = new Uint32Array(sorted.length);
      sorted.forEach((number, rank) => (rankOf[number] = rank));
      ranks.forEach((number, place) => (ranks[place] = rankOf[number] as number));
      return sorted.map((number) => places[number] as number);
    },
  };
}
