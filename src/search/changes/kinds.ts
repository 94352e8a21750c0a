// What can happen to an event between two versions of the catalogue. When several things happen, the first of this list is named.

export const changeKinds = ['new', 'removed', 'withdrawn', 'back', 'offline', 'online', 'changed'] as const;

/**
 * - `new`: it is in the catalogue for the first time.
 * - `removed`: it is no longer in the catalogue: an operator accepted an archive without it, or pinned an older version.
 * - `withdrawn`, `back`: a complete feed no longer lists it, or lists it again.
 * - `offline`, `online`: its sell mode is another.
 * - `changed`: anything else that `/events` returns of it is different.
 */
export type ChangeKind = (typeof changeKinds)[number];

export interface Standing {
  readonly listed: boolean;
  readonly offline: boolean;
}

/** What happened to an event that both versions have, and that differs. */
export function kindBetween(before: Standing, after: Standing): ChangeKind {
  if (before.listed !== after.listed) return after.listed ? 'back' : 'withdrawn';
  if (before.offline !== after.offline) return after.offline ? 'offline' : 'online';
  return 'changed';
}
