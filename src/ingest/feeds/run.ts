// A run of a provider, by what its feed is: one document, or pages.

import { pagedFormats, type Provider } from '#/provider/provider.ts';
import { runFeed, type FeedRun, type FeedRunDeps } from './feed-run.ts';
import { runPages } from './paged-run.ts';

/** A provider's faults are part of the result. Throws only when the archive fails. */
export const runProvider = (provider: Provider, deps: FeedRunDeps, stop: AbortSignal): Promise<FeedRun> =>
  pagedFormats.has(provider.format) ? runPages(provider, deps, stop) : runFeed(provider, deps, stop);
