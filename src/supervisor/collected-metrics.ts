// The supervisor's side of the figures: what it knows by itself, and what the others tell when they are asked.

import { createGather, joined, labelled } from '#/telemetry/gather.ts';
import { expose, type Exposition } from '#/telemetry/expose.ts';
import { createMeter, createProcessMeter } from '#/telemetry/meter.ts';
import { hostMetrics } from '#/telemetry/metrics.ts';
import { versionOfPackage } from '#/kit/command-line/version.ts';
import type { Slot } from './slot.ts';
import { cannotFork, type LiveProcess } from './forked-process.ts';
import {
  ingestTroubles,
  type Cause,
  type ChildMessage,
  type Serving,
  type TroubleSource,
} from '#/actor/messages.ts';

/** What the supervisor remembers. */
export interface HostState {
  readonly workers: () => readonly {
    readonly slot: number;
    readonly process: Pick<Slot, 'ready'>;
    readonly serving: Serving | null;
  }[];
  readonly ingest: () => Pick<Slot, 'ready'> | null;
  readonly announced: () => { readonly version: number; readonly cause: Cause | null } | null;
}

/** What is seen of the processes of one slot, one after the other and side by side. */
export interface SlotMetrics {
  heard(message: ChildMessage, from: Pick<LiveProcess, 'pid' | 'send'>): void;
  gone(pid: number): void;
  /** It ended unasked. */
  died(reason: string): void;
}

export interface CollectedMetrics {
  /** `slot`: the number of an API worker, or `ingest`. */
  over(slot: string): SlotMetrics;
  /** There is no such slot any more. */
  retire(slot: string): void;
  /** Whether this actor keeps dying. */
  degraded(actor: string, is: boolean): void;
  /** Whether ingest is kept from its work by this. */
  trouble(source: TroubleSource, is: boolean): void;
  /** `accept`: the header of whoever asks. */
  expose(accept: string): Promise<Exposition>;
}

/** Prometheus waits some seconds; whoever is silent for half of one counts as such. */
const deadlineMs = 500;

export function createCollectedMetrics({ workers, ingest, announced }: HostState): CollectedMetrics {
  const gather = createGather(deadlineMs);
  const host = createMeter(hostMetrics);
  const { metrics } = host;
  const own = createProcessMeter();
  const freshest = new Map<string, number>();
  const observed = new Set<string>();
  metrics.build.set({ version: versionOfPackage(), node: process.version }, 1);

  function look(silent: readonly string[]): void {
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
    if (ingestSlot !== null) metrics.ingestUp.set(Number(ingestSlot.ready && !silent.includes('ingest')));
    const last = announced();
    if (last === null) metrics.announced.reset();
    else metrics.announced.set(last.version);
    for (const slot of silent) metrics.silent.inc({ slot });
  }

  function serves(slot: string, { version }: Serving): void {
    const last = announced();
    if (last === null || last.cause === null || version < last.version) return;
    if (freshest.get(slot) === last.version) return;
    freshest.set(slot, last.version);
    metrics.freshness.observe({ slot }, Math.max(0, Date.now() - last.cause.askedAt) / 1000);
  }

  return {
    over(slot) {
      metrics.silent.inc({ slot }, 0);
      for (const reason of reasons) metrics.restarts.inc({ slot, reason }, 0);
      if (slot === 'ingest') for (const source of ingestTroubles) metrics.trouble.set({ source }, 0);
      else {
        metrics.refusals.inc({ slot }, 0);
        if (!observed.has(slot)) metrics.freshness.zero({ slot });
        observed.add(slot);
      }
      return {
        heard(message, { pid, send }) {
          // Before that it may not listen yet: what it was asked it would never answer, and never be asked again.
          if (message.type === 'ready') gather.started(slot, pid, () => send({ type: 'measure' }));
          if (message.type === 'reading') gather.heard(pid, message.reading);
          if (message.type === 'serving') serves(slot, message);
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
    degraded: (actor, is) => metrics.degraded.set({ actor }, Number(is)),
    trouble: (source, is) => metrics.trouble.set({ source }, Number(is)),
    async expose(accept) {
      const { reading, silent } = await gather.gather();
      look(silent);
      const [known, self] = await Promise.all([host.read(), own.read()]);
      return expose(joined([known, reading, labelled(self, 'supervisor')]), accept);
    },
  };
}

/** What ends a process: the signals that are usual, an exit, a failed fork, the watchdog, and any other signal. */
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

/** One of them. */
function reasonOf(reason: string): (typeof reasons)[number] {
  const found = reasons.find((one) => one === reason);
  if (found !== undefined) return found;
  if (reason.startsWith('SIG')) return 'other';
  if (reason.startsWith(cannotFork)) return 'fork';
  return reason.startsWith('exit code') ? 'exit' : 'hung';
}
