// What is derived from segments to answer filters and orders quickly, by name and by segment. Segments are immutable and most
// stay when a version follows another, so only new segments cost work. The names used last are kept, up to a number of bytes;
// all of it can be derived again.

import type { DetailedSegment, Edition } from '#/search/events/edition.ts';

export interface Kept<T> {
  /** `derive` must give the same for the same name and segment. */
  named(name: string, edition: Edition, derive: Derive<T>): Named<T>;
  /** Of everything kept. */
  readonly bytes: number;
}

type Derive<T> = (segment: DetailedSegment, index: number) => T;

/** By the index of a segment in the edition. */
export interface Named<T> {
  /** Derived now unless it is kept. */
  of(index: number): T;
  /** Undefined unless it is kept. */
  kept(index: number): T | undefined;
}

interface Family<T> {
  readonly bySegment: WeakMap<DetailedSegment, T>;
  /** By the index of the segment: an array is read faster than a map. */
  readonly byEdition: WeakMap<Edition, (T | undefined)[]>;
  bytes: number;
  isDropped: boolean;
  /** Since it was looked at to make room. */
  isUsed: boolean;
}

export function createKept<T>(bytesOf: (value: T) => number, bytesMax: number): Kept<T> {
  /**
   * The next to be dropped is at the beginning, unless it was used: then it moves to the end. To move each name when it is used
   * takes as long as a query. Source: Fernando Corbató, "A Paging Experiment with the Multics System", 1968.
   */
  const families = new Map<string, Family<T>>();
  let bytes = 0;

  /** Values of segments that are gone are counted until their name is dropped. */
  function makeRoom(): void {
    for (const [name, family] of families) {
      if (bytes <= bytesMax) return;
      families.delete(name);
      if (family.isUsed) {
        family.isUsed = false;
        families.set(name, family);
        continue;
      }
      family.isDropped = true;
      bytes -= family.bytes;
    }
  }

  function familyOf(name: string): Family<T> {
    if (bytes > bytesMax) makeRoom();
    let family = families.get(name);
    if (family === undefined) {
      family = {
        bySegment: new WeakMap(),
        byEdition: new WeakMap(),
        bytes: 0,
        isDropped: false,
        isUsed: false,
      };
      families.set(name, family);
    } else family.isUsed = true;
    return family;
  }

  function keep(family: Family<T>, segment: DetailedSegment, value: T): T {
    family.bySegment.set(segment, value);
    if (family.isDropped) return value;
    family.bytes += bytesOf(value);
    bytes += bytesOf(value);
    return value;
  }

  return {
    get bytes() {
      return bytes;
    },
    named(name, edition, derive) {
      const family = familyOf(name);
      let values = family.byEdition.get(edition);
      if (values === undefined) {
        values = Array.from<T | undefined>({ length: edition.segments.length });
        family.byEdition.set(edition, values);
      }
      const byIndex = values;
      const { bySegment } = family;
      const { segments } = edition;
      const known = (index: number): T | undefined =>
        (byIndex[index] ??= bySegment.get(segments[index] as DetailedSegment));
      return {
        kept: known,
        of(index) {
          const segment = segments[index] as DetailedSegment;
          return known(index) ?? (byIndex[index] = keep(family, segment, derive(segment, index)));
        },
      };
    },
  };
}
