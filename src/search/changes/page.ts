// One page of changes: the JSON of each, and where the next page begins.

import type { Edition } from '#/search/events/edition.ts';
import type { EventWriter } from '#/search/events/render.ts';
import { idOfRef } from './id-table.ts';
import { providerOf, type Diff } from './diff.ts';
import type { ChangeKind } from './kinds.ts';
import { lookedAtMax } from './limits.ts';

export interface PagePlan {
  /** Changes that the client has. */
  readonly from: number;
  /** Of the changes with an event, only this many are written. Removals always are. */
  readonly eventsMax: number;
  readonly limit: number;
  /** Null for all. */
  readonly provider: string | null;
}

/** Writes the changes, separated by commas. Returns how many changes the client has with them, and how many were written. */
export function writeChanges(
  diff: Diff,
  target: Edition,
  { from, eventsMax, limit, provider }: PagePlan,
  writer: EventWriter,
): { readonly next: number; readonly written: number } {
  const end = Math.min(diff.length, from + lookedAtMax);
  let written = 0;
  let i = from;
  for (; i < end && written < limit; i++) {
    if (i === eventsMax) i = diff.events;
    if (i === diff.length) break;
    const change = diff.kindAt(i);
    const removed = change === 'removed' ? diff.removedAt(i) : null;
    const owner = removed === null ? providerOf(target, diff.refAt(i)) : removed.provider;
    if (provider !== null && owner !== provider) continue;
    const id = removed === null ? idOfRef(target, diff.refAt(i)) : removed.id;
    writeChange(writer, written++, { change, id }, target, removed === null ? diff.refAt(i) : null);
  }
  return { next: i, written };
}

/** `written`: the changes before it. `ref`: of the event in the edition; null when that does not have it. */
export function writeChange(
  writer: EventWriter,
  written: number,
  { change, id }: { readonly change: ChangeKind; readonly id: string },
  edition: Edition,
  ref: number | null,
): void {
  writer.text(`${written === 0 ? '' : ','}{"change":"${change}","id":"${id}","event":`);
  if (ref === null) writer.text('null');
  else writer.event(edition, ref, null);
  writer.text('}');
}
