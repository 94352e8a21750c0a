// When the publisher believes those who refuse what it has published: it then reads every stored segment, so it does not
// do that for each who says so. A doubt that turns out to be wrong is believed less soon the next time.

import type { SnapshotStore } from '#/store/store.ts';

export interface VerificationRequests {
  /** True when somebody doubts and it is time to look; false too when the store does not say. */
  hear(): Promise<boolean>;
  /** All was looked at, and so many stored things were gone or broken. */
  answer(mended: number): void;
}

const waitMsMin = 10_000;
const waitMsMax = 600_000;

/** `now` in milliseconds, of a clock that never goes back. */
export function createVerificationRequests(
  store: Pick<SnapshotStore, 'takeVerificationRequest'>,
  now: () => number,
): VerificationRequests {
  let waitMs = waitMsMin;
  let answeredAt = -Infinity;
  let heard = false;
  return {
    async hear() {
      if (heard || now() - answeredAt < waitMs) return false;
      heard = await store.takeVerificationRequest().catch(() => false);
      if (!heard) waitMs = waitMsMin;
      return heard;
    },
    answer(mended) {
      if (!heard) return;
      heard = false;
      answeredAt = now();
      waitMs = mended > 0 ? waitMsMin : Math.min(waitMsMax, 2 * waitMs);
    },
  };
}
