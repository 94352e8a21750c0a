// The feed run that causes a publish: kept from its commits until a version with their changes is published.

/** The feed run whose changes a version publishes: the one that was polled first, if there are several. */
export interface Cause {
  /** When the provider was polled, in milliseconds since 1970. */
  readonly polledAt: number;
  /** W3C trace context; null when it is not traced. */
  readonly traceparent: string | null;
}

export interface PublishCauses {
  add(cause: Cause): void;
  /** Starts a publish: `taken` is its cause. Causes added from now on wait for the next publish. */
  take(): void;
  /** The cause of the current publish; null when no run is known to have caused it. */
  readonly taken: Cause | null;
  /** The publish succeeded. After a failure `taken` stays, for the next attempt. */
  done(): void;
}

export function createPublishCauses(): PublishCauses {
  let waiting: Cause | null = null;
  let taken: Cause | null = null;
  return {
    add: (cause) => void (waiting = first(waiting, cause)),
    take() {
      taken = first(taken, waiting);
      waiting = null;
    },
    get taken() {
      return taken;
    },
    done: () => void (taken = null),
  };
}

const first = (a: Cause | null, b: Cause | null): Cause | null =>
  a === null || (b !== null && b.polledAt < a.polledAt) ? b : a;
