// From the values of one event to its facts, whatever format they came in.

import type { Facts, Zone } from '#/domain/event.ts';
import { priceRange } from '#/domain/price.ts';
import { isRefusal, refuse, type Refusal } from '#/domain/refusal.ts';
import { inOrder } from '#/domain/wall-clock.ts';
import { zoneSetOf } from '#/domain/zones.ts';
import type { Reading } from '#/provider/record.ts';
import type { Lenient } from './lenient.ts';
import type { Notes } from './notes.ts';
import { asText, type Values } from './values.ts';

/** How a format calls the things that every feed tells. */
export interface Words {
  readonly baseId: string;
  readonly planId: string;
  readonly title: string;
  readonly sellMode: string;
  readonly organizerCompanyId: string;
  readonly start: string;
  readonly end: string;
  readonly sellFrom: string;
  readonly sellTo: string;
  readonly soldOut: string;
  readonly zones: string;
  readonly zoneId: string;
  readonly zoneName: string;
  readonly capacity: string;
  readonly price: string;
  readonly numbered: string;
}

/** The words of a format, and how to read what they name. */
export interface Language<Element> {
  readonly words: Words;
  readonly values: Values<Element>;
  readonly lenient: Lenient<Element>;
}

export type BaseFacts = Pick<Facts, 'title' | 'sellMode' | 'organizerCompanyId'>;

export interface ReadEvent {
  readonly facts: Facts;
  readonly zonesText: string;
  readonly irregularClocks: number;
}

export function readBaseFacts<Element>(
  base: Element,
  { words, values, lenient }: Language<Element>,
  notes: Notes,
): BaseFacts | Refusal {
  const title = asText(values.text(base, words.title), words.title);
  if (isRefusal(title)) return title;
  const organizerCompanyId = lenient.optional(base, 'organizer', words.organizerCompanyId, notes);
  if (isRefusal(organizerCompanyId)) return organizerCompanyId;
  const sellMode = lenient.sellMode(base, words.sellMode, notes);
  return isRefusal(sellMode) ? sellMode : { title, sellMode, organizerCompanyId };
}

export function readEvent<Element>(
  event: Element,
  base: BaseFacts,
  language: Language<Element>,
  notes: Notes,
  { timeZone, priceZones }: Pick<Reading, 'timeZone' | 'priceZones'>,
): ReadEvent | Refusal {
  const { words, lenient } = language;
  const start = lenient.clock(event, 'start', words.start, timeZone, notes);
  if (isRefusal(start)) return start;
  const end = lenient.clock(event, 'end', words.end, timeZone, notes);
  if (isRefusal(end)) return end;
  const instants = inOrder(start, end);
  if (instants.end < instants.start) {
    return refuse('end_before_start', `Got the end ${end.local} before the start ${start.local}.`);
  }
  const sellFrom = lenient.localTime(event, 'sell_from', words.sellFrom, timeZone, notes);
  if (isRefusal(sellFrom)) return sellFrom;
  const sellTo = lenient.localTime(event, 'sell_to', words.sellTo, timeZone, notes);
  if (isRefusal(sellTo)) return sellTo;
  const soldOut = lenient.boolean(event, 'sold_out', words.soldOut, notes);
  if (isRefusal(soldOut)) return soldOut;
  const zones = readZones(event, language, notes);
  if (isRefusal(zones)) return zones;

  const zoneSet = zoneSetOf(zones);
  const facts: Facts = {
    ...base,
    startLocal: start.local,
    endLocal: end.local,
    ...instants,
    sellFrom,
    sellTo,
    soldOut,
    ...priceRange(zones, priceZones),
    zonesHash: zoneSet.hash,
  };
  return {
    facts,
    zonesText: zoneSet.text,
    irregularClocks: Number(start.irregular) + Number(end.irregular),
  };
}

function readZones<Element>(
  event: Element,
  { words, values, lenient }: Language<Element>,
  notes: Notes,
): Zone[] | Refusal {
  const elements = values.children(event, words.zones);
  if (isRefusal(elements)) return elements;
  const zones: Zone[] = [];
  for (const element of elements) {
    const zoneId = lenient.zoneId(element, words.zoneId, notes);
    if (isRefusal(zoneId)) return zoneId;
    const name = lenient.zoneName(element, words.zoneName, notes);
    if (isRefusal(name)) return name;
    const capacity = lenient.capacity(element, words.capacity, notes);
    if (isRefusal(capacity)) return capacity;
    const price = lenient.price(element, words.price, notes);
    if (isRefusal(price)) return price;
    const numbered = lenient.boolean(element, 'numbered', words.numbered, notes);
    if (isRefusal(numbered)) return numbered;
    zones.push({ zoneId, name, capacity, price, numbered });
  }
  return zones;
}
