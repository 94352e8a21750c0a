// The events of a first load, in the thread that absorbs: see sqlite/first-load.ts.

import type { UuidSet } from '#/kit/uuid-set.ts';

export interface LoadedEvents {
  /** All events of the archive. Those of a batch are added. */
  readonly ids: UuidSet;
  /** Whether they tell if a batch is new, as there are no indexes. */
  readonly isOn: boolean;
}

/** Whether neither an event nor a key was there before, and no event is there twice. Adds all events to those loaded. */
export function areNew(
  ids: readonly string[],
  seenAt: ReadonlyMap<string, number>,
  { ids: loaded }: LoadedEvents,
): boolean {
  let isNew = seenAt.size === 0;
  for (const id of ids) if (!loaded.add(id)) isNew = false;
  return isNew;
}
