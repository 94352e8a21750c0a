// Turns the values of one event into facts. It works for every format.

import type { Facts, Zone } from '#/domain/event.ts';
import { priceRange } from '#/domain/price.ts';
import { isRefusal, type Refusal } from '#/domain/refusal.ts';
import { capacityOf, zoneSetOf } from '#/domain/zones.ts';
import type { Reading } from '#/provider/record.ts';
import type { FieldAccess } from './access.ts';
import type { RemarkCollector } from './remarks.ts';
import { readTimes } from './times.ts';
import { asText } from './values.ts';

export type BaseFacts = Pick<Facts, 'title' | 'sellMode' | 'organizerCompanyId'>;

export interface ReadEvent {
  readonly facts: Facts;
  readonly zonesText: string;
  readonly irregularClocks: number;
}

export function readBaseFacts<Element>(
  base: Element,
  { fields, values, lenient }: FieldAccess<Element>,
  collector: RemarkCollector,
): BaseFacts | Refusal {
  const title = asText(values.text(base, fields.title), fields.title);
  if (isRefusal(title)) return title;
  const organizerCompanyId = lenient.optional(base, 'organizer', fields.organizerCompanyId, collector);
  if (isRefusal(organizerCompanyId)) return organizerCompanyId;
  const sellMode = lenient.sellMode(base, fields.sellMode, collector);
  return isRefusal(sellMode) ? sellMode : { title, sellMode, organizerCompanyId };
}

export function readEvent<Element>(
  event: Element,
  base: BaseFacts,
  access: FieldAccess<Element>,
  collector: RemarkCollector,
  { timeZone, priceZones }: Pick<Reading, 'timeZone' | 'priceZones'>,
): ReadEvent | Refusal {
  const { fields, lenient } = access;
  const times = readTimes(event, access, timeZone, collector);
  if (isRefusal(times)) return times;
  const sellFrom = lenient.localTime(event, 'sell_from', fields.sellFrom, timeZone, collector);
  if (isRefusal(sellFrom)) return sellFrom;
  const sellTo = lenient.localTime(event, 'sell_to', fields.sellTo, timeZone, collector);
  if (isRefusal(sellTo)) return sellTo;
  const soldOut = lenient.boolean(event, 'sold_out', fields.soldOut, collector);
  if (isRefusal(soldOut)) return soldOut;
  const given = fields.status === null ? 'scheduled' : lenient.status(event, fields.status, collector);
  if (isRefusal(given)) return given;
  const zones = readZones(event, access, collector);
  if (isRefusal(zones)) return zones;

  const zoneSet = zoneSetOf(zones);
  const { minPrice, maxPrice } = priceRange(zones, priceZones);
  // Without a spread, which takes a fifth of the memory of an event.
  const facts: Facts = {
    title: base.title,
    sellMode: base.sellMode,
    organizerCompanyId: base.organizerCompanyId,
    startLocal: times.startLocal,
    endLocal: times.endLocal,
    start: times.start,
    end: times.end,
    sellFrom,
    sellTo,
    soldOut: given === 'sold_out' ? true : soldOut,
    minPrice,
    maxPrice,
    zonesHash: zoneSet.hash,
    capacity: capacityOf(zones),
  };
  return {
    facts: given === 'scheduled' || given === 'sold_out' ? facts : { ...facts, status: given },
    zonesText: zoneSet.text,
    irregularClocks: times.irregularClocks,
  };
}

function readZones<Element>(
  event: Element,
  { fields, values, lenient }: FieldAccess<Element>,
  collector: RemarkCollector,
): Zone[] | Refusal {
  const elements = values.children(event, fields.zones);
  if (isRefusal(elements)) return elements;
  const zones: Zone[] = [];
  for (const element of elements) {
    const zoneId = lenient.zoneId(element, fields.zoneId, collector);
    if (isRefusal(zoneId)) return zoneId;
    const name = lenient.zoneName(element, fields.zoneName, collector);
    if (isRefusal(name)) return name;
    const capacity = lenient.capacity(element, fields.capacity, collector);
    if (isRefusal(capacity)) return capacity;
    const price = lenient.price(element, fields.price, collector);
    if (isRefusal(price)) return price;
    const numbered = lenient.boolean(element, 'numbered', fields.numbered, collector);
    if (isRefusal(numbered)) return numbered;
    zones.push({ zoneId, name, capacity, price, numbered });
  }
  return zones;
}
