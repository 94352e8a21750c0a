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
