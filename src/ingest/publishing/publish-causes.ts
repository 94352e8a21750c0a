// The feed run that causes a publish: kept from the end of the run until a version with its changes is published.

import type { Cause } from '#/actor/messages.ts';

export interface PublishCauses {
  add(cause: Cause): void;
  /** Starts a publish: `taken` is its cause. Causes added from now on wait for the next publish. */
  take(): void;
  /** The oldest cause of the current publish; null when no run is known to have caused it. */
  readonly taken: Cause | null;
  /** The publish succeeded. After a failure `taken` stays, for the next attempt. */
  done(): void;
}

export function createPublishCauses(): PublishCauses {
  let waiting: Cause | null = null;
  let taken: Cause | null = null;
  return {
    add: (cause) => void (waiting ??= cause),
    take() {
      taken ??= waiting;
      waiting = null;
    },
    get taken() {
      return taken;
    },
    done: () => void (taken = null),
  };
}
