// A fetch that does not give up at the first lost connection: a few tries, later and later, before the run counts as
// failed. Only until the headers are there; a body that breaks off is the run's affair.

import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import type { Dispatcher } from 'undici';
import { FeedFault } from '#/provider/fault.ts';
import { fetchFeed, type Feed, type FeedAddress, type NotModified, type Validators } from './fetch.ts';

const retriesMax = 2;
/** Full jitter is cockatiel's default: each wait is drawn anew below a ceiling that doubles. */
const wait = { initialDelay: 200, maxDelay: 5000 };

/** Worth another try soon: nobody answered, or a server that is down and does not say for how long. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof FeedFault) || error.retryAfterMs !== null) return false;
  return error.code === 'connection_lost' || error.code === 'unreachable' || (error.status ?? 0) >= 500;
}

const policy = retry(handleWhen(isPassing), {
  maxAttempts: retriesMax,
  backoff: new ExponentialBackoff(wait),
});

/** As fetchFeed; throws the FeedFault of the last try. */
export const fetchWithRetries = (
  from: FeedAddress,
  validators: Validators,
  dispatcher: Dispatcher,
  stop: AbortSignal,
): Promise<Feed | NotModified> =>
  policy.execute(({ signal }) => fetchFeed(from, validators, dispatcher, signal), stop);
