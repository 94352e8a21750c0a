// Waiting for another process: asked again and again, never for ever.

import { setTimeout as sleep } from 'node:timers/promises';

const pauseMs = 200;
const answerMs = 2_000;

/** Fetches `url` until `isGood` likes an answer: true. False when `stop` aborts. A fetch that fails is not yet. */
export async function becomes(
  url: string,
  isGood: (answer: Response) => boolean | Promise<boolean>,
  stop: AbortSignal,
): Promise<boolean> {
  while (!stop.aborted) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.any([stop, AbortSignal.timeout(answerMs)]) });
      const good = await isGood(answer);
      if (!answer.bodyUsed) await answer.body?.cancel();
      if (good) return true;
    } catch {
      // Not there yet, or not willing yet.
    }
    await sleep(pauseMs, undefined, { signal: stop }).catch(() => undefined);
  }
  return false;
}
