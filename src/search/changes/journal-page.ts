// A page of changes whose versions are no longer kept: which events changed comes from the journal, and their state from the current
// version.

import type { JournaledEvent } from '#/domain/journaled.ts';
import type { Edition } from '#/search/events/edition.ts';
import { refOf } from '#/search/events/refs.ts';
import { createEventWriter } from '#/search/events/render.ts';
import { providerOf } from './diff.ts';
import { standingOf } from './compare.ts';
import { findEvent } from './find-event.ts';
import { kindBetween } from './kinds.ts';
import { writeChange } from './page.ts';

export interface JournalPage {
  /** The JSON of the changes, separated by commas. */
  readonly changes: Buffer;
  readonly count: number;
}

/** Leaves out events that the edition does not have yet. `provider`: null for all. Yields when others may be given their turn. */
export function* journalPage(
  events: readonly JournaledEvent[],
  edition: Edition,
  provider: string | null,
): Generator<void, JournalPage> {
  const writer = createEventWriter();
  let count = 0;
  for (const event of events) {
    yield;
    const found = findEvent(edition, event);
    if (found === null) continue;
    const ref = refOf(found.index, found.place);
    if (provider !== null && providerOf(edition, ref) !== provider) continue;
    const { before, id } = event;
    const change = before === null ? 'new' : kindBetween(before, standingOf(found.segment, found.place));
    writeChange(writer, count++, { change, id }, edition, ref);
  }
  return { changes: writer.written(), count };
}
