// How often a run that is not over is published in between. What has come so far should be searched soon; but a feed that
// spreads over all days has each snapshot build all of them, and that must not cost more than to absorb them.

/** Not more often than this, */
const publishEveryMs = 5000;
/** so seldom that it takes no more than a fifth of the time, however much has changed, */
const restPerPublish = 4;
/**
 * and not before four times as many events have come as were built for the snapshots of this run. Of a first load, snapshots
 * grow almost sixfold from one to the next, and all but the last cost 0.6 of the last on average: record 76.
 */
const eventsPerBuilt = 4;

export interface Pace {
  /** So many events were changed by a batch. Gives whether to publish now. */
  absorbed(events: number): boolean;
  /** A run with changes is over: what is published next is whole. */
  runEnded(): void;
  /** A publish begins. Gives whether it shows a part of a run. */
  begin(): boolean;
  /** It is over, and has built segments of so many events. */
  published(rebuilt: number, tookMs: number): void;
}

export function createPace(elapsed: () => number): Pace {
  let restsUntil = 0;
  let arrived = 0;
  let built = 0;
  let isPart = false;
  return {
    absorbed(events) {
      arrived += events;
      if (elapsed() <= restsUntil || arrived < eventsPerBuilt * built) return false;
      // Until that is published, and it is known how long it took.
      restsUntil = Infinity;
      isPart = true;
      return true;
    },
    runEnded() {
      isPart = false;
      built = 0;
    },
    begin() {
      const begun = isPart;
      isPart = false;
      arrived = 0;
      return begun;
    },
    published(rebuilt, tookMs) {
      restsUntil = elapsed() + Math.max(publishEveryMs, restPerPublish * tookMs);
      built += rebuilt;
    },
  };
}
