// How long changes take from the poll of their provider until this worker serves them, whichever host polled.

import type { SnapshotStore, Target } from '#/store/store.ts';

export interface ServedChangesDeps {
  readonly store: Pick<SnapshotStore, 'polls'>;
  readonly observe: (seconds: number) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Observes each version that is newly served, also those that were skipped. `before` is what was served until now; null at the
 * start, when it is not known what an earlier process has served. A pin is an operator's choice: neither it nor its end is
 * observed. Clocks of hosts differ: where the poll seems to come later than the swap, 0 is observed.
 */
export async function observeServed(
  before: Target | null,
  target: Target,
  { store, observe, now }: ServedChangesDeps,
): Promise<void> {
  if (before === null || before.pinned || target.pinned) return;
  const servedAt = now();
  // The store may be unavailable: the changes are then served without an observation.
  const polls = await store.polls().catch(() => []);
  for (const { version, polledAt } of polls)
    if (version > before.version && version <= target.version)
      observe(Math.max(0, servedAt - polledAt) / 1000);
}
