// From one parsed base element to the observations of its events. A fault of one event costs that event alone.

import type { Observation } from '#/domain/event.ts';
import { eventId } from '#/domain/identity.ts';
import { isRefusal, type Refusal } from '#/domain/refusal.ts';
import type { Reading, TextFault, TextRecord } from '#/provider/record.ts';
import { broken } from './broken.ts';
import { readBaseFacts, readEvent, type Language } from './event.ts';
import { createNotes, remarksOf } from './notes.ts';
import { asId } from './values.ts';

/** `event`: what its events are called. */
export function readBase<Element>(
  base: Element,
  text: string,
  event: string,
  language: Language<Element>,
  reading: Reading,
): TextRecord {
  const { words, values } = language;
  const baseId = asId(values.text(base, words.baseId), words.baseId);
  if (isRefusal(baseId)) return broken(baseId, 0);
  const faults: TextFault[] = [];
  const fault = (refusal: Refusal, planId: string | null, at: number): void =>
    void faults.push({ refusal, baseId, planId, at });
  const observations = new Map<string, Observation>();
  const zones = new Map<string, string>();
  let irregularClocks = 0;
  let duplicates = 0;

  const notes = createNotes(baseId, reading.strict);
  const remarks = (): TextRecord['remarks'] => remarksOf(notes, (ordinal) => placeOf(text, event, ordinal));
  const baseFacts = readBaseFacts(base, language, notes);
  const events = isRefusal(baseFacts) ? baseFacts : values.children(base, event);
  if (isRefusal(baseFacts) || isRefusal(events)) {
    fault(events as Refusal, null, 0);
    return { key: baseId, observations: [], zones, faults, irregularClocks, duplicates, remarks: remarks() };
  }
  for (const [ordinal, plan] of events.entries()) {
    const planId = asId(values.text(plan, words.planId), words.planId);
    notes.planId = isRefusal(planId) ? null : planId;
    notes.ordinal = ordinal;
    const read = isRefusal(planId) ? planId : readEvent(plan, baseFacts, language, notes, reading);
    if (isRefusal(planId) || isRefusal(read)) {
      fault(read as Refusal, isRefusal(planId) ? null : planId, placeOf(text, event, ordinal));
      continue;
    }
    zones.set(read.facts.zonesHash, read.zonesText);
    irregularClocks += read.irregularClocks;
    // The same plan twice: the last one wins.
    if (observations.has(planId)) duplicates++;
    const id = eventId(reading.provider, baseId, planId);
    observations.set(planId, { id, baseId, planId, facts: read.facts });
  }
  return {
    key: baseId,
    observations: [...observations.values()],
    zones,
    faults,
    irregularClocks,
    duplicates,
    remarks: remarks(),
  };
}

/** Where the n-th `<event …` of a record starts, for whoever has to mend it. */
function placeOf(text: string, event: string, ordinal: number): number {
  const tags = text.matchAll(new RegExp(`<(?:[^\\s<>/:]+:)?${event}[\\s/>]`, 'g'));
  return [...tags][ordinal]?.index ?? 0;
}
