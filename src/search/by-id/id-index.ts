// Finds an event by its id: an open hash table of one number per slot, which refers to an event of the current view. The id itself
// is in the event's text. UUIDs of version 5 are spread evenly; the mixing is for ids that are not.
// Source: Donald Knuth, "The Art of Computer Programming", volume 3, section 6.4, algorithm L.
//
// Each segment has a range of numbers of its own, which begins at its base. When a segment leaves the view, its numbers in the
// table are stale; an event that takes such a slot overwrites it. The table is filled again when too few slots are free.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { editionOf, type DetailedSegment } from '#/search/events/edition.ts';
import { emptyView, type View } from '#/search/view.ts';
import { idAt, idLength, idOfPlace, layerOf, ordinalOf } from '#/snapshot/places.ts';

export interface Found {
  readonly segment: DetailedSegment;
  /** The name of the segment. */
  readonly hash: string;
  readonly place: number;
}

export interface IdIndex {
  /** The view whose events `find` finds; null while the index moves to another one. */
  readonly view: View | null;
  /** Null when the view has no such event. `id`: in lower case. */
  find(id: string): Found | null;
  /**
   * Moves to the current view, in steps of a few milliseconds, and returns that view. Calls at the same time share one move.
   * Before the first call there is no table. A view without details has no events here.
   */
  move(): Promise<View>;
  /** The view to move to. */
  current(): View;
  /** Of the table. */
  readonly bytes: number;
}

interface Range {
  readonly base: number;
  readonly segment: DetailedSegment;
  readonly hash: string;
}

/** Slots per event at first, and when the table is filled again: between 6.5 and 8.7 bytes per event. */
const slotsPerEvent = 1.625;
const usedShareMax = 0.8;
const slotsMin = 1024;
/** Events that are entered before other work has its turn. */
const eventsPerTurn = 8192;
const numbers = 2 ** 32;
const free = 0;

export function createIdIndex(current: () => View): IdIndex {
  let table = new Uint32Array(0);
  let used = 0;
  /** By base, ascending. */
  let ranges: readonly Range[] = [];
  /** A stored number is one more than it, so that 0 is a free slot. */
  let nextBase = 0;
  let view: View | null = emptyView;
  let moving: Promise<View> | null = null;

  /** The slot where the search for an event begins. */
  const homeOf = (key: number): number => Math.floor((key / numbers) * table.length);
  const after = (slot: number): number => (slot + 1 === table.length ? 0 : slot + 1);

  /** The range of a number; null when its segment is no longer in the view. */
  function rangeOf(number: number): Range | null {
    let [low, high] = [0, ranges.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ranges[middle] as Range).base <= number) low = middle + 1;
      else high = middle;
    }
    const range = ranges[low - 1];
    return range === undefined || number - range.base >= range.segment.events ? null : range;
  }

  function enter({ base, segment }: Range, place: number): void {
    for (let slot = homeOf(keyAt(segment, place)); ; slot = after(slot)) {
      const stored = table[slot] as number;
      if (stored === free) used++;
      else if (rangeOf(stored - 1) !== null) continue;
      table[slot] = base + place + 1;
      return;
    }
  }

  async function enterAll(added: readonly Range[]): Promise<void> {
    let entered = 0;
    for (const range of added) {
      for (let place = 0; place < range.segment.events; place++) {
        enter(range, place);
        if (++entered % eventsPerTurn === 0) await nextTurn();
      }
    }
  }

  function withBases(list: readonly Omit<Range, 'base'>[]): Range[] {
    return list.map(({ segment, hash }) => {
      const base = nextBase;
      nextBase += segment.events;
      return { base, segment, hash };
    });
  }

  async function moveTo(target: View): Promise<void> {
    const isDetailed = editionOf(target) !== null;
    const segments = isDetailed ? (target.byHash as ReadonlyMap<string, DetailedSegment>) : new Map();
    const kept = ranges.filter(({ hash, segment }) => segments.get(hash) === segment);
    const known = new Set(kept.map(({ hash }) => hash));
    const added = Array.from(segments, ([hash, segment]) => ({ hash, segment })).filter(
      ({ hash }) => !known.has(hash),
    );
    const events = isDetailed ? target.events : 0;
    const more = added.reduce((sum, { segment }) => sum + segment.events, 0);
    const fits = used + more <= usedShareMax * table.length && nextBase + more < numbers - 1;
    const isTooLarge = table.length > slotsMin && events * 3 * slotsPerEvent < table.length;
    if (fits && !isTooLarge) {
      const own = withBases(added);
      ranges = [...kept, ...own];
      await enterAll(own);
      return;
    }
    // The old table is released before the new one is made.
    ranges = [];
    table = new Uint32Array(0);
    table = new Uint32Array(Math.max(slotsMin, Math.ceil(events * slotsPerEvent)));
    used = 0;
    nextBase = 0;
    ranges = withBases([...kept, ...added]);
    await enterAll(ranges);
  }

  async function moveToCurrent(): Promise<View> {
    try {
      for (;;) {
        const target = current();
        view = null;
        await moveTo(target);
        if (current() !== target) continue;
        view = target;
        return target;
      }
    } catch (error) {
      [table, ranges, used] = [new Uint32Array(0), [], 0];
      throw error;
    } finally {
      moving = null;
    }
  }

  return {
    get view() {
      return view;
    },
    get bytes() {
      return table.byteLength;
    },
    find(id) {
      if (table.length === 0) return null;
      for (let slot = homeOf(keyOfId(id)); ; slot = after(slot)) {
        const stored = table[slot] as number;
        if (stored === free) return null;
        const range = rangeOf(stored - 1);
        if (range === null) continue;
        const { base, segment, hash } = range;
        const place = stored - 1 - base;
        if (isIdOf(segment, place, id)) return { segment, hash, place };
      }
    },
    current,
    move: () => (moving ??= moveToCurrent()),
  };
}

const half = 8;

/** The value of each hex digit, by its character code. */
const digits = new Uint8Array(256);
for (let value = 0; value < 16; value++) digits[value.toString(16).charCodeAt(0)] = value;

function keyAt(segment: DetailedSegment, place: number): number {
  const { text, textAt } = layerOf(segment, place);
  return keyIn(text, (textAt[ordinalOf(segment, place)] as number) + idAt);
}

/** The same of an id as text. */
function keyOfId(id: string): number {
  let [first, last] = [0, 0];
  for (let i = 0; i < half; i++) {
    first = (first << 4) | (digits[id.charCodeAt(i)] as number);
    last = (last << 4) | (digits[id.charCodeAt(idLength - half + i)] as number);
  }
  return (first ^ Math.imul(last, 0x9e3779b1)) >>> 0;
}

/** Without a string of the event's id. */
function isIdOf(segment: DetailedSegment, place: number, id: string): boolean {
  const { text, textAt } = layerOf(segment, place);
  const from = (textAt[ordinalOf(segment, place)] as number) + idAt;
  for (let i = idLength - 1; i >= 0; i--) if (text[from + i] !== id.charCodeAt(i)) return false;
  return true;
}

/** 32 bits of the first and the last eight digits of an id. Source of the multiplier: Knuth, volume 3, section 6.4. */
function keyIn(text: Uint8Array, from: number): number {
  let [first, last] = [0, 0];
  for (let i = 0; i < half; i++) {
    first = (first << 4) | (digits[text[from + i] as number] as number);
    last = (last << 4) | (digits[text[from + idLength - half + i] as number] as number);
  }
  return (first ^ Math.imul(last, 0x9e3779b1)) >>> 0;
}

/** Finds an event in a view that has no index, by a binary search in each segment. */
export function findIn(view: View, id: string): Found | null {
  for (const [hash, one] of view.byHash) {
    const segment = one as DetailedSegment;
    const place = placeOfId(segment, id);
    if (place !== null) return { segment, hash, place };
  }
  return null;
}

/** Null when the segment has no such event. `id`: in lower case. */
export function placeOfId(segment: DetailedSegment, id: string): number | null {
  const { byId } = segment.details;
  let [low, high] = [0, byId.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (idOfPlace(segment, byId[middle] as number) < id) low = middle + 1;
    else high = middle;
  }
  const place = byId[low];
  return place !== undefined && idOfPlace(segment, place) === id ? place : null;
}
