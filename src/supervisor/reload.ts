// Applies a new configuration without losing a request. The configuration is refused as a whole if any part is not valid.
// API workers are replaced one by one, each new one ready before the old one stops; then ingest restarts. If a new worker
// does not become ready, the workers that were replaced roll back to the old configuration.

import { isDeepStrictEqual } from 'node:util';
import type { AccessRules } from '#/access/rules.ts';
import { ConfigError } from '#/config-fault.ts';
import type { Config } from '#/config.ts';
import { messageOf } from '#/kit/errors.ts';
import type { Log } from '#/telemetry/log.ts';

export type ReloadOutcome =
  | { readonly kind: 'reloaded'; readonly workers: number; readonly tookMs: number }
  | { readonly kind: 'refused'; readonly faults: readonly string[] }
  /** `kept`: the API workers that could not be taken back, and keep the new configuration. */
  | { readonly kind: 'aborted'; readonly reason: string; readonly kept: readonly number[] }
  | { readonly kind: 'busy' };

export interface ReloadDeps {
  readonly current: () => Config;
  /** Throws ConfigError. */
  readonly read: () => Config;
  readonly workers: () => number;
  /** Resolves to null when the new worker runs, or to why it did not become ready. */
  readonly renewWorker: (slot: number, config: Config) => Promise<string | null>;
  /** Starts or stops workers until their number is the configured one. */
  readonly fitWorkers: (config: Config) => Promise<void>;
  readonly renewIngest: (config: Config) => Promise<unknown>;
  /** Puts the rules of access into use in the processes that run. */
  readonly useAccess: (rules: AccessRules) => void;
  /** Makes this the configuration of every process that starts from now on. */
  readonly adopt: (config: Config) => void;
  readonly isStopping: () => boolean;
  /** A reload that began has ended. */
  readonly ended: (succeeded: boolean) => void;
  readonly log: Log;
}

export interface Reload {
  /** `by` names the trigger, for the log. Never rejects. */
  run(by: string): Promise<ReloadOutcome>;
  readonly isRunning: boolean;
}

/** Settings that old and new processes share while both run: changing one needs a restart. */
const fixed: Readonly<Record<string, keyof Config>> = {
  HOST: 'host',
  PORT: 'port',
  ADMIN_HOST: 'adminHost',
  ADMIN_PORT: 'adminPort',
  DATA_DIR: 'dataDir',
  ARCHIVE_URL: 'archiveUrl',
  REDIS_URL: 'redis',
  REDIS_PREFIX: 'redisPrefix',
  ROLES: 'roles',
};

export function createReload(deps: ReloadDeps): Reload {
  const { log } = deps;
  let running = false;

  async function once(by: string): Promise<ReloadOutcome> {
    if (running || deps.isStopping()) return { kind: 'busy' };
    running = true;
    try {
      return await roll(deps, by);
    } finally {
      running = false;
    }
  }

  return {
    get isRunning() {
      return running;
    },
    async run(by) {
      const outcome = await once(by);
      if (outcome.kind !== 'busy') deps.ended(outcome.kind === 'reloaded');
      if (outcome.kind === 'reloaded') log.info(outcome, `${by}: reloaded ${outcome.workers} API workers`);
      else log[outcome.kind === 'busy' ? 'warn' : 'error'](outcome, `${by}: ${messageFor(outcome)}`);
      return outcome;
    },
  };
}

async function roll(deps: ReloadDeps, by: string): Promise<ReloadOutcome> {
  const startedAt = performance.now();
  // 1. Read the configuration; refuse it as a whole if any part is not valid
  const read = readAgain(deps.read, deps.current());
  if (read.config === null) return { kind: 'refused', faults: read.faults };
  const next = read.config;
  deps.log.info(`${by}: reloading`);
  // A revoked key is refused at once: replacing the workers takes seconds, and may fail.
  deps.useAccess(next.access);
  const old = deps.current();
  // 2. Replace the workers one by one
  const count = Math.min(deps.workers(), next.apiWorkers);
  for (let slot = 0; slot < count; slot++) {
    const failed = await deps.renewWorker(slot, next);
    if (failed === null && !deps.isStopping()) continue;
    if (deps.isStopping()) return { kind: 'busy' };
    // 3. If one fails, roll back those before it
    const kept: number[] = [];
    for (let back = slot - 1; back >= 0; back--) if (!(await takenBack(deps, back, old))) kept.unshift(back);
    return { kind: 'aborted', reason: `API worker ${slot} did not become ready: ${failed}`, kept };
  }
  deps.adopt(next);
  await deps.fitWorkers(next);
  // 4. Restart ingest when all workers run
  await deps.renewIngest(next);
  return { kind: 'reloaded', workers: deps.workers(), tookMs: Math.round(performance.now() - startedAt) };
}

const takeBackTries = 3;

/** Whether the worker has the old configuration again. What kept the new worker from starting may also do that to this one. */
async function takenBack(
  { renewWorker, isStopping }: ReloadDeps,
  slot: number,
  old: Config,
): Promise<boolean> {
  for (let tries = 0; tries < takeBackTries && !isStopping(); tries++)
    if ((await renewWorker(slot, old)) === null) return true;
  return false;
}

function readAgain(
  read: () => Config,
  old: Config,
): { config: Config; faults?: never } | { config: null; faults: string[] } {
  try {
    const config = read();
    const faults = Object.entries(fixed)
      .filter(([, key]) => !isDeepStrictEqual(config[key], old[key]))
      .map(
        ([name]) =>
          `${name}: got another value than at the start, expected the same: changing it needs a restart`,
      );
    return faults.length === 0 ? { config } : { config: null, faults };
  } catch (error) {
    return { config: null, faults: error instanceof ConfigError ? [...error.faults] : [messageOf(error)] };
  }
}

/** The outcome for `POST /reload`, with a message when the reload failed. */
export const responseOf = (outcome: ReloadOutcome) =>
  outcome.kind === 'reloaded' ? outcome : { kind: outcome.kind, message: messageFor(outcome) };

function messageFor(outcome: Exclude<ReloadOutcome, { kind: 'reloaded' }>): string {
  if (outcome.kind === 'refused')
    return `The configuration is not valid, the old configuration stays: ${outcome.faults.join('; ')}`;
  if (outcome.kind === 'aborted') {
    const { reason, kept } = outcome;
    if (kept.length === 0) return `The reload was rolled back, the old configuration stays: ${reason}`;
    return `The reload was rolled back, except API worker ${kept.join(', ')}, which keeps the new configuration until the next reload: ${reason}`;
  }
  return 'Another reload runs, or the system is stopping.';
}
