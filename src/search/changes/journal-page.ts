// A page of changes whose versions are no longer kept: which events changed comes from the journal, and their state from the current
// version.

import type { JournaledEvent } from '#/domain/journaled.ts';
import type { Edition } from '#/search/events/edition.ts';
import { refOf } from '#/search/events/refs.ts';
import type { EventWriter } from '#/search/events/render.ts';
import { providerOf } from './diff.ts';
import { standingOf } from './compare.ts';
import { findEvent } from './find-event.ts';
import { kindBetween } from './kinds.ts';
import { writeChange } from './page.ts';
import { isBehind, type RowPlace } from './rows.ts';

export interface JournalPlan {
  /** Null for all. */
  readonly provider: string | null;
  /** Only events up to this place; null for all. */
  readonly upTo: RowPlace | null;
}

/** Writes the changes, separated by commas; returns how many. Leaves out events that the edition does not have yet. Yields when others may be given their turn. */
export function* journalPage(
  events: readonly JournaledEvent[],
  edition: Edition,
  { provider, upTo }: JournalPlan,
  writer: EventWriter,
): Generator<void, number> {
  let count = 0;
  for (const event of events) {
    yield;
    const found = findEvent(edition, event);
    if (found === null) continue;
    const ref = refOf(found.index, found.place);
    if (provider !== null && providerOf(edition, ref) !== provider) continue;
    if (upTo !== null && isBehind(edition, ref, upTo)) continue;
    const { before, id } = event;
    const change = before === null ? 'new' : kindBetween(before, standingOf(found.segment, found.place));
    writeChange(writer, count++, { change, id }, edition, ref);
  }
  return count;
}
