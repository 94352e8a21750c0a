// An actor that the supervisor keeps: a place that is always filled, by a process that is watched, and replaced in good
// order when it takes too much.

import { fileURLToPath } from 'node:url';
import type { LimitFunction } from 'p-limit';
import type { Config } from '#/config.ts';
import { heapFlags } from '#/kit/machine/memory.ts';
import type { Log } from '#/telemetry/log.ts';
import { createSlot, type Slot } from './slot.ts';
import { cannotFork } from './forked-process.ts';
import { createLimits, type Limits } from './limits.ts';
import type { ChildMessage } from '#/actor/messages.ts';
import type { Patience, Watchdog } from './watchdog.ts';
import type { SlotMetrics } from './collected-metrics.ts';

export interface SupervisedProcess {
  readonly slot: Slot;
  readonly limits: Limits;
  /** Gives it this configuration in good order. Null when that is done, or why the new one did not become ready. */
  renew(config: Config): Promise<string | null>;
}

export interface SupervisedProcessDeps {
  readonly config: () => Config;
  readonly watchdog: Watchdog;
  /** One replacement in good order at a time: all workers but one answer at any moment. */
  readonly oneAtATime: LimitFunction;
  readonly stopMs: number;
  readonly log: Log;
  /** Sees every process of it come, talk and go. */
  readonly watch: SlotMetrics;
  readonly heard: (message: ChildMessage) => void;
  readonly died: () => void;
  /** It keeps dying, or does so no more. */
  readonly degraded: (is: boolean) => void;
}

interface Kind {
  readonly module: string;
  /** Flags for node. */
  readonly nodeArgs: readonly string[];
  /** A worker answers within milliseconds; ingest is busy with, and held up by, its database at times. */
  readonly patience: Patience;
  /** Two workers may stand side by side; of ingest there is one. */
  readonly newFirst: boolean;
  readonly memoryMegabytes: (config: Config) => number;
  readonly loopDelayMs: (config: Config) => number;
}

const kinds = {
  api: {
    module: '../api/api.ts',
    nodeArgs: [],
    patience: { frozenMs: 1200, spinningMs: 1500, silentMs: 5000 },
    newFirst: true,
    memoryMegabytes: (config) => config.apiMemoryMegabytes,
    loopDelayMs: (config) => config.loopDelayMs,
  },
  ingest: {
    module: '../ingest/ingest.ts',
    // Buffers of 64 KB that have been read are let go of when their small objects are collected: the sooner the better.
    nodeArgs: ['--max-semi-space-size=2'],
    patience: { frozenMs: 1200, spinningMs: 10_000, silentMs: 30_000 },
    newFirst: false,
    memoryMegabytes: (config) => config.ingestMemoryMegabytes,
    loopDelayMs: () => 0,
  },
} satisfies Record<string, Kind>;

/** To load modules and a whole catalogue. */
const readyMs = 60_000;

/** `slot`: its number, or `ingest`. */
export function superviseProcess(
  kindName: keyof typeof kinds,
  slot: string,
  name: string,
  deps: SupervisedProcessDeps,
): SupervisedProcess {
  const { config, watchdog, oneAtATime, stopMs, log, watch, heard, died, degraded } = deps;
  const kind: Kind = kinds[kindName];

  const renew = (next: Config): Promise<string | null> =>
    oneAtATime(() =>
      kind.newFirst
        ? filled.replace(next, { readyMs, stopMs })
        : filled.restart(next, stopMs).then(() => null),
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
    nodeArgs: (given) => [...kind.nodeArgs, ...heapFlags(kind.memoryMegabytes(given))],
    args: [slot],
    config: config(),
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
        log.error(`${name} ${wordsOf(reason)} in ${restartInMs} ms`);
        if (filled.degraded) log.fatal(`${name} keeps dying: degraded until one holds out`);
        watch.died(reason);
        degraded(filled.degraded);
        died();
      },
      recovered() {
        log.info(`${name} has held out: it is no longer degraded`);
        degraded(false);
      },
    },
  });
  return { slot: filled, limits, renew };
}

const wordsOf = (reason: string): string =>
  reason.startsWith(cannotFork)
    ? `${reason}; it is tried again`
    : `died (${reason}); another takes its place`;
