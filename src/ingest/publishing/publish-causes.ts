// Which feed run a version came of: kept from its end until a version with its changes is published.

import type { Cause } from '#/actor/messages.ts';

export interface PublishCauses {
  add(cause: Cause): void;
  /** From now on `taken` is for the version that is about to be published; what is added later waits for the next. */
  take(): void;
  /** The oldest that has been waiting; null when nothing new is known to have come. */
  readonly taken: Cause | null;
  /** It was published. What is not stays taken, and is told with the next attempt. */
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
