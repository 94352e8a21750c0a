// How long the rest of a feed will probably take: as long as the first part of it took, in proportion.

import type { Feed } from '#/provider/http/fetch.ts';

export interface Arrival {
  /** The feed begins to arrive. */
  begin(feed: Pick<Feed, 'arrivedShare'>): void;
  /** Null when the provider does not say how long the feed is, or nothing has arrived. */
  remainingMs(): number | null;
}

const unknown = (): null => null;

export function createArrival(now: () => number): Arrival {
  let share: () => number | null = unknown;
  let begunAt = 0;
  return {
    begin({ arrivedShare }) {
      share = arrivedShare ?? share;
      begunAt = now();
    },
    remainingMs() {
      const arrived = share();
      return arrived === null || arrived === 0 ? null : ((now() - begunAt) * (1 - arrived)) / arrived;
    },
  };
}
