// Retries a fetch a few times with growing waits before the run fails. Only the time until the response headers is covered; a
// body that breaks off is not retried here.

import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import type { Dispatcher } from 'undici';
import { FeedFault } from '#/provider/fault.ts';
import { fetchFeed, type Feed, type FeedAddress, type NotModified, type Validators } from './fetch.ts';

const retriesMax = 2;
/** cockatiel's default is decorrelated jitter: each wait is random, below a ceiling that grows. */
const wait = { initialDelay: 200, maxDelay: 5000 };

/** Whether a retry may soon succeed: there was no response, or a server error without `Retry-After`. */
function isTransient(error: unknown): boolean {
  if (!(error instanceof FeedFault) || error.retryAfterMs !== null) return false;
  return error.code === 'connection_lost' || error.code === 'unreachable' || (error.status ?? 0) >= 500;
}

const policy = retry(handleWhen(isTransient), {
  maxAttempts: retriesMax,
  backoff: new ExponentialBackoff(wait),
});

/** The same as fetchFeed; throws the FeedFault of the last attempt. */
export const fetchWithRetries = (
  from: FeedAddress,
  validators: Validators,
  dispatcher: Dispatcher,
  stop: AbortSignal,
): Promise<Feed | NotModified> =>
  policy.execute(({ signal }) => fetchFeed(from, validators, dispatcher, signal), stop);
