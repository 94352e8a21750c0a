// The metrics of the whole host: the supervisor's own, and the readings that it collects from its child processes.

import { createGather, joined, labelled } from '#/telemetry/gather.ts';
import { expose, type Exposition } from '#/telemetry/prometheus/expose.ts';
import { createMeter, createProcessMeter } from '#/telemetry/meter.ts';
import { hostMetrics } from '#/telemetry/metrics.ts';
import type { Reading } from '#/telemetry/reading.ts';
import type { ExportedMetrics } from './otlp/exported-metrics.ts';
import { revisionOfPackage, versionOfPackage } from '#/kit/command-line/version.ts';
import type { Slot } from './processes/slot.ts';
import { cannotFork, type LiveProcess } from './processes/forked-process.ts';
import { ingestTroubles, type ChildMessage, type Serving, type TroubleSource } from '#/actor/messages.ts';

/** The supervisor's state from which gauges are set. */
export interface HostState {
  readonly workers: () => readonly {
    readonly slot: number;
    readonly process: Pick<Slot, 'ready'>;
    readonly serving: Serving | null;
  }[];
  readonly ingest: () => Pick<Slot, 'ready'> | null;
  readonly announced: () => { readonly version: number } | null;
}

/** Receives what happens to the processes of one slot; during a replacement there are two at the same time. */
export interface SlotMetrics {
  heard(message: ChildMessage, from: Pick<LiveProcess, 'pid' | 'send'>): void;
  gone(pid: number): void;
  /** The process exited unexpectedly. */
  died(reason: string): void;
}

export interface CollectedMetrics extends ExportedMetrics {
  /** `slot`: the number of an API worker, or `ingest`. */
  forSlot(slot: string): SlotMetrics;
  /** Removes the gauges of a slot that no longer exists. */
  retire(slot: string): void;
  /** Whether this actor is in a crash loop. */
  degraded(actor: string, slot: string, is: boolean): void;
  /** A reload ended. */
  reloaded(succeeded: boolean): void;
  /** Whether `source` blocks ingest. */
  trouble(source: TroubleSource, is: boolean): void;
  /** `accept`: the client's Accept header. */
  expose(accept: string): Promise<Exposition>;
}

/** A process that does not answer within this time counts as silent. Prometheus waits several seconds for a scrape. */
const deadlineMs = 500;

export function createCollectedMetrics({ workers, ingest, announced }: HostState): CollectedMetrics {
  const gather = createGather(deadlineMs);
  const host = createMeter(hostMetrics);
  const { metrics } = host;
  const own = createProcessMeter();
  metrics.build.set({ version: versionOfPackage(), revision: revisionOfPackage(), node: process.version }, 1);
  reloaded(true);

  function reloaded(succeeded: boolean): void {
    metrics.reloadSucceeded.set(Number(succeeded));
    if (succeeded) metrics.reloaded.set(Date.now() / 1000);
  }

  function updateHostMetrics(silent: readonly string[]): void {
    const newest = Math.max(
      announced()?.version ?? 0,
      ...workers().map(({ serving }) => serving?.version ?? 0),
    );
    for (const { slot, process: worker, serving } of workers()) {
      const up = worker.ready && !silent.includes(String(slot));
      metrics.workerUp.set({ slot }, Number(up));
      metrics.version.set({ slot }, serving?.version ?? 0);
      metrics.stale.set({ slot }, Number(serving?.stale ?? false));
      metrics.pinned.set({ slot }, Number(serving?.pinned ?? false));
      metrics.lag.set({ slot }, serving?.pinned === true ? 0 : newest - (serving?.version ?? 0));
    }
    const ingestSlot = ingest();
    // Not reset(): prom-client sets a gauge without labels to 0, which would be an alert on hosts without ingest.
    if (ingestSlot === null) metrics.ingestUp.remove();
    else metrics.ingestUp.set(Number(ingestSlot.ready && !silent.includes('ingest')));
    const last = announced();
    if (last === null) metrics.announced.remove();
    else metrics.announced.set(last.version);
    for (const slot of silent) metrics.silent.inc({ slot });
  }

  async function read(): Promise<Reading> {
    const { reading, silent } = await gather.gather();
    updateHostMetrics(silent);
    const [known, self] = await Promise.all([host.read(), own.read()]);
    return joined([known, reading, labelled(self, 'supervisor')]);
  }

  return {
    forSlot(slot) {
      metrics.silent.inc({ slot }, 0);
      for (const reason of reasons) metrics.restarts.inc({ slot, reason }, 0);
      if (slot === 'ingest') for (const source of ingestTroubles) metrics.trouble.set({ source }, 0);
      else metrics.refusals.inc({ slot }, 0);
      return {
        heard(message, { pid, send }) {
          // Before `ready` the process may miss the request. It would then never answer, and never be asked again.
          if (message.type === 'ready') gather.started(slot, pid, () => send({ type: 'measure' }));
          if (message.type === 'reading') gather.heard(pid, message.reading);
          if (message.type === 'refused') metrics.refusals.inc({ slot });
          if (message.type === 'mended') metrics.mended.inc(message.segments);
        },
        gone: gather.ended,
        died: (reason) => metrics.restarts.inc({ slot, reason: reasonOf(reason) }),
      };
    },
    retire(slot) {
      const { workerUp, version, stale, pinned, lag } = metrics;
      for (const metric of [workerUp, version, stale, pinned, lag]) metric.remove({ slot });
    },
    degraded: (actor, slot, is) => metrics.degraded.set({ actor, slot }, Number(is)),
    reloaded,
    trouble: (source, is) => metrics.trouble.set({ source }, Number(is)),
    expose: async (accept) => expose(await read(), accept),
    read,
    exporting(signal) {
      for (const outcome of ['sent', 'failed']) metrics.otlpExports.inc({ signal, outcome }, 0);
      if (signal === 'logs') metrics.otlpLinesDropped.inc(0);
    },
    exported: (signal, succeeded) =>
      metrics.otlpExports.inc({ signal, outcome: succeeded ? 'sent' : 'failed' }),
    linesDropped: (lines) => metrics.otlpLinesDropped.inc(lines),
  };
}

/** Values of the `reason` label: common signals, an exit code, the watchdog (`hung`), a failed fork, any other signal. */
const reasons = [
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGINT',
  'SIGKILL',
  'SIGSEGV',
  'SIGTERM',
  'SIGTRAP',
  'exit',
  'fork',
  'hung',
  'other',
] as const;

function reasonOf(reason: string): (typeof reasons)[number] {
  const found = reasons.find((one) => one === reason);
  if (found !== undefined) return found;
  if (reason.startsWith('SIG')) return 'other';
  if (reason.startsWith(cannotFork)) return 'fork';
  return reason.startsWith('exit code') ? 'exit' : 'hung';
}
