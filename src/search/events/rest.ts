// What `/events` returns of an event behind the text of `/search`, written as bytes: texts that are joined and encoded take several
// times as long, and a page has fifty events. Templates are copied, then the digits in them are replaced.

import { statuses } from '#/domain/event.ts';
import { isPlain, plainClock, putClock, rfc3339 } from '#/snapshot/clock-text.ts';
import { isListed, isOffline, none, saleFromOf, saleToOf, soldOutOf, sourceOf } from '#/snapshot/details.ts';
import { statusCodeAt } from '#/snapshot/statuses.ts';
import type { DetailedSegment } from './edition.ts';

const startsAt = ',"starts_at":"';
const times = `${startsAt}${plainClock}Z","ends_at":"${plainClock}Z"`;
const [startAt, endAt] = [startsAt.length, times.lastIndexOf(plainClock)];
const planId = Buffer.from('","plan_id":"');
/** By the code of the status, see `statusCodeAt`. */
const [listed, unlisted] = [true, false].map((isIn) =>
  [null, ...statuses].map((status) => Buffer.from(`,"listed":${isIn},"status":${JSON.stringify(status)}}`)),
) as [Buffer[], Buffer[]];
const [zeroByte, digitZero] = [0, 48];

/** More than an event has here without its source and its ids. */
const restBytesMax = 512;

/** The room that `writeRest` needs. */
export function restRoom(segment: DetailedSegment, place: number): number {
  const { keysAt, traits } = segment.details;
  const ids = (keysAt[place + 1] as number) - (keysAt[place] as number);
  return restBytesMax + ids + headOf(segment, sourceOf(traits[place] as number)).length;
}

/** Returns the offset behind the last byte written. `into` has the room from `at` on. */
export function writeRest(
  segment: DetailedSegment,
  place: number,
  start: number,
  end: number,
  into: Buffer,
  at: number,
): number {
  const head = headOf(segment, sourceOf(segment.details.traits[place] as number));
  let next = at;
  if (isPlain(start) && isPlain(end)) {
    next += head.copy(into, next);
    putClock(into, at + startAt, start / 1000);
    putClock(into, at + endAt, end / 1000);
  } else {
    next += into.write(`${startsAt}${rfc3339(start)}","ends_at":"${rfc3339(end)}"`, next, 'latin1');
    next += head.copy(into, next, times.length);
  }
  return writeSale(segment, place, into, writeIds(segment, place, into, next));
}

/** The ids are few bytes: copying them one by one takes less time than a call. */
function writeIds(
  { details: { keys, keysAt } }: DetailedSegment,
  place: number,
  into: Buffer,
  at: number,
): number {
  const to = keysAt[place + 1] as number;
  let next = at;
  for (let i = keysAt[place] as number; i < to; i++) {
    const byte = keys[i] as number;
    if (byte === zeroByte) next += planId.copy(into, next);
    else into[next++] = byte;
  }
  return next;
}

function writeSale(segment: DetailedSegment, place: number, into: Buffer, at: number): number {
  const { details } = segment;
  const traits = details.traits[place] as number;
  const [from, to] = [saleFromOf(details, place), saleToOf(details, place)];
  const { text, fromAt, toAt } = saleTemplate(traits, Number.isNaN(from), Number.isNaN(to));
  const next = at + text.copy(into, at);
  if (fromAt > 0) putClock(into, at + fromAt, from);
  if (toAt > 0) putClock(into, at + toAt, to);
  const behind = writeNumber(details.capacities[place] as number, into, next);
  const tail = (isListed(traits) ? listed : unlisted)[statusCodeAt(details, place)] as Buffer;
  return behind + tail.copy(into, behind);
}

interface SaleTemplate {
  readonly text: Buffer;
  /** Where the clocks are in the text; negative for null. */
  readonly fromAt: number;
  readonly toAt: number;
}

const saleTemplates: SaleTemplate[] = [];

function saleTemplate(traits: number, isFromNull: boolean, isToNull: boolean): SaleTemplate {
  const soldOut = soldOutOf(traits);
  const number =
    (isFromNull ? 1 : 0) +
    (isToNull ? 2 : 0) +
    (isOffline(traits) ? 4 : 0) +
    (soldOut === null ? 16 : soldOut ? 8 : 0);
  return (saleTemplates[number] ??= makeSaleTemplate(traits, isFromNull, isToNull));
}

const quoted = (isNull: boolean): string => (isNull ? 'null' : `"${plainClock}"`);

function makeSaleTemplate(traits: number, isFromNull: boolean, isToNull: boolean): SaleTemplate {
  const mode = `","sell_mode":"${isOffline(traits) ? 'offline' : 'online'}","sell_from":`;
  const upToEnd = `${mode}${quoted(isFromNull)},"sell_to":`;
  return {
    text: Buffer.from(`${upToEnd}${quoted(isToNull)},"sold_out":${soldOutOf(traits)},"capacity":`),
    fromAt: isFromNull ? -1 : mode.length + 1,
    toAt: isToNull ? -1 : upToEnd.length + 1,
  };
}

function writeNumber(number: number, into: Buffer, at: number): number {
  if (number === none) return at + into.write('null', at, 'latin1');
  let digits = 1;
  for (let rest = number; rest >= 10; rest = Math.floor(rest / 10)) digits++;
  let rest = number;
  for (let i = at + digits - 1; i >= at; i--) {
    const tens = Math.floor(rest / 10);
    into[i] = digitZero + rest - 10 * tens;
    rest = tens;
  }
  return at + digits;
}

const heads = new WeakMap<DetailedSegment, Buffer[]>();

/** Both times with other digits, then `,"time_zone":"…","provider":"…","base_id":"`: a segment has few sources. */
function headOf(segment: DetailedSegment, source: number): Buffer {
  let texts = heads.get(segment);
  if (texts === undefined) {
    texts = segment.details.sources.map(({ provider, timeZone }) =>
      Buffer.from(
        `${times},"time_zone":${JSON.stringify(timeZone)},"provider":${JSON.stringify(provider)},"base_id":"`,
      ),
    );
    heads.set(segment, texts);
  }
  return texts[source] as Buffer;
}
