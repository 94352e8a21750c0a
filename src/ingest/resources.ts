// The resources of ingest, opened before it leads: the archive, the snapshot store, the thread pool, the kept bodies, and the
// connections to providers. Their operations are measured and traced.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Trouble } from '#/actor/trouble.ts';
import { openArchive, type Archive } from '#/archive/archive.ts';
import type { CarryOver } from '#/archive/tables/carry-over.ts';
import type { Config } from '#/config.ts';
import { backoffMs } from '#/kit/backoff.ts';
import { systemClock } from '#/kit/clock.ts';
import { messageOf } from '#/kit/errors.ts';
import { openBodies } from '#/provider/bodies.ts';
import { privateHostsOf } from '#/provider/http/addresses.ts';
import { createProviderAgent } from '#/provider/http/agent.ts';
import { fetchWithRetries } from '#/provider/http/retries.ts';
import type { Log } from '#/telemetry/log.ts';
import { timed } from '#/telemetry/timed.ts';
import type { Tracing } from '#/telemetry/tracing.ts';
import { createParse } from './feeds/parse-pool.ts';
import type { LeaderDeps } from './leader.ts';
import type { IngestMeters } from './metrics.ts';
import { createPool } from './thread-pool.ts';
import { createBuild } from './publishing/build.ts';
import { openPublisherStore, type PublisherStore } from './publishing/publisher-store.ts';
import { tracedArchive, tracedFetch, tracedTask, withTraceparent } from './tracing.ts';

export interface Telemetry {
  readonly log: Log;
  readonly meters: IngestMeters;
  readonly tracing: Tracing;
  readonly trouble: Trouble;
}

type Needed = 'archive' | 'bodies' | 'store' | 'mirror' | 'feeds' | 'build' | 'buildAhead';

export interface Resources
  extends Pick<LeaderDeps, Needed>, Pick<PublisherStore, 'leases' | 'holder' | 'hold'> {
  close(): Promise<void>;
}

/** Batches and slices under way beyond one for each thread: they wait to be absorbed, or for the disk. */
const ahead = 4;

const archiveRetry = { baseMs: 250, maxMs: 5000 };

/** Retries until the archive opens; null when `stop` came first. */
export async function openResources(
  config: Config,
  telemetry: Telemetry,
  stop: AbortSignal,
): Promise<Resources | null> {
  const { log, meters, tracing } = telemetry;
  await mkdir(config.dataDir, { recursive: true });
  const opened = await openWhenAvailable(config.archiveUrl, telemetry, stop);
  if (opened === null) return null;
  const archive = tracedArchive(
    timed(opened, 'archive', meters.stores, { ended: meters.archiveUsed }),
    tracing,
  );
  const { store, ...published } = await openPublisherStore(config, log, meters.stores, tracing.traceparent);
  const pool = createPool(config.ingestThreads, log);
  meters.watchPool(pool);
  const agent = createProviderAgent({ privateHosts: privateHostsOf(config.providers) });
  const dispatcher = agent.compose(withTraceparent(tracing));
  const directory = join(config.dataDir, 'bodies');
  const bodies = await openBodies(directory, config.feedBodiesBytesMax, Date.now, (message) =>
    log.warn(message),
  );
  return {
    ...published,
    archive,
    bodies,
    store,
    feeds: {
      fetch: tracedFetch(
        async (provider, validators, ending) =>
          bodies.copied(provider.name, await fetchWithRetries(provider, validators, dispatcher, ending)),
        tracing,
      ),
      parse: tracedTask('parse', meters.task('parse', createParse(pool)), tracing),
      parseAhead: config.ingestThreads + ahead,
    },
    build: tracedTask('build', meters.task('build', createBuild(pool)), tracing),
    buildAhead: config.ingestThreads + ahead,
    async close() {
      await pool.close();
      await agent.destroy();
      await store.close();
      await archive.close();
    },
  };
}

async function openWhenAvailable(
  url: string,
  { log, meters, trouble }: Telemetry,
  stop: AbortSignal,
): Promise<Archive | null> {
  for (let failures = 1; !stop.aborted; failures++) {
    try {
      const archive = await openArchive(url, (error) => log.warn(`archive: ${messageOf(error)}`), {
        progress: reportCarryOver(log, trouble),
      });
      trouble.report('archive', null);
      return archive;
    } catch (error) {
      meters.archiveUsed(false);
      log.error(`the archive cannot be opened: ${messageOf(error)}`);
      trouble.report('archive', messageOf(error));
      await systemClock.sleep(backoffMs(failures, archiveRetry, Math.random), stop);
    }
  }
  return null;
}

const carryOverReportMs = 2000;

/** Reports the progress of carrying over an archive of an earlier version: to the log, and to `/status` as a trouble. */
function reportCarryOver(log: Log, trouble: Trouble): (carryOver: CarryOver) => void {
  let reportedAt = -Infinity;
  return ({ done, all }) => {
    // A new archive has nothing to convert.
    if (all === 0 || (performance.now() - reportedAt < carryOverReportMs && done < all)) return;
    reportedAt = performance.now();
    const message = `The archive is being converted to the tables of this version: ${done} of ${all} rows.`;
    log.info({ done, all }, message);
    trouble.report('archive', message);
  };
}
