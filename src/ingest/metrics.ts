// The metrics of ingest: feed runs, providers, publishing, the thread pool, and the stores.

import type { Piscina } from 'piscina';
import type { RunRow } from '#/archive/runs/runs.ts';
import type { Provider } from '#/provider/provider.ts';
import { createMeter, createProcessMeter, type Meters } from '#/telemetry/meter.ts';
import { ingestMetrics, storeMetrics } from '#/telemetry/metrics.ts';
import type { ProviderState } from '#/actor/messages.ts';
import type { PublishOutcome } from './publishing/publisher.ts';
import { reportMetrics } from '#/actor/metric-readings.ts';

export interface IngestMeters {
  readonly stores: Meters<typeof storeMetrics>;
  /** Whether this host leads. Resets the gauges of the providers: only a leader knows their state. */
  leads(leading: boolean): void;
  /** This host polls the provider from now on: creates its series before the first run ends. */
  startsPolling(provider: Provider): void;
  archiveUsed(succeeded: boolean): void;
  runEnded(row: RunRow): void;
  reportProvider(provider: Provider, state: ProviderState): void;
  /** `outcome` null: the publish failed. */
  published(outcome: PublishOutcome | null, seconds: number): void;
  /** `events`: published events that the archive does not have; 0 when no publish is held. */
  publishHeld(events: number): void;
  watchPool(pool: Pick<Piscina, 'threads' | 'histogram'>): void;
  /** Returns `run`, with its calls counted and timed. */
  task<Task, Result>(
    name: 'parse' | 'build',
    run: (task: Task) => Promise<Result>,
  ): (task: Task) => Promise<Result>;
  /** Sends a last reading to the supervisor. */
  report(): Promise<void>;
}

const outcomes = ['absorbed', 'unchanged', 'incomplete', 'failed'] as const;
const fates = {
  added: 'added',
  changed: 'changed',
  relisted: 'relisted',
  withdrawn: 'withdrawn',
  quarantined: 'quarantined',
  duplicates: 'duplicate',
} as const;

/** `now` in milliseconds since 1970. */
export function createIngestMeters(now: () => number): IngestMeters {
  const stores = createMeter(storeMetrics);
  const ingest = createMeter(ingestMetrics);
  const { metrics } = ingest;
  for (const outcome of ['published', 'unchanged', 'held', 'failed']) metrics.publishes.inc({ outcome }, 0);
  for (const outcome of ['built', 'reused']) metrics.publishedSegments.inc({ outcome }, 0);
  metrics.leading.set(0);
  metrics.publishHeld.set(0);
  metrics.archiveUp.set(1);
  const asked = new Set<string>();

  return {
    stores: stores.metrics,
    leads(leading) {
      metrics.leading.set(Number(leading));
      const { quarantine, held, breaker, failures, lastSuccess, askedSince, nextRun, intervalMax } = metrics;
      for (const gauge of [
        quarantine,
        held,
        breaker,
        failures,
        lastSuccess,
        askedSince,
        nextRun,
        intervalMax,
      ])
        gauge.reset();
    },
    startsPolling({ name: provider, pollSecondsMax }) {
      metrics.askedSince.set({ provider }, now() / 1000);
      metrics.intervalMax.set({ provider }, pollSecondsMax);
      metrics.feedBytes.inc({ provider }, 0);
      // `zero` would reset a histogram that has observations.
      if (!asked.has(provider)) metrics.runDuration.zero({ provider });
      asked.add(provider);
      for (const outcome of outcomes) metrics.runs.inc({ provider, outcome }, 0);
      for (const outcome of ['unchanged', 'parsed']) metrics.feedRecords.inc({ provider, outcome }, 0);
      for (const outcome of Object.values(fates)) metrics.feedEvents.inc({ provider, outcome }, 0);
    },
    archiveUsed: (succeeded) => metrics.archiveUp.set(Number(succeeded)),
    runEnded({ provider, outcome, startedAt, endedAt, counts }) {
      for (const each of outcomes) metrics.runs.inc({ provider, outcome: each }, Number(each === outcome));
      metrics.runDuration.observe({ provider }, ((endedAt ?? startedAt) - startedAt) / 1000);
      metrics.feedBytes.inc({ provider }, counts['bytes'] ?? 0);
      metrics.feedRecords.inc({ provider, outcome: 'unchanged' }, counts['unchanged'] ?? 0);
      metrics.feedRecords.inc({ provider, outcome: 'parsed' }, counts['parsed'] ?? 0);
      for (const [count, fate] of Object.entries(fates))
        metrics.feedEvents.inc({ provider, outcome: fate }, counts[count] ?? 0);
      for (const fate of ['repaired', 'unknown'])
        metrics.feedValues.inc({ provider, outcome: fate }, counts[fate] ?? 0);
    },
    reportProvider({ name: provider }, { lastRun, quarantined, held, poll }) {
      metrics.quarantine.set({ provider }, quarantined);
      metrics.held.set({ provider }, held?.events ?? 0);
      for (const state of ['closed', 'open', 'half open'])
        metrics.breaker.set(
          { provider, state: state.replace(' ', '_') },
          Number((poll?.breaker ?? 'closed') === state),
        );
      metrics.failures.set({ provider }, poll?.failures ?? 0);
      if (typeof poll?.nextRunAt === 'number') metrics.nextRun.set({ provider }, poll.nextRunAt / 1000);
      const succeeded = lastRun?.outcome === 'absorbed' || lastRun?.outcome === 'unchanged';
      if (succeeded && lastRun.endedAt !== null)
        metrics.lastSuccess.set({ provider }, lastRun.endedAt / 1000);
    },
    published(outcome, seconds) {
      metrics.publishes.inc({ outcome: outcome?.kind ?? 'failed' });
      metrics.publishDuration.observe(seconds);
      if (outcome?.kind !== 'published') return;
      metrics.publishedSegments.inc({ outcome: 'built' }, outcome.built);
      metrics.publishedSegments.inc({ outcome: 'reused' }, outcome.reused);
    },
    publishHeld: (events) => metrics.publishHeld.set(events),
    watchPool: (pool) =>
      ingest.onRead(() => {
        metrics.poolThreads.set(pool.threads.length);
        const { waitTime, runTime } = pool.histogram;
        for (const [phase, { p50, p99 }] of [['wait', waitTime] as const, ['run', runTime] as const]) {
          // Piscina reports milliseconds.
          metrics.poolPhase.set({ phase, percentile: '50' }, p50 / 1000);
          metrics.poolPhase.set({ phase, percentile: '99' }, p99 / 1000);
        }
        pool.histogram.resetWaitTime();
        pool.histogram.resetRunTime();
      }),
    task: (name, run) => {
      metrics.poolTasks.set({ task: name }, 0);
      metrics.poolTask.zero({ task: name });
      return async (task) => {
        const begun = performance.now();
        metrics.poolTasks.inc({ task: name });
        try {
          return await run(task);
        } finally {
          metrics.poolTasks.dec({ task: name });
          metrics.poolTask.observe({ task: name }, (performance.now() - begun) / 1000);
        }
      };
    },
    report: reportMetrics([ingest, stores, createProcessMeter()]),
  };
}
