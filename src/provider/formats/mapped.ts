// Converts a record with the provider's own fields, by the mapping of its entry, to an object with the members of `ndjson`.

import { isList, type FieldPath, type Mapping, type Source, type ZoneMapping } from '#/provider/mapping.ts';
import type { Reading, TextRecord } from '#/provider/record.ts';
import { isObject, type JsonObject } from './members.ts';
import { readObject } from './object-event.ts';
import { publishedAccess } from './published.ts';

/** Zones beyond this number of one event are not read. */
const zonesMax = 2000;

export function readMapped(record: JsonObject, mapping: Mapping, reading: Reading): TextRecord {
  const planId = textAt(record, mapping.planId);
  const zone = textAt(record, mapping.timeZone);
  const clock = (source: Source | undefined): unknown => inZone(textAt(record, source), zone);
  const object = {
    baseId: textAt(record, mapping.baseId) ?? planId,
    planId,
    title: textAt(record, mapping.title),
    sellMode: mapping.sellMode === undefined ? 'online' : textAt(record, mapping.sellMode),
    organizerCompanyId: textAt(record, mapping.organizerCompanyId),
    start: clock(mapping.start),
    end: clock(mapping.end),
    sellFrom: clock(mapping.sellFrom),
    sellTo: clock(mapping.sellTo),
    soldOut: booleanAt(record, mapping.soldOut),
    status: textAt(record, mapping.status),
    zones: zonesIn(record, mapping),
  };
  return readObject(object, publishedAccess, reading);
}

function zonesIn(record: JsonObject, mapping: Mapping): JsonObject[] {
  const zones = mapping.zones.flatMap((zone) =>
    elementsFor(record, zone).flatMap((element) => zoneIn(element, zone, mapping)),
  );
  return zones.slice(0, zonesMax).map((zone, i) => ({ ...zone, zoneId: zone['zoneId'] ?? String(i + 1) }));
}

function elementsFor(record: JsonObject, { each }: ZoneMapping): readonly unknown[] {
  if (each === undefined) return [record];
  const elements = valueAt(record, each);
  // Something other than an array is refused as zones that are none.
  return Array.isArray(elements) ? elements.slice(0, zonesMax) : elements === null ? [] : [elements];
}

function zoneIn(element: unknown, zone: ZoneMapping, { priceUnit }: Mapping): JsonObject[] {
  const price = textAt(element, zone.price);
  if (price === null) return [];
  return [
    {
      zoneId: textAt(element, zone.zoneId),
      name: textAt(element, zone.name),
      capacity: numberAt(element, zone.capacity),
      price: priceUnit === 'minor' ? inMajorUnits(price) : price,
      numbered: booleanAt(element, zone.numbered),
    },
  ];
}

/** `2050` is `20.50`. Any other text is kept with a note, and is then refused. */
function inMajorUnits(price: unknown): unknown {
  if (typeof price !== 'string') return price;
  if (!/^\d{1,12}$/.test(price)) return `${price} in minor units`;
  const digits = price.padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** A local time with the zone that the record gives; a time with an offset needs none. */
function inZone(clock: unknown, zone: unknown): unknown {
  const isPlain = typeof clock === 'string' && typeof zone === 'string' && !clock.includes('[');
  return isPlain ? `${clock}[${zone}]` : clock;
}

/** A number as text, since ids, prices and times are texts; other values as they are. Null when it is absent. */
function textAt(record: unknown, source: Source | undefined): unknown {
  const value = sourceAt(record, source);
  return typeof value === 'number' ? String(value) : value;
}

/** A CSV has booleans and numbers as text. */
function booleanAt(record: unknown, source: Source | undefined): unknown {
  const value = sourceAt(record, source);
  return value === 'true' ? true : value === 'false' ? false : value;
}

function numberAt(record: unknown, source: Source | undefined): unknown {
  const value = sourceAt(record, source);
  return typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
}

function sourceAt(record: unknown, source: Source | undefined): unknown {
  if (source === undefined) return null;
  if (typeof source === 'string') return valueAt(record, source);
  if (isList(source)) {
    for (const one of source) {
      const value = sourceAt(record, one);
      if (value !== null) return value;
    }
    return null;
  }
  if ('constant' in source) return source.constant;
  if ('join' in source) {
    const parts = source.join.map((path) => valueAt(record, path));
    const end = parts.indexOf(null);
    const present = end < 0 ? parts : parts.slice(0, end);
    return present.length === 0 ? null : present.join(source.with);
  }
  const value = valueAt(record, source.path);
  if (source.values === undefined) return value ?? source.otherwise ?? null;
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return Object.hasOwn(source.values, text) ? source.values[text] : (source.otherwise ?? value);
}

/** Null when it is absent or an empty text. */
function valueAt(record: unknown, path: FieldPath): unknown {
  let value = record;
  // A column of a CSV may have a dot in its name.
  const names = isObject(record) && Object.hasOwn(record, path) ? [path] : path.split('.');
  for (const name of names) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null;
    value = (value as JsonObject)[name];
  }
  return value === undefined || value === '' ? null : value;
}
