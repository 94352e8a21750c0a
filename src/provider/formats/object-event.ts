// Reads one event from an object with the members of `ndjson`. Formats whose objects have other members convert them first.

import { eventId } from '#/domain/identity.ts';
import { isRefusal, type Refusal } from '#/domain/refusal.ts';
import type { Reading, TextRecord } from '#/provider/record.ts';
import type { FieldAccess, FieldNames } from './access.ts';
import { readBaseFacts, readEvent } from './event.ts';
import type { Lenient } from './lenient.ts';
import { members, type JsonObject } from './members.ts';
import { createRemarkCollector, remarksOf } from './remarks.ts';
import { unreadableRecord } from './unreadable-record.ts';
import { asId } from './values.ts';

const fields: FieldNames = {
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
  status: 'status',
  zones: 'zones',
  zoneId: 'zoneId',
  zoneName: 'name',
  capacity: 'capacity',
  price: 'price',
  numbered: 'numbered',
};

export const accessWith = (lenient: Lenient<JsonObject>): FieldAccess<JsonObject> => ({
  fields,
  values: members,
  lenient,
});

/** One record with one event. Its key needs both ids. */
export function readObject(
  object: JsonObject,
  access: FieldAccess<JsonObject>,
  reading: Reading,
): TextRecord {
  const baseId = asId(members.text(object, 'baseId'), 'baseId');
  if (isRefusal(baseId)) return unreadableRecord(baseId, 0);
  const planId = asId(members.text(object, 'planId'), 'planId');
  const key = isRefusal(planId) ? null : JSON.stringify([baseId, planId]);
  const without = (refusal: Refusal, plan: string | null): TextRecord => ({
    ...unreadableRecord(refusal, 0),
    key,
    faults: [{ refusal, baseId, planId: plan, at: 0 }],
  });
  if (isRefusal(planId)) return without(planId, null);

  const collector = createRemarkCollector(baseId, reading.strict);
  collector.planId = planId;
  const base = readBaseFacts(object, access, collector);
  const read = isRefusal(base) ? base : readEvent(object, base, access, collector, reading);
  const remarks = remarksOf(collector, () => 0);
  if (isRefusal(read)) return { ...without(read, planId), remarks };
  const { facts, zonesText, irregularClocks } = read;
  const id = eventId(reading.provider, baseId, planId);
  return {
    key,
    observations: [{ id, baseId, planId, facts, zonesText }],
    faults: [],
    irregularClocks,
    duplicates: 0,
    remarks,
  };
}
