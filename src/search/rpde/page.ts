// The items of an RPDE page: which events they are comes from the journal, and their state from the current version.

import type { LatestSlice } from '#/domain/journaled.ts';
import { eventText } from '#/search/by-id/event-text.ts';
import type { Edition } from '#/search/events/edition.ts';
import { findEvent } from '#/search/changes/find-event.ts';
import { standingOf } from '#/search/changes/compare.ts';
import { eventData, type ListedEvent } from './item.ts';

export const kind = 'Event';
export const itemsDefault = 500;
export const itemsMax = 1000;

/**
 * The JSON of the items. An event that its feed no longer lists is `deleted`. Leaves out events that the edition does not have
 * yet: these have a later change. Yields when others may be given their turn.
 */
export function* itemsOf({ events }: LatestSlice, edition: Edition): Generator<void, string[]> {
  const items: string[] = [];
  for (const { id, seq, day } of events) {
    yield;
    const found = findEvent(edition, { id, day });
    if (found === null) continue;
    const item = { kind, id, modified: seq };
    if (!standingOf(found.segment, found.place).listed) {
      items.push(JSON.stringify({ state: 'deleted', ...item }));
      continue;
    }
    const event = JSON.parse(eventText(found, null, null)) as ListedEvent;
    items.push(JSON.stringify({ state: 'updated', ...item, data: eventData(event) }));
  }
  return items;
}

/** The change number after the page: that of its last event; of a page that has none and is not the last, what was looked at. */
export const nextAfter = ({ events, looked }: LatestSlice): number | null => events.at(-1)?.seq ?? looked;
