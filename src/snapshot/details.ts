// What `/events` says of an event beyond the text of `/search`, as columns of fixed width. They are indexed by place: the brief
// events of a segment by their ordinal, then the long ones. A segment of an earlier version of Marquee has none of them.
//
//   traits: source (14 bits) · high bits of saleFrom (7) · of saleTo (7) · listed (1) · sold out (2) · offline (1)

import { dayFromCivil } from '#/domain/time/calendar.ts';
import { twoAt } from '#/domain/time/local-time.ts';
import type { DetailedEvent } from '#/domain/event.ts';
import { sortById } from '#/domain/event-order.ts';
import { createTextWriter } from '#/kit/text-writer.ts';
import { bytesOf, checkRising, unexpected, type Section, type Sections } from './sections.ts';
import { createTitles } from './titles.ts';
import { checkedStatuses, codeOf, encodeStatuses } from './statuses.ts';

/** The provider of an event and the time zone of its wall clocks. */
export interface Source {
  readonly provider: string;
  readonly timeZone: string;
}

export interface Details {
  readonly sources: readonly Source[];
  /** See above. */
  readonly traits: Uint32Array;
  /** The low 32 bits of seconds since the year 0 of a wall clock, plus one; all bits 0 for null. */
  readonly saleFrom: Uint32Array;
  readonly saleTo: Uint32Array;
  /** In minor units; `none` for null. */
  readonly minPrices: Uint32Array;
  readonly maxPrices: Uint32Array;
  /** `none` for null. */
  readonly capacities: Uint32Array;
  /** Base id and plan id of each event as the inside of JSON strings, with a zero byte between them. */
  readonly keys: Buffer;
  readonly keysAt: Uint32Array;
  /** Places in the order of the ids. */
  readonly byId: Uint32Array;
  /** The rank of each event's title among the different titles, which are in the order of `sortKey`. */
  readonly titleRanks: Uint32Array;
  /** For each rank, the place of an event with that title. */
  readonly titleAt: Uint32Array;
  /** See statuses.ts. Null while every event is scheduled. */
  readonly statuses: Uint8Array | null;
  /** Seconds since 1970 UTC; 0 when it is not known. Null in a segment of an earlier version of Marquee. */
  readonly changedAt: Uint32Array | null;
}

export const none = 0xffff_ffff;
const sourcesMax = 1 << 14;
const highAt = { from: 14, to: 21 };
const listedBit = 1 << 28;
const soldOutAt = 29;
const offlineBit = 1 << 31;
const soldOutCodes = { unknown: 0, no: 1, yes: 2 } as const;

const firstId = 18;
const columnNames = [
  'traits',
  'saleFrom',
  'saleTo',
  'minPrices',
  'maxPrices',
  'capacities',
  'byId',
  'titleRanks',
] as const;
const ids = {
  sources: firstId + columnNames.length,
  keys: firstId + columnNames.length + 1,
  keysAt: firstId + columnNames.length + 2,
  titleAt: firstId + columnNames.length + 3,
  changedAt: firstId + columnNames.length + 5,
  statuses: firstId + columnNames.length + 6,
};

/** The section that makes segments differ when only their companions do: see companion/encode.ts. */
export const markId = ids.titleAt + 1;

/** The last section that this version of Marquee writes into every segment. */
export const newestId = ids.changedAt;

/** Whether the segment has details: one of an earlier version of Marquee does not. */
export const hasDetails = (sections: Pick<Sections, 'has'>): boolean => sections.has(firstId);

export const sourceOf = (traits: number): number => traits & (sourcesMax - 1);
export const isListed = (traits: number): boolean => (traits & listedBit) !== 0;
export const isOffline = (traits: number): boolean => (traits & offlineBit) !== 0;
export const isSoldOut = (traits: number): boolean => ((traits >>> soldOutAt) & 3) === soldOutCodes.yes;

/** Null when the feed does not say. */
export function soldOutOf(traits: number): boolean | null {
  const code = (traits >>> soldOutAt) & 3;
  return code === soldOutCodes.unknown ? null : code === soldOutCodes.yes;
}

/** The wall clock in seconds since 1970, as if it were of UTC; NaN for null. */
export const saleFromOf = ({ saleFrom, traits }: Details, place: number): number =>
  secondsIn(saleFrom[place] as number, ((traits[place] as number) >>> highAt.from) & 127);

export const saleToOf = ({ saleTo, traits }: Details, place: number): number =>
  secondsIn(saleTo[place] as number, ((traits[place] as number) >>> highAt.to) & 127);

/** Takes the events of a segment one by one, and keeps their ids and titles. */
export interface DetailsEncoder {
  /** The next event by place. */
  add(event: DetailedEvent): void;
  /** Once all events are there. */
  sections(): Section[];
}

export function createDetailsEncoder(events: number): DetailsEncoder {
  const columns = columnNames.map((name) => [name, new Uint32Array(events)] as const);
  const of = Object.fromEntries(columns) as Record<(typeof columnNames)[number], Uint32Array>;
  const sources = createSources();
  const keysAt = new Uint32Array(events + 1);
  const keys = createTextWriter();
  const changedAt = new Uint32Array(events);
  const codes = new Uint8Array(events);
  const eventIds: string[] = [];
  const titles = createTitles();
  return {
    add(event) {
      const { sellMode, soldOut, listed } = event;
      const place = eventIds.length;
      const source = sources.numberOf(event);
      const [from, to] = [secondsOf(event.sellFrom), secondsOf(event.sellTo)];
      changedAt[place] = Math.floor(event.changedAt / 1000);
      codes[place] = codeOf(event.status);
      of.saleFrom[place] = from;
      of.saleTo[place] = to;
      of.traits[place] =
        source |
        (Math.floor(from / 2 ** 32) << highAt.from) |
        (Math.floor(to / 2 ** 32) << highAt.to) |
        (listed ? listedBit : 0) |
        (soldOutCodes[soldOut === null ? 'unknown' : soldOut ? 'yes' : 'no'] << soldOutAt) |
        (sellMode === 'offline' ? offlineBit : 0);
      of.minPrices[place] = event.minPrice ?? none;
      of.maxPrices[place] = event.maxPrice ?? none;
      of.capacities[place] = event.capacity ?? none;
      keysAt[place + 1] = keys.write(`${inside(event.baseId)}\0${inside(event.planId)}`);
      of.titleRanks[place] = titles.numberOf(event.title, place);
      eventIds.push(event.id);
    },
    sections() {
      sortById(eventIds, of.byId);
      const titleAt = titles.rank(of.titleRanks);
      const statuses = encodeStatuses(codes);
      return [
        ...columns.map(([, column], i): Section => [firstId + i, bytesOf(column)]),
        [ids.sources, Buffer.from(JSON.stringify(sources.all))],
        [ids.keys, keys.finished()],
        [ids.keysAt, bytesOf(keysAt)],
        [ids.titleAt, bytesOf(titleAt)],
        [ids.changedAt, bytesOf(changedAt)],
        ...(statuses === null ? [] : [[ids.statuses, statuses] as const]),
      ];
    },
  };
}

interface Sources {
  /** In the order of their numbers. */
  readonly all: readonly (readonly [provider: string, timeZone: string])[];
  /** Throws when there are too many. */
  numberOf(source: Source): number;
}

function createSources(): Sources {
  const all: [provider: string, timeZone: string][] = [];
  const numbers = new Map<string, number>();
  let last = -1;
  return {
    all,
    numberOf({ provider, timeZone }) {
      // Most events have the source of the one before.
      if (all[last]?.[0] === provider && all[last]?.[1] === timeZone) return last;
      const named = JSON.stringify([provider, timeZone]);
      last = numbers.get(named) ?? all.push([provider, timeZone]) - 1;
      numbers.set(named, last);
      if (last >= sourcesMax)
        throw new Error(`Got more providers in a segment than expected: at most ${sourcesMax}.`);
      return last;
    },
  };
}

/** Null for a segment without details. Throws, with what was got and what was expected, when they are damaged. */
export function decodeDetails(sections: Sections): Details | null {
  if (!hasDetails(sections)) return null;
  const { events } = sections;
  const columns = columnNames.map((name, i) => [name, sections.column(firstId + i, Uint32Array, events)]);
  const of = Object.fromEntries(columns) as Record<(typeof columnNames)[number], Uint32Array>;
  const sources = (JSON.parse(sections.bytes(ids.sources).toString()) as [string, string][]).map(
    ([provider, timeZone]) => ({ provider, timeZone }),
  );
  const keys = sections.bytes(ids.keys);
  const keysAt = sections.column(ids.keysAt, Uint32Array, events + 1);
  checkRising(keysAt, keys.length);
  const titles = sections.bytes(ids.titleAt).length / Uint32Array.BYTES_PER_ELEMENT;
  const titleAt = sections.column(ids.titleAt, Uint32Array, titles);
  for (let place = 0; place < events; place++) {
    const source = sourceOf(of.traits[place] as number);
    if (source >= sources.length) throw unexpected(`source ${source}`, `one of ${sources.length}`);
    const rank = of.titleRanks[place] as number;
    if (rank >= titles) throw unexpected(`title ${rank}`, `one of ${titles}`);
    const other = of.byId[place] as number;
    if (other >= events) throw unexpected(`place ${other}`, `one of ${events}`);
  }
  for (const place of titleAt) if (place >= events) throw unexpected(`place ${place}`, `one of ${events}`);
  const changedAt = sections.has(ids.changedAt) ? sections.column(ids.changedAt, Uint32Array, events) : null;
  const statuses = sections.has(ids.statuses) ? checkedStatuses(sections.bytes(ids.statuses), events) : null;
  return { ...of, sources, keys, keysAt, titleAt, statuses, changedAt };
}

/** Without these characters, a text is the same inside a JSON string. */
// eslint-disable-next-line no-control-regex
const needsEscape = /["\\\0-\u001f\ud800-\udfff]/;
const inside = (text: string): string => (needsEscape.test(text) ? JSON.stringify(text).slice(1, -1) : text);

/** Seconds since the year 0 plus one; 0 for null. `text`: `YYYY-MM-DDTHH:MM:SS`. */
function secondsOf(text: string | null): number {
  if (text === null) return 0;
  const year = twoAt(text, 0) * 100 + twoAt(text, 2);
  const day = dayFromCivil(year, twoAt(text, 5), twoAt(text, 8)) - yearZero;
  return day * daySeconds + twoAt(text, 11) * 3600 + twoAt(text, 14) * 60 + twoAt(text, 17) + 1;
}

const daySeconds = 86_400;
const yearZero = dayFromCivil(0, 1, 1);

const secondsIn = (low: number, high: number): number =>
  low === 0 && high === 0 ? NaN : high * 2 ** 32 + low - 1 + yearZero * daySeconds;
