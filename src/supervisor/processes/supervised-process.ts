// An actor under supervision: a slot whose process the watchdog watches, and which is replaced when it exceeds a limit.

import { fileURLToPath } from 'node:url';
import type { LimitFunction } from 'p-limit';
import type { Config } from '#/config.ts';
import { heapFlags } from '#/kit/machine/memory.ts';
import type { Log } from '#/telemetry/log.ts';
import { configurationFor, type ChildKind } from './child-configuration.ts';
import { createSlot, type Slot } from './slot.ts';
import { cannotFork } from './forked-process.ts';
import { createLimits, type Limits } from './limits.ts';
import type { ChildMessage } from '#/actor/messages.ts';
import type { Patience, Watchdog } from './watchdog.ts';
import type { SlotMetrics } from '#/supervisor/collected-metrics.ts';

export interface SupervisedProcess {
  readonly slot: Slot;
  readonly limits: Limits;
  /** Replaces the process by one with this configuration. Resolves to null, or to why the new one did not become ready. */
  renew(config: Config): Promise<string | null>;
}

export interface SupervisedProcessDeps {
  readonly config: () => Config;
  readonly watchdog: Watchdog;
  /** Allows one replacement at a time: all other workers keep answering. */
  readonly oneAtATime: LimitFunction;
  readonly stopMs: number;
  readonly log: Log;
  /** Receives the start, messages and exit of every process of the slot. */
  readonly watch: SlotMetrics;
  readonly heard: (message: ChildMessage) => void;
  readonly died: () => void;
  /** Called when the slot becomes degraded, or recovers. */
  readonly degraded: (is: boolean) => void;
}

interface Kind {
  readonly module: string;
  /** Command-line flags for node. */
  readonly nodeArgs: readonly string[];
  /** See `heapFlags`. */
  readonly heapMegabytesMax?: number;
  /** A worker never blocks for long; ingest may be busy with its database, or wait for it. */
  readonly patience: Patience;
  /** Two workers may run at the same time in one slot; ingest must stop before its successor starts. */
  readonly newFirst: boolean;
  readonly memoryMegabytes: (config: Config) => number;
  readonly loopDelayMs: (config: Config) => number;
}

const kinds = {
  api: {
    module: '../../api/api.ts',
    nodeArgs: ['--expose-gc'],
    patience: { frozenMs: 1200, spinningMs: 1500, silentMs: 5000 },
    newFirst: true,
    memoryMegabytes: (config) => config.apiMemoryMegabytes,
    loopDelayMs: (config) => config.loopDelayMs,
  },
  ingest: {
    module: '../../ingest/ingest.ts',
    // The memory of a 64 KB buffer is freed when V8 collects its small object: with a small young generation, that is sooner. It is for
    // the main thread only: see sizeThreadsByTheirLimits.
    nodeArgs: ['--max-semi-space-size=2'],
    heapMegabytesMax: 1536,
    patience: { frozenMs: 1200, spinningMs: 10_000, silentMs: 30_000 },
    newFirst: false,
    memoryMegabytes: (config) => config.ingestMemoryMegabytes,
    loopDelayMs: () => 0,
  },
} satisfies Record<ChildKind, Kind>;

/** Time for a new process to load its modules and a whole catalogue. */
const readyMs = 60_000;

/** `slot`: the number of an API worker, or `ingest`. `name` is for log messages. */
export function superviseProcess(
  kindName: ChildKind,
  slot: string,
  name: string,
  deps: SupervisedProcessDeps,
): SupervisedProcess {
  const { config, watchdog, oneAtATime, stopMs, log, watch, heard, died, degraded } = deps;
  const kind: Kind = kinds[kindName];

  const renew = (next: Config): Promise<string | null> =>
    oneAtATime(() =>
      kind.newFirst
        ? filled.replace(configurationFor(kindName, next), { readyMs, stopMs })
        : filled.restart(configurationFor(kindName, next), stopMs).then(() => null),
    );
  const limits = createLimits({
    name,
    max: () => ({ memoryMegabytes: kind.memoryMegabytes(config()), loopDelayMs: kind.loopDelayMs(config()) }),
    diagnose: (limit) => filled.send({ type: 'diagnose', limit }),
    replace: () => renew(config()),
    log,
    now: () => performance.now(),
  });
  const filled: Slot = createSlot({
    exec: fileURLToPath(new URL(kind.module, import.meta.url)),
    nodeArgs: (given) => [...kind.nodeArgs, ...heapFlags(kind.memoryMegabytes(given), kind.heapMegabytesMax)],
    args: [slot],
    config: configurationFor(kindName, config()),
    watchdog,
    patience: kind.patience,
    events: {
      message(message) {
        if (message.type === 'beat') limits.beat(message.vitals);
        else if (message.type === 'diagnosed') limits.diagnosed(message.path);
        else heard(message);
      },
      heard: watch.heard,
      gone: watch.gone,
      started: (pid) => log.debug({ pid }, `${name} started`),
      died(reason, restartInMs) {
        log.error(`${name} ${messageFor(reason)} in ${restartInMs} ms`);
        if (filled.degraded) log.fatal(`${name} is in a crash loop: degraded until a process keeps running`);
        watch.died(reason);
        degraded(filled.degraded);
        died();
      },
      recovered() {
        log.info(`${name} runs steadily: no longer degraded`);
        degraded(false);
      },
    },
  });
  return { slot: filled, limits, renew };
}

const messageFor = (reason: string): string =>
  reason.startsWith(cannotFork) ? `${reason}; retrying` : `exited unexpectedly (${reason}); restarting`;
