// The ingest process: feeds in, snapshots out. One host at a time leads; the others follow and take over when it fails.
// Search continues whatever happens here.

import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { receiveConfiguration } from '#/actor/configuration.ts';
import { diagnoseOnDemand } from '#/actor/diagnostics.ts';
import { keepBeating } from '#/actor/heartbeat.ts';
import { endOnStop } from '#/actor/lifetime.ts';
import { logLinesOf } from '#/actor/log-lines.ts';
import { onSupervisorMessage, sendToSupervisor } from '#/actor/messages.ts';
import { createTrouble } from '#/actor/trouble.ts';
import type { Config } from '#/config.ts';
import { systemClock } from '#/kit/clock.ts';
import { sizeThreadsByTheirLimits } from '#/kit/machine/threads.ts';
import { versionOfPackage } from '#/kit/command-line/version.ts';
import { messageOf } from '#/kit/errors.ts';
import { createLog, type Log } from '#/telemetry/log.ts';
import { startTracing } from '#/telemetry/start-tracing.ts';
import { answerRequest } from './answer-requests.ts';
import { keepFollowing, reportAlone } from './follower.ts';
import { inspectArchive } from './inspection/archive.ts';
import { createInspections } from './inspection/inspection.ts';
import { startLeader, type RunningLeader } from './leader.ts';
import { keepLeadership, leadAlone } from './leadership.ts';
import { createIngestMeters } from './metrics.ts';
import { openResources, type Resources, type Telemetry } from './resources.ts';

const stopMs = 12_000;

async function runIngest(config: Config): Promise<void> {
  sizeThreadsByTheirLimits();
  // 1. Logs, metrics and traces; the heartbeat that the supervisor's watchdog expects
  const telemetry = await startTelemetry(config);
  const { log, meters, tracing } = telemetry;
  yieldToWorkers(log);
  keepBeating();
  void diagnoseOnDemand(config.dataDir, 'ingest').catch((error: unknown) => {
    log.warn(`diagnostics cannot be written: ${messageOf(error)}`);
  });

  // 2. The supervisor's `stop` ends what runs by then, in order
  const stopping = new AbortController();
  let ended: Promise<unknown> = Promise.resolve();
  endOnStop(async () => {
    stopping.abort();
    await ended;
    await meters.report();
    await tracing.stop();
  }, stopMs);

  // 3. The archive, the snapshot store, the thread pool
  const resources = await openResources(config, telemetry, stopping.signal);
  if (resources === null) return;

  // 4. Fetch, absorb and publish while leading; report who leads otherwise
  const work = leadOrFollow(config, resources, telemetry, stopping.signal);
  ended = work.done.then(() => resources.close());

  // 5. Requests of an operator, which the supervisor passes on
  const { archive, store } = resources;
  const inspected = inspectArchive(config.archiveUrl);
  const inspections = createInspections({
    store,
    archive: inspected,
    bodies: join(config.dataDir, 'bodies'),
    now: () => performance.now(),
  });
  onSupervisorMessage((message) => {
    if (message.type !== 'ask') return;
    void answerRequest(message.id, message.question, { archive, store, inspections, ...work });
  });
  sendToSupervisor({ type: 'ready' });
  await ended;
  await inspected.close();
}

async function startTelemetry(config: Config): Promise<Telemetry> {
  const about = { version: versionOfPackage(), actor: 'ingest', slowMs: config.slowMs } as const;
  const tracing = await startTracing(config.tracing, about);
  const log = createLog({
    level: config.logLevel,
    actor: 'ingest',
    mixin: tracing.fields,
    tee: logLinesOf(config),
  });
  return { tracing, log, meters: createIngestMeters(Date.now), trouble: createTrouble(sendToSupervisor) };
}

interface Work extends Pick<RunningLeader, 'pollNow' | 'runNow' | 'approvePublish'> {
  readonly done: Promise<unknown>;
}

/** Without Redis this host is alone and always leads; with it, it leads while it holds the lease. */
function leadOrFollow(config: Config, resources: Resources, telemetry: Telemetry, stop: AbortSignal): Work {
  const { archive, leases, holder, hold } = resources;
  const { log, meters, trouble } = telemetry;
  const { providers } = config;
  let leader: RunningLeader | null = null;

  async function lead(ending: AbortSignal): Promise<void> {
    log.info(`fetching ${providers.map(({ name }) => name).join(', ') || 'nothing: there are no providers'}`);
    meters.leads(true);
    try {
      const deps = { ...resources, ...telemetry, providers, clock: systemClock, sendToSupervisor };
      leader = await startLeader(deps, ending);
      await leader.done;
    } finally {
      leader = null;
      meters.leads(false);
    }
  }

  const requests: Omit<Work, 'done'> = {
    pollNow: (provider) => leader?.pollNow(provider),
    runNow: (provider) => leader?.runNow(provider) ?? 'following',
    approvePublish: () => leader?.approvePublish() ?? null,
  };
  if (leases === null) {
    reportAlone(sendToSupervisor);
    return {
      ...requests,
      done: leadAlone({ lead, trouble, log, clock: systemClock }, stop).catch(() => undefined),
    };
  }
  const leading = keepLeadership(
    {
      leases,
      log,
      trouble,
      clock: systemClock,
      fence: () => archive.fence(),
      async lead(lease, ending) {
        await archive.lead(lease.fence);
        hold(lease);
        await lead(ending).finally(() => hold(null));
      },
    },
    stop,
  );
  const shared = !config.archiveUrl.startsWith('sqlite:');
  const following = keepFollowing(
    { holder, archive, shared, providers, sendToSupervisor, clock: systemClock },
    stop,
  );
  return { ...requests, done: leading.catch(() => undefined).then(() => following) };
}

/** Clients wait for answers, not for feeds: with few cores, ingest uses the time that the workers leave. See record 56. */
function yieldToWorkers(log: Log): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    log.warn(`ingest could not lower its priority, and runs at that of the workers: ${messageOf(error)}`);
  }
}

if (import.meta.main) await runIngest(await receiveConfiguration('ingest'));
