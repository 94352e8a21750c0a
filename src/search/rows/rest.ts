// What `/events` returns of an event behind the text of `/search`, written as bytes: texts that are joined and encoded take several
// times as long, and a page has fifty events. Templates are copied, then the digits in them are replaced.

import { statuses } from '#/domain/event.ts';
import { isPlain, plainClock, putClock, rfc3339 } from '#/snapshot/clock-text.ts';
import {
  isListed,
  isOffline,
  none,
  saleFromOf,
  saleToOf,
  soldOutOf,
  sourceOf,
  type Details,
} from '#/snapshot/details.ts';
import { statusCodeAt } from '#/snapshot/statuses.ts';
import type { DetailedSegment } from '#/search/events/edition.ts';
import { bySource } from './by-source.ts';

const startsAt = ',"starts_at":"';
const times = `${startsAt}${plainClock}Z","ends_at":"${plainClock}Z"`;
const [startAt, endAt] = [startsAt.length, times.lastIndexOf(plainClock)];
const planId = Buffer.from('","plan_id":"');
const [zeroByte, digitZero] = [0, 48];

/** More than an event has here without its source and its ids. */
const restBytesMax = 512;

/** Bytes that are being written. */
export interface Target {
  readonly bytes: Buffer;
  /** The same bytes. */
  readonly view: DataView;
}

/** Both times with other digits, then `,"time_zone":"…","provider":"…","base_id":"`. */
export const headOf = (segment: DetailedSegment, place: number): Buffer =>
  heads(segment, sourceOf(segment.details.traits[place] as number));

/** The room that `writeRest` needs. `head`: of the event. */
export const restRoom = ({ details: { keysAt } }: DetailedSegment, place: number, head: Buffer): number =>
  restBytesMax + (keysAt[place + 1] as number) - (keysAt[place] as number) + head.length;

/** Returns the offset behind the last byte written. `into` has the room from `at` on. */
export function writeRest(
  segment: DetailedSegment,
  place: number,
  head: Buffer,
  start: number,
  end: number,
  into: Target,
  at: number,
): number {
  const { details } = segment;
  const { bytes, view } = into;
  let next = at;
  if (isPlain(start) && isPlain(end)) {
    // For a whole array, `set` takes half the time of `copy`.
    bytes.set(head, next);
    next += head.length;
    putClock(view, at + startAt, start / 1000);
    putClock(view, at + endAt, end / 1000);
  } else {
    next += bytes.write(`${startsAt}${rfc3339(start)}","ends_at":"${rfc3339(end)}"`, next, 'latin1');
    next += head.copy(bytes, next, times.length);
  }
  return writeSale(details, place, into, writeIds(details, place, bytes, next));
}

/** The ids are few bytes: copying them one by one takes less time than a call. */
function writeIds({ keys, keysAt }: Details, place: number, into: Buffer, at: number): number {
  const to = keysAt[place + 1] as number;
  let next = at;
  for (let i = keysAt[place] as number; i < to; i++) {
    const byte = keys[i] as number;
    if (byte === zeroByte) {
      into.set(planId, next);
      next += planId.length;
    } else into[next++] = byte;
  }
  return next;
}

function writeSale(details: Details, place: number, { bytes, view }: Target, at: number): number {
  const traits = details.traits[place] as number;
  const [from, to] = [saleFromOf(details, place), saleToOf(details, place)];
  const capacity = details.capacities[place] as number;
  const digits = capacity === none ? 0 : digitsOf(capacity);
  // NaN is not equal to itself: there is no such clock.
  const { text, fromAt, toAt, capacityEnd } = saleTemplate(
    traits,
    from === from,
    to === to,
    digits,
    statusCodeAt(details, place),
  );
  bytes.set(text, at);
  if (fromAt > 0) putClock(view, at + fromAt, from);
  if (toAt > 0) putClock(view, at + toAt, to);
  let rest = capacity;
  for (let i = 1; i <= digits; i++) {
    const tens = Math.floor(rest / 10);
    bytes[at + capacityEnd - i] = digitZero + rest - 10 * tens;
    rest = tens;
  }
  return at + text.length;
}

function digitsOf(number: number): number {
  let digits = 1;
  for (let least = 10; number >= least; least *= 10) digits++;
  return digits;
}

interface SaleTemplate {
  /** From the ids to the end of the event. */
  readonly text: Buffer;
  /** Where the clocks are in the text; negative for null. */
  readonly fromAt: number;
  readonly toAt: number;
  /** Behind the last digit of the capacity. */
  readonly capacityEnd: number;
}

/** One more than the flags, than the digits of the largest capacity, and than the code of the last status. */
const [flagsEnd, digitsEnd, statusEnd] = [64, 11, statuses.length + 1];
/** Few of all that are possible are used. */
const saleTemplates = Array.from<SaleTemplate | undefined>({ length: flagsEnd * digitsEnd * statusEnd });

/** `digits`: of the capacity; 0 for null. */
function saleTemplate(
  traits: number,
  hasFrom: boolean,
  hasTo: boolean,
  digits: number,
  status: number,
): SaleTemplate {
  const soldOut = soldOutOf(traits);
  const flags =
    (hasFrom ? 1 : 0) +
    (hasTo ? 2 : 0) +
    (isOffline(traits) ? 4 : 0) +
    (isListed(traits) ? 8 : 0) +
    (soldOut === null ? 0 : soldOut ? 16 : 32);
  const number = (flags * digitsEnd + digits) * statusEnd + status;
  return (saleTemplates[number] ??= makeSaleTemplate(traits, hasFrom, hasTo, digits, status));
}

const quotedClock = (isThere: boolean): string => (isThere ? `"${plainClock}"` : 'null');

function makeSaleTemplate(
  traits: number,
  hasFrom: boolean,
  hasTo: boolean,
  digits: number,
  status: number,
): SaleTemplate {
  const mode = `","sell_mode":"${isOffline(traits) ? 'offline' : 'online'}","sell_from":`;
  const toEnd = `${mode}${quotedClock(hasFrom)},"sell_to":`;
  const capacity = digits === 0 ? 'null' : '0'.repeat(digits);
  const toCapacity = `${toEnd}${quotedClock(hasTo)},"sold_out":${soldOutOf(traits)},"capacity":${capacity}`;
  const named = JSON.stringify(statuses[status - 1] ?? null);
  return {
    text: Buffer.from(`${toCapacity},"listed":${isListed(traits)},"status":${named}}`),
    fromAt: hasFrom ? mode.length + 1 : -1,
    toAt: hasTo ? toEnd.length + 1 : -1,
    capacityEnd: toCapacity.length,
  };
}

const heads = bySource(({ provider, timeZone }) =>
  Buffer.from(
    `${times},"time_zone":${JSON.stringify(timeZone)},"provider":${JSON.stringify(provider)},"base_id":"`,
  ),
);
