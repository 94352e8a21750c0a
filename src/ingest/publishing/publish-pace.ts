// How often a feed run is published while it is still running. Its first changes should be searchable soon; but a feed whose
// events spread over all days makes each snapshot rebuild all of them, and the sum must stay linear in the size of the feed.

/** The least pause between two publishes during a run. */
const publishEveryMs = 5000;
/** The pause is also at least this many times the duration of the publish: publishing takes at most a fifth of the time. */
const restPerPublish = 4;
/**
 * And so many changed events must come for each event that the snapshots of this run have rebuilt so far. In a first load each
 * snapshot then holds almost six times the events of the one before, and all but the last cost half of the last on average.
 */
const eventsPerRebuilt = 4;
/**
 * A snapshot is worth its cost if it is the newest one for so many times as long as its publish takes: its publish delays the end of
 * the run, and so the rest of the events.
 */
const seenPerPublish = 8;
/** Before the first publish has told: on two cores that also read the feed. */
const msPerRebuiltAtFirst = 0.05;

export interface PublishPace {
  /**
   * A batch has changed so many events. Returns whether to publish now. `remainingMs`: until the run probably ends; null when that is
   * not known.
   */
  absorbed(events: number, remainingMs: number | null): boolean;
  /** A run with changes has ended: the next publish is not an interim one. */
  runEnded(): void;
  /** A publish begins. Returns whether it is an interim one. */
  begin(): boolean;
  /** The publish has ended and has rebuilt segments with `rebuilt` events. `wasInterim`: what `begin` returned. */
  published(rebuilt: number, tookMs: number, wasInterim: boolean): void;
}

export function createPublishPace(elapsed: () => number): PublishPace {
  let restsUntil = 0;
  let arrived = 0;
  let rebuilt = 0;
  /** Of this run, with those that snapshots have. */
  let changed = 0;
  /** How long the last publish took for each event that it rebuilt. */
  let msPerRebuilt = msPerRebuiltAtFirst;
  let isInterim = false;

  /** In a first load, a publish rebuilds all events so far. The version at the end of the run replaces it. */
  const isWorthIt = (remainingMs: number): boolean =>
    remainingMs >= Math.max(publishEveryMs, seenPerPublish * msPerRebuilt * changed);

  return {
    absorbed(events, remainingMs) {
      arrived += events;
      changed += events;
      if (elapsed() <= restsUntil || arrived < eventsPerRebuilt * rebuilt) return false;
      if (remainingMs !== null && !isWorthIt(remainingMs)) return false;
      // Until this publish has ended and its duration is known.
      restsUntil = Infinity;
      isInterim = true;
      return true;
    },
    runEnded() {
      isInterim = false;
      rebuilt = 0;
      changed = 0;
    },
    begin() {
      const begun = isInterim;
      isInterim = false;
      arrived = 0;
      return begun;
    },
    published(events, tookMs, wasInterim) {
      if (events > 0) msPerRebuilt = tookMs / events;
      restsUntil = elapsed() + Math.max(publishEveryMs, restPerPublish * tookMs);
      // The next run does not pay for the publish at the end of a run, or between two runs.
      rebuilt = wasInterim ? rebuilt + events : 0;
    },
  };
}
