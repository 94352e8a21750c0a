// From the values of one event to its facts, whatever format they came in.

import type { Facts, Zone } from '#/domain/event.ts';
import { parsePrice, priceRange } from '#/domain/price.ts';
import { isRefusal, refuse, shown, type Refusal } from '#/domain/refusal.ts';
import { inOrder, parseWallClock, type WallClock } from '#/domain/wall-clock.ts';
import { zoneSetOf } from '#/domain/zones.ts';
import type { Reading } from '#/provider/record.ts';
import { asId, asOptional, asText, type Values } from './values.ts';

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
}

export type BaseFacts = Pick<Facts, 'title' | 'sellMode' | 'organizerCompanyId'>;

export interface ReadEvent {
  readonly facts: Facts;
  readonly zonesText: string;
  readonly irregularClocks: number;
}

export function readBaseFacts<Element>(
  base: Element,
  { words, values }: Language<Element>,
): BaseFacts | Refusal {
  const title = asText(values.text(base, words.title), words.title);
  if (isRefusal(title)) return title;
  const organizer = words.organizerCompanyId;
  const organizerCompanyId = asOptional(values.text(base, organizer), organizer);
  if (isRefusal(organizerCompanyId)) return organizerCompanyId;
  const sellMode = values.text(base, words.sellMode) ?? '';
  if (isRefusal(sellMode)) return sellMode;
  if (sellMode === 'online' || sellMode === 'offline') return { title, sellMode, organizerCompanyId };
  return refuse('sell_mode_unknown', `Got ${words.sellMode} ${shown(sellMode)}, expected online or offline.`);
}

export function readEvent<Element>(
  event: Element,
  base: BaseFacts,
  language: Language<Element>,
  { timeZone, priceZones }: Pick<Reading, 'timeZone' | 'priceZones'>,
): ReadEvent | Refusal {
  const { words, values } = language;
  const start = clock(event, words.start, language, timeZone);
  if (isRefusal(start)) return start;
  const end = clock(event, words.end, language, timeZone);
  if (isRefusal(end)) return end;
  const instants = inOrder(start, end);
  if (instants.end < instants.start) {
    return refuse('end_before_start', `Got the end ${end.local} before the start ${start.local}.`);
  }
  const sellFrom = asOptional(values.text(event, words.sellFrom), words.sellFrom);
  if (isRefusal(sellFrom)) return sellFrom;
  const sellTo = asOptional(values.text(event, words.sellTo), words.sellTo);
  if (isRefusal(sellTo)) return sellTo;
  const soldOut = values.boolean(event, words.soldOut);
  if (isRefusal(soldOut)) return soldOut;
  const zones = readZones(event, language);
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

function clock<Element>(
  event: Element,
  name: string,
  { values }: Language<Element>,
  timeZone: string,
): WallClock | Refusal {
  const text = values.text(event, name) ?? '';
  if (isRefusal(text)) return text;
  const read = parseWallClock(text, timeZone);
  return isRefusal(read) ? refuse(read.code, `${name}: ${read.message}`) : read;
}

function readZones<Element>(event: Element, { words, values }: Language<Element>): Zone[] | Refusal {
  const elements = values.children(event, words.zones);
  if (isRefusal(elements)) return elements;
  const zones: Zone[] = [];
  for (const element of elements) {
    const zoneId = asId(values.text(element, words.zoneId), words.zoneId);
    if (isRefusal(zoneId)) return zoneId;
    const name = asOptional(values.text(element, words.zoneName), words.zoneName);
    if (isRefusal(name)) return name;
    const capacity = values.capacity(element, words.capacity);
    if (isRefusal(capacity)) return capacity;
    const price = readPrice(values.text(element, words.price));
    if (isRefusal(price)) return price;
    const numbered = values.boolean(element, words.numbered);
    if (isRefusal(numbered)) return numbered;
    zones.push({ zoneId, name: name ?? '', capacity, price, numbered });
  }
  return zones;
}

const readPrice = (text: string | null | Refusal): number | Refusal =>
  isRefusal(text) ? refuse('price_invalid', text.message) : parsePrice(text ?? '');
