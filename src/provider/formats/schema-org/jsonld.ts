// Events of schema.org as JSON-LD: one event, an array, a graph, or a list of items. ops/guides/jsonld.md has the rules.
// Source: schema.org, "Event" and its subtypes, "Offer", "AggregateOffer"; W3C, "JSON-LD 1.1".

import { hash } from 'node:crypto';
import type { EventStatus } from '#/domain/event.ts';
import { refuse } from '#/domain/refusal.ts';
import { Temporal } from '#/domain/time/temporal.ts';
import { createDocumentSplitter } from '#/provider/json/split.ts';
import { checkObject } from '#/provider/ndjson/well-formed.ts';
import type { Format, Reading, TextRecord } from '#/provider/record.ts';
import type { JsonObject } from '#/provider/formats/members.ts';
import { idOf, lastPart, nodesOf, refOf, textOf, typesOf, valueOf } from './node.ts';
import { readObject } from '#/provider/formats/object-event.ts';
import { offersOf, soldOutIn, type Offer } from './offers.ts';
import { publishedAccess } from '#/provider/formats/published.ts';
import { unreadableRecord } from '#/provider/formats/unreadable-record.ts';

/** The subtypes of Event that do not end with its name. */
const otherTypes = new Set(['Festival', 'Hackathon', 'CourseInstance', 'EventSeries']);
const isEventType = (type: string): boolean => type.endsWith('Event') || otherTypes.has(type);

const path = { levels: [['@graph', 'itemListElement', 'dataFeedElement']], orItself: true };

export const jsonld: Format = {
  read(text, reading) {
    const fault = checkObject(text);
    if (fault !== null) return [unreadableRecord(fault.refusal, fault.at)];
    return [readNode(JSON.parse(text) as JsonObject, text, reading)];
  },
  createSplitter: (recordBytesMax) => createDocumentSplitter(path, recordBytesMax),
};

function readNode(given: JsonObject, text: string, reading: Reading): TextRecord {
  const [item] = nodesOf(given, 'item');
  const node = item ?? given;
  const types = typesOf(node);
  if (types.length === 0) {
    const message = 'Got an object without @type, expected an Event or another type of schema.org.';
    return unreadableRecord(refuse('type_missing', message), 0);
  }
  return types.some(isEventType) ? readObject(eventIn(node), publishedAccess, reading) : other(text);
}

/** A node of another type, such as the place of an event: it is read, and has no event. */
const other = (text: string): TextRecord => ({
  key: `@${hash('sha256', text, 'hex').slice(0, 32)}`,
  observations: [],
  faults: [],
  irregularClocks: 0,
  duplicates: 0,
});

/** By the terms of schema.org. Other values are read as any format reads a status. */
const statuses: ReadonlyMap<string, EventStatus> = new Map([
  ['EventScheduled', 'scheduled'],
  ['EventMovedOnline', 'scheduled'],
  ['EventCancelled', 'cancelled'],
  ['EventPostponed', 'postponed'],
  ['EventRescheduled', 'rescheduled'],
]);

/** The event with the members of `ndjson`. */
export function eventIn(node: JsonObject): JsonObject {
  const planId = idOf(node);
  const [series] = nodesOf(node, 'superEvent');
  const offers = offersOf(node);
  const start = valueOf(node, 'startDate');
  const status = valueOf(node, 'eventStatus') ?? refOf(node, 'eventStatus');
  const term = typeof status === 'string' ? lastPart(status) : '';
  return {
    baseId: (series === undefined ? refOf(node, 'superEvent') : idOf(series)) ?? planId,
    planId,
    title: textOf(node, 'name'),
    sellMode: term === 'EventCancelled' ? 'offline' : 'online',
    organizerCompanyId: refOf(node, 'organizer'),
    start,
    end: valueOf(node, 'endDate') ?? endAfter(start, valueOf(node, 'duration')),
    sellFrom: firstOf(offers, 'from'),
    sellTo: firstOf(offers, 'to'),
    soldOut: soldOutIn(offers),
    status: statuses.get(term) ?? status,
    zones: offers
      .flatMap(({ zones }) => zones)
      .map((zone, i) => ({ ...zone, zoneId: zone.zoneId ?? `${i + 1}` })),
  };
}

const firstOf = (offers: readonly Offer[], bound: 'from' | 'to'): unknown =>
  offers.find((offer) => offer[bound] !== null)?.[bound] ?? null;

/** The end of an event with a duration such as `PT2H`; null when there is none, or when it cannot be read. */
function endAfter(start: unknown, duration: unknown): string | null {
  if (typeof start !== 'string' || typeof duration !== 'string') return null;
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(.*)$/.exec(start);
  if (match === null) return null;
  try {
    const end = Temporal.PlainDateTime.from(match[1] ?? '').add(Temporal.Duration.from(duration));
    return `${end.toString({ smallestUnit: 'second' })}${match[2] ?? ''}`;
  } catch {
    return null;
  }
}
