// NDJSON: one event per line, each a JSON object. ops/guides/ndjson.md has the schema.

import { eventId } from '#/domain/identity.ts';
import { isRefusal, type Refusal } from '#/domain/refusal.ts';
import { checkObject } from '#/provider/ndjson/well-formed.ts';
import { createLineSplitter } from '#/provider/ndjson/split.ts';
import type { Format, Reading, TextRecord } from '#/provider/record.ts';
import { unreadableRecord } from './unreadable-record.ts';
import { readBaseFacts, readEvent, type FieldAccess } from './event.ts';
import { createLenient } from './lenient.ts';
import { createRemarkCollector, remarksOf } from './remarks.ts';
import { members, type JsonObject } from './members.ts';
import { asId } from './values.ts';

const access: FieldAccess<JsonObject> = {
  fields: {
    baseId: 'baseId',
    planId: 'planId',
    title: 'title',
    sellMode: 'sellMode',
    organizerCompanyId: 'organizerCompanyId',
    start: 'start',
    end: 'end',
    sellFrom: 'sellFrom',
    sellTo: 'sellTo',
    soldOut: 'soldOut',
    zones: 'zones',
    zoneId: 'zoneId',
    zoneName: 'name',
    capacity: 'capacity',
    price: 'price',
    numbered: 'numbered',
  },
  values: members,
  lenient: createLenient(members),
};

export const ndjson: Format = {
  read(text, reading) {
    const fault = checkObject(text);
    if (fault !== null) return [unreadableRecord(fault.refusal, fault.at)];
    return [readLine(JSON.parse(text) as JsonObject, reading)];
  },
  createSplitter: createLineSplitter,
};

/** Reads one line, which is one event. Its key needs both ids. */
function readLine(line: JsonObject, reading: Reading): TextRecord {
  const baseId = asId(members.text(line, 'baseId'), 'baseId');
  if (isRefusal(baseId)) return unreadableRecord(baseId, 0);
  const planId = asId(members.text(line, 'planId'), 'planId');
  const key = isRefusal(planId) ? null : JSON.stringify([baseId, planId]);
  const without = (refusal: Refusal, plan: string | null): TextRecord => ({
    ...unreadableRecord(refusal, 0),
    key,
    faults: [{ refusal, baseId, planId: plan, at: 0 }],
  });
  if (isRefusal(planId)) return without(planId, null);

  const collector = createRemarkCollector(baseId, reading.strict);
  collector.planId = planId;
  const base = readBaseFacts(line, access, collector);
  const read = isRefusal(base) ? base : readEvent(line, base, access, collector, reading);
  const remarks = remarksOf(collector, () => 0);
  if (isRefusal(read)) return { ...without(read, planId), remarks };
  const { facts, zonesText, irregularClocks } = read;
  const id = eventId(reading.provider, baseId, planId);
  return {
    key,
    observations: [{ id, baseId, planId, facts }],
    zones: new Map([[facts.zonesHash, zonesText]]),
    faults: [],
    irregularClocks,
    duplicates: 0,
    remarks,
  };
}
