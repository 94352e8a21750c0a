// One run of the feed at a URL, in a process of its own, so that its memory can be measured: prints its row and peak RSS.
//   node test/provider/_ingest-once.ts URL ARCHIVE PROVIDER-LIMITS-AS-JSON

import { Piscina } from 'piscina';
import { Agent } from 'undici';
import { runFeed } from '#/ingest/feeds/feed-run.ts';
import { createParse } from '#/ingest/feeds/parse-pool.ts';
import { openArchive } from '#/archive/archive.ts';
import { fetchFeed } from '#/provider/http/fetch.ts';
import type { FeedLimits } from '#/provider/provider.ts';
import { providerOf } from './_line.ts';

const [url = '', path = '', limits = '{}'] = process.argv.slice(2);
const archive = await openArchive(`sqlite:${path}`);
const dispatcher = new Agent({ connections: 2 });
const pool = new Piscina({
  minThreads: 1,
  maxThreads: 2,
  resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 },
});
const { row } = await runFeed(
  providerOf(url, { limits: JSON.parse(limits) as Partial<FeedLimits> }),
  {
    archive,
    fetch: (provider, validators, stop) => fetchFeed(provider, validators, dispatcher, stop),
    parse: createParse(pool),
    parseAhead: 3,
    now: Date.now,
    absorbed: () => undefined,
  },
  new AbortController().signal,
);
await pool.close();
await dispatcher.destroy();
await archive.close();
const peakMb = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ row, peakMb }));
