// Items of OpenActive's Realtime Paged Data Exchange, whose data are events like those of schema.org. ops/guides/rpde.md has the
// rules. Source: OpenActive, "Realtime Paged Data Exchange 1.0", "Modelling Opportunity Data 2.0".

import { refuse, shown, type Refusal } from '#/domain/refusal.ts';
import { checkObject } from '#/provider/ndjson/well-formed.ts';
import { isObject, type JsonObject } from '#/provider/formats/members.ts';
import { readObject } from '#/provider/formats/object-event.ts';
import { publishedAccess } from '#/provider/formats/published.ts';
import { unreadableRecord } from '#/provider/formats/unreadable-record.ts';
import type { Format, Reading, TextRecord } from '#/provider/record.ts';
import { createPageSplitter } from '#/provider/rpde/split.ts';
import { eventIn } from './jsonld.ts';
import { nodesOf, textOf, valueOf } from './node.ts';

const idLengthMax = 1000;

export const rpde: Format = {
  read(text, reading) {
    const fault = checkObject(text);
    if (fault !== null) return [unreadableRecord(fault.refusal, fault.at)];
    return [readItem(JSON.parse(text) as JsonObject, reading)];
  },
  createSplitter: createPageSplitter,
};

/** The key of its record is the item's own, by which a later item of the same event deletes it. */
function readItem(item: JsonObject, reading: Reading): TextRecord {
  const id = named(item, 'id');
  if (typeof id !== 'string') return unreadableRecord(id, 0);
  const kind = named(item, 'kind');
  if (typeof kind !== 'string') return unreadableRecord(kind, 0);
  const key = JSON.stringify([kind, id]);
  const faulty = (refusal: Refusal): TextRecord => ({ ...unreadableRecord(refusal, 0), key });
  const { state, data } = item;
  if (state === 'deleted') return withoutEvents(key);
  if (state !== 'updated')
    return faulty(
      refuse('state_unknown', `Got the state ${shown(String(state))}, expected updated or deleted.`),
    );
  if (!isObject(data))
    return faulty(refuse('data_missing', 'Got an updated item without data, expected an object.'));
  // What has no start, such as a series or a place, cannot be searched.
  if (valueOf(data, 'startDate') === null) return withoutEvents(key);
  return { ...readObject(eventOf(data, id), publishedAccess, reading), key };
}

/** An event without an id of its own has that of its item. A session without a name has that of its series. */
function eventOf(data: JsonObject, id: string): JsonObject {
  const event = eventIn(data);
  const [series] = nodesOf(data, 'superEvent');
  return {
    ...event,
    planId: event['planId'] ?? id,
    baseId: event['baseId'] ?? id,
    title: event['title'] ?? (series === undefined ? null : textOf(series, 'name')),
  };
}

const withoutEvents = (key: string): TextRecord => ({
  key,
  observations: [],
  faults: [],
  irregularClocks: 0,
  duplicates: 0,
});

function named(item: JsonObject, name: 'id' | 'kind'): string | Refusal {
  const value = item[name];
  const text = name === 'id' && Number.isSafeInteger(value) ? String(value) : value;
  return typeof text === 'string' && text !== '' && text.length <= idLengthMax && text.isWellFormed()
    ? text
    : refuse(
        'item_invalid',
        `Got the ${name} ${shown(JSON.stringify(value) ?? 'nothing')}, expected a text.`,
      );
}
