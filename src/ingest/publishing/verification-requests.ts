// Verification requests: a worker that refuses a snapshot asks the publisher to check it. The publisher then reads every stored
// segment, so requests are rate-limited; after a request that found no damage, the next one waits twice as long.

import type { SnapshotStore } from '#/store/store.ts';

export interface VerificationRequests {
  /** True when a worker has requested a verification and the wait is over; false when the store cannot be read. */
  isDue(): Promise<boolean>;
  /** The verification has ended, and has repaired this number of segments. */
  answer(mended: number): void;
}

const waitMsMin = 10_000;
const waitMsMax = 600_000;

/** `now` in milliseconds, from a monotonic clock. */
export function createVerificationRequests(
  store: Pick<SnapshotStore, 'takeVerificationRequest'>,
  now: () => number,
): VerificationRequests {
  let waitMs = waitMsMin;
  let answeredAt = -Infinity;
  let taken = false;
  return {
    async isDue() {
      if (taken || now() - answeredAt < waitMs) return false;
      taken = await store.takeVerificationRequest().catch(() => false);
      if (!taken) waitMs = waitMsMin;
      return taken;
    },
    answer(mended) {
      if (!taken) return;
      taken = false;
      answeredAt = now();
      waitMs = mended > 0 ? waitMsMin : Math.min(waitMsMax, 2 * waitMs);
    },
  };
}
