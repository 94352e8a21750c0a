// How published formats are read: times of ISO 8601 with an offset or a zone are usual, and what an offer has no place for,
// such as its seats, is unknown without a remark.

import { parseIsoClock } from '#/domain/time/iso-clock.ts';
import { createLenient, type Lenient } from './lenient.ts';
import { members, type JsonObject } from './members.ts';
import { accessWith } from './object-event.ts';

const lenient = createLenient(members, parseIsoClock);

const isAbsent = (object: JsonObject, name: string): boolean =>
  object[name] === undefined || object[name] === null;

const published: Lenient<JsonObject> = {
  ...lenient,
  boolean: (element, field, name, collector) =>
    field === 'numbered' && isAbsent(element, name) ? null : lenient.boolean(element, field, name, collector),
  zoneName: (zone, name, collector) =>
    isAbsent(zone, name) ? null : lenient.zoneName(zone, name, collector),
  capacity: (zone, name, collector) =>
    isAbsent(zone, name) ? null : lenient.capacity(zone, name, collector),
};

export const publishedAccess = accessWith(published);
