// Turns one parsed base element into the observations of its events. A fault of one event affects only that event.

import type { ParsedObservation } from '#/domain/record.ts';
import { eventId } from '#/domain/identity.ts';
import { isRefusal, type Refusal } from '#/domain/refusal.ts';
import type { Reading, TextFault, TextRecord } from '#/provider/record.ts';
import { unreadableRecord } from './unreadable-record.ts';
import type { FieldAccess } from './access.ts';
import { readBaseFacts, readEvent } from './event.ts';
import { createRemarkCollector, remarksOf } from './remarks.ts';
import { asId } from './values.ts';

/** `event`: the element name of its events. */
export function readBase<Element>(
  base: Element,
  text: string,
  event: string,
  access: FieldAccess<Element>,
  reading: Reading,
): TextRecord {
  const { fields, values } = access;
  const baseId = asId(values.text(base, fields.baseId), fields.baseId);
  if (isRefusal(baseId)) return unreadableRecord(baseId, 0);
  const faults: TextFault[] = [];
  const fault = (refusal: Refusal, planId: string | null, at: number): void =>
    void faults.push({ refusal, baseId, planId, at });
  const observations: ParsedObservation[] = [];
  let irregularClocks = 0;
  let duplicates = 0;

  const collector = createRemarkCollector(baseId, reading.strict);
  const remarks = (): TextRecord['remarks'] =>
    remarksOf(collector, (ordinal) => placeOf(text, event, ordinal));
  const baseFacts = readBaseFacts(base, access, collector);
  const events = isRefusal(baseFacts) ? baseFacts : values.children(base, event);
  if (isRefusal(baseFacts) || isRefusal(events)) {
    fault(events as Refusal, null, 0);
    return { key: baseId, observations, faults, irregularClocks, duplicates, remarks: remarks() };
  }
  /** By plan id, the places in `observations`; most records have one plan, and no need of it. */
  const places = events.length > 1 ? new Map<string, number>() : null;
  for (let ordinal = 0; ordinal < events.length; ordinal++) {
    const plan = events[ordinal] as Element;
    const planId = asId(values.text(plan, fields.planId), fields.planId);
    collector.planId = isRefusal(planId) ? null : planId;
    collector.ordinal = ordinal;
    const read = isRefusal(planId) ? planId : readEvent(plan, baseFacts, access, collector, reading);
    if (isRefusal(planId) || isRefusal(read)) {
      fault(read as Refusal, isRefusal(planId) ? null : planId, placeOf(text, event, ordinal));
      continue;
    }
    irregularClocks += read.irregularClocks;
    const id = eventId(reading.provider, baseId, planId);
    const { facts, zonesText } = read;
    // When a plan appears twice, the last one counts.
    const place = places?.get(planId) ?? observations.length;
    if (place < observations.length) duplicates++;
    observations[place] = { id, baseId, planId, facts, zonesText };
    places?.set(planId, place);
  }
  return {
    key: baseId,
    observations,
    faults,
    irregularClocks,
    duplicates,
    remarks: remarks(),
  };
}

/** The offset of the n-th `<event …` in the record's text, so that a person can find it. */
function placeOf(text: string, event: string, ordinal: number): number {
  const tags = text.matchAll(new RegExp(`<(?:[^\\s<>/:]+:)?${event}[\\s/>]`, 'g'));
  return [...tags][ordinal]?.index ?? 0;
}
