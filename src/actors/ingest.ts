// The way in: feeds to snapshots. One host leads at a time; the others wait to take its place. Search goes on whatever
// happens here.

import { mkdir } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import { openArchive, type Archive } from '#/archive/archive.ts';
import type { CarryOver } from '#/archive/tables/carry-over.ts';
import type { Config } from '#/config.ts';
import { backoffMs } from '#/kit/backoff.ts';
import { systemClock } from '#/kit/clock.ts';
import { messageOf } from '#/kit/errors.ts';
import { createProviderAgent } from '#/provider/agent.ts';
import { openBodies } from '#/provider/bodies.ts';
import { fetchStubbornly } from '#/provider/stubborn.ts';
import type { BuildTask, BuiltSegment } from '#/snapshot/build.thread.ts';
import { createLog, type Log } from '#/telemetry/log.ts';
import { timed } from '#/telemetry/timed.ts';
import { startTracing } from '#/telemetry/start-tracing.ts';
import { versionOfPackage } from '#/kit/version.ts';
import { answerQuestion } from './answer-question.ts';
import { configured } from './configured.ts';
import { diagnoseOnDemand } from './diagnostics.ts';
import { keepBeating } from './heartbeat.ts';
import { createIngestMeters } from './ingest-meters.ts';
import { keepFollowing, sayAlone } from './following.ts';
import { keepLeading, leadAlone } from './leading.ts';
import { endOnStop } from './lifetime.ts';
import { onSupervisor, say } from './messages.ts';
import { createParse } from './parse-pool.ts';
import { openPublisherStore } from './stores.ts';
import { tracedArchive, tracedFetch, tracedTask, withTraceparent } from './traced.ts';
import { beginTerm, type Term, type TermDeps } from './term.ts';
import { createTrouble, type Trouble } from './trouble.ts';

const stopMs = 12_000;
const archiveRetry = { baseMs: 250, maxMs: 5000 };

async function runIngest(config: Config): Promise<void> {
  const traced = { version: versionOfPackage(), actor: 'ingest', slowMs: config.slowMs } as const;
  const tracing = await startTracing(config.tracing, traced);
  const log = createLog({ level: config.logLevel, actor: 'ingest', mixin: tracing.fields });
  const meters = createIngestMeters(Date.now);
  const trouble = createTrouble(say);
  giveWay(log);
  const stopping = new AbortController();
  let ended: Promise<unknown> = Promise.resolve();
  endOnStop(async () => {
    stopping.abort();
    await ended;
    await meters.tell();
    await tracing.stop();
  }, stopMs);

  keepBeating();
  void diagnoseOnDemand(config.dataDir, 'ingest').catch((error: unknown) => {
    log.warn(`diagnostics cannot be written: ${messageOf(error)}`);
  });

  // 1. The archive, as soon as it is there; the snapshot store and the thread pool
  await mkdir(config.dataDir, { recursive: true });
  const opened = await archiveInTime(config.archiveUrl, log, trouble, meters.archiveUsed, stopping.signal);
  if (opened === null) return;
  const archive = tracedArchive(
    timed(opened, 'archive', meters.stores, { ended: meters.archiveUsed }),
    tracing,
  );
  const { store, mirror, leases, holder, hold } = await openPublisherStore(
    config,
    log,
    meters.stores,
    tracing.traceparent,
  );
  const pool = createPool(config.ingestThreads, log);
  meters.watchPool(pool);
  const agent = createProviderAgent();
  const dispatcher = agent.compose(withTraceparent(tracing));
  const bodies = await openBodies(
    join(config.dataDir, 'bodies'),
    config.feedBodiesBytesMax,
    Date.now,
    (message) => log.warn(message),
  );
  const build = (task: BuildTask): Promise<BuiltSegment> => pool.run(task, { filename: buildThread });
  const deps: TermDeps = {
    archive,
    bodies,
    store,
    mirror,
    providers: config.providers,
    feeds: {
      fetch: tracedFetch(
        async (provider, validators, stop) =>
          bodies.copied(provider.name, await fetchStubbornly(provider, validators, dispatcher, stop)),
        tracing,
      ),
      parse: tracedTask('parse', meters.task('parse', createParse(pool)), tracing),
      parseAhead: config.ingestThreads + 2,
    },
    build: tracedTask('build', meters.task('build', build), tracing),
    buildAhead: config.ingestThreads + 1,
    log,
    clock: systemClock,
    say,
    trouble,
    meters,
    tracing,
  };

  // 2. Fetch and publish while leading: always where this host is alone, else while it holds the lease
  let term: Term | null = null;
  const serve = async (stop: AbortSignal): Promise<void> => {
    log.info(
      `fetching ${config.providers.map(({ name }) => name).join(', ') || 'nothing: there are no providers'}`,
    );
    meters.leads(true);
    try {
      term = await beginTerm(deps, stop);
      await term.done;
    } finally {
      term = null;
      meters.leads(false);
    }
  };
  const leading =
    leases === null
      ? leadAlone({ term: serve, trouble, log, clock: systemClock }, stopping.signal)
      : keepLeading(
          {
            leases,
            log,
            trouble,
            clock: systemClock,
            fence: () => archive.fence(),
            async term(lease, stop) {
              await archive.lead(lease.fence);
              hold(lease);
              await serve(stop).finally(() => hold(null));
            },
          },
          stopping.signal,
        );
  if (leases === null) sayAlone(say);
  const shared = !config.archiveUrl.startsWith('sqlite:');
  const about = { holder, archive, shared, providers: config.providers, say, clock: systemClock };
  const following = leases === null ? Promise.resolve() : keepFollowing(about, stopping.signal);
  say({ type: 'ready' });

  // 3. What the supervisor asks for
  const hurry = (provider: string): void => term?.hurry(provider);
  const approvePublish = (): ReturnType<Term['approvePublish']> => term?.approvePublish() ?? null;
  onSupervisor((message) => {
    if (message.type !== 'ask') return;
    void answerQuestion(message.id, message.question, { archive, store, hurry, approvePublish });
  });
  const close = async (): Promise<void> => {
    await leading.catch(() => undefined);
    await following;
    await pool.close();
    await agent.destroy();
    await store.close();
    await archive.close();
  };
  ended = close();
  await ended;
}

/** Somebody waits for each answer, and nobody for a feed: where cores are few, ingest takes what the workers leave. Record 56. */
function giveWay(log: Log): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    log.warn(`ingest runs at the priority of the workers: ${messageOf(error)}`);
  }
}

/** Waits for the archive for as long as it takes; null when told to stop before. */
async function archiveInTime(
  url: string,
  log: Log,
  trouble: Trouble,
  used: (succeeded: boolean) => void,
  stop: AbortSignal,
): Promise<Archive | null> {
  for (let failures = 1; !stop.aborted; failures++) {
    try {
      const archive = await openArchive(url, (error) => log.warn(`archive: ${messageOf(error)}`), {
        progress: carryingOver(log, trouble),
      });
      trouble.tell('archive', null);
      return archive;
    } catch (error) {
      used(false);
      log.error(`the archive is away: ${messageOf(error)}`);
      trouble.tell('archive', messageOf(error));
      const waitMs = backoffMs(failures, archiveRetry, Math.random);
      await systemClock.sleep(waitMs, stop);
    }
  }
  return null;
}

const carryToldEveryMs = 2000;

/** An archive of an earlier version takes a while: how far it is stands in the log and in `/status`. */
function carryingOver(log: Log, trouble: Trouble): (carryOver: CarryOver) => void {
  let toldAt = -Infinity;
  return ({ done, all }) => {
    if (performance.now() - toldAt < carryToldEveryMs && done < all) return;
    toldAt = performance.now();
    const message = `The archive is being carried over to the tables of this version: ${done} of ${all} rows.`;
    log.info({ done, all }, message);
    trouble.tell('archive', message);
  };
}

function createPool(threads: number, log: Log): Piscina {
  const pool = new Piscina({
    minThreads: 1,
    maxThreads: threads,
    idleTimeout: 30_000,
    maxQueue: 256,
    resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 8 },
  });
  pool.on('error', (error) => log.error({ err: error }, 'a thread of the pool failed'));
  return pool;
}

const buildThread = new URL('../snapshot/build.thread.ts', import.meta.url).href;

if (import.meta.main) await runIngest(await configured('ingest'));
