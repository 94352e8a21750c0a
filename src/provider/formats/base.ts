// From one parsed base element to the observations of its events. A fault of one event costs that event alone.

import { hash } from 'node:crypto';
import { deflateZones } from '#/domain/zones.ts';
import type { Facts, Observation, Zone } from '#/domain/event.ts';
import { eventId } from '#/domain/identity.ts';
import { parsePrice, priceRange } from '#/domain/price.ts';
import { isRefusal, refuse, shown, type Refusal } from '#/domain/refusal.ts';
import { parseWallClock, type WallClock } from '#/domain/wall-clock.ts';
import type { Reading, TextFault, TextRecord } from '#/provider/record.ts';
import {
  rawText,
  readBoolean,
  readCapacity,
  readId,
  readOptional,
  readText,
  type Attributes,
} from './attributes.ts';
import type { Dialect } from './dialect.ts';

/** An element as fast-xml-parser gives it: attributes as `@name`, and arrays of the elements that may repeat. */
export type Element = Attributes | '';

type BaseFacts = Pick<Facts, 'title' | 'sellMode' | 'organizerCompanyId'>;

interface ReadEvent {
  readonly facts: Facts;
  readonly zonesDeflated: Uint8Array;
  readonly irregularClocks: number;
}

export function readBase(element: Element, text: string, dialect: Dialect, reading: Reading): TextRecord {
  const base = element === '' ? {} : element;
  const baseId = readId(base, dialect.baseId);
  const baseFacts = isRefusal(baseId) ? baseId : readBaseFacts(base);
  const faults: TextFault[] = [];
  const known = isRefusal(baseId) ? null : baseId;
  if (known === null || isRefusal(baseFacts)) {
    faults.push({ refusal: baseFacts as Refusal, baseId: known, planId: null, at: 0 });
    return { key: known, observations: [], zones: new Map(), faults, irregularClocks: 0, duplicates: 0 };
  }

  const observations = new Map<string, Observation>();
  const zones = new Map<string, Uint8Array>();
  let irregularClocks = 0;
  let duplicates = 0;
  childrenOf(base, dialect.event).forEach((event, ordinal) => {
    const planId = readId(event, dialect.eventId);
    const read = isRefusal(planId) ? planId : readEvent(event, baseFacts, dialect, reading);
    if (isRefusal(planId) || isRefusal(read)) {
      const at = placeOf(text, dialect.event, ordinal);
      faults.push({ refusal: read as Refusal, baseId: known, planId: isRefusal(planId) ? null : planId, at });
      return;
    }
    zones.set(read.facts.zonesHash, read.zonesDeflated);
    irregularClocks += read.irregularClocks;
    // The same plan twice: the last one wins.
    if (observations.has(planId)) duplicates++;
    observations.set(planId, {
      id: eventId(reading.provider, known, planId),
      baseId: known,
      planId,
      facts: read.facts,
    });
  });
  return { key: known, observations: [...observations.values()], zones, faults, irregularClocks, duplicates };
}

function readBaseFacts(base: Attributes): BaseFacts | Refusal {
  const title = readText(base, 'title');
  if (isRefusal(title)) return title;
  const organizerCompanyId = readOptional(base, 'organizer_company_id');
  if (isRefusal(organizerCompanyId)) return organizerCompanyId;
  const sellMode = rawText(base, 'sell_mode');
  if (sellMode === 'online' || sellMode === 'offline') return { title, sellMode, organizerCompanyId };
  return refuse('sell_mode_unknown', `Got sell_mode ${shown(sellMode)}, expected online or offline.`);
}

function readEvent(
  event: Attributes,
  base: BaseFacts,
  dialect: Dialect,
  reading: Reading,
): ReadEvent | Refusal {
  const start = clock(event, dialect.start, reading.timeZone);
  if (isRefusal(start)) return start;
  const end = clock(event, dialect.end, reading.timeZone);
  if (isRefusal(end)) return end;
  if (end.instant < start.instant) {
    return refuse('end_before_start', `Got the end ${end.local} before the start ${start.local}.`);
  }
  const sellFrom = readOptional(event, 'sell_from');
  if (isRefusal(sellFrom)) return sellFrom;
  const sellTo = readOptional(event, 'sell_to');
  if (isRefusal(sellTo)) return sellTo;
  const soldOut = readBoolean(event, 'sold_out');
  if (isRefusal(soldOut)) return soldOut;
  const zones = readZones(event);
  if (isRefusal(zones)) return zones;

  const zonesText = JSON.stringify(zones);
  const facts: Facts = {
    ...base,
    startLocal: start.local,
    endLocal: end.local,
    start: start.instant,
    end: end.instant,
    sellFrom,
    sellTo,
    soldOut,
    ...priceRange(zones, reading.priceZones),
    zonesHash: hash('sha256', zonesText, 'hex').slice(0, 32),
  };
  return {
    facts,
    zonesDeflated: deflateZones(zones),
    irregularClocks: Number(start.irregular) + Number(end.irregular),
  };
}

function clock(event: Attributes, name: string, timeZone: string): WallClock | Refusal {
  const read = parseWallClock(rawText(event, name), timeZone);
  return isRefusal(read) ? refuse(read.code, `${name}: ${read.message}`) : read;
}

function readZones(event: Attributes): Zone[] | Refusal {
  const zones: Zone[] = [];
  for (const element of childrenOf(event, 'zone')) {
    const zoneId = readId(element, 'zone_id');
    if (isRefusal(zoneId)) return zoneId;
    const name = readOptional(element, 'name');
    if (isRefusal(name)) return name;
    const capacity = readCapacity(element, 'capacity');
    if (isRefusal(capacity)) return capacity;
    const price = parsePrice(rawText(element, 'price'));
    if (isRefusal(price)) return price;
    const numbered = readBoolean(element, 'numbered');
    if (isRefusal(numbered)) return numbered;
    zones.push({ zoneId, name: name ?? '', capacity, price, numbered });
  }
  return zones;
}

/** Elements that may repeat, as attributes; one without any attribute is an empty text to the parser. */
function childrenOf(element: Attributes, name: string): Attributes[] {
  const children = element[name];
  if (!Array.isArray(children)) return [];
  return children.map((child: unknown) =>
    typeof child === 'object' && child !== null ? (child as Attributes) : {},
  );
}

/** Where the n-th `<event …` of a record starts, for whoever has to mend it. */
function placeOf(text: string, event: string, ordinal: number): number {
  const tags = text.matchAll(new RegExp(`<${event}[\\s/>]`, 'g'));
  return [...tags][ordinal]?.index ?? 0;
}
