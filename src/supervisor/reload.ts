// A new configuration without a request lost: read, refused as a whole if anything is wrong with it, and given to one new
// API worker after the other, each ready before the old one ends; then to ingest. Should a new one not become ready, those
// that were replaced go back to the old configuration, and nothing has changed.

import { isDeepStrictEqual } from 'node:util';
import { ConfigError } from '#/config-fault.ts';
import type { Config } from '#/config.ts';
import { messageOf } from '#/kit/errors.ts';
import type { Log } from '#/telemetry/log.ts';

export type ReloadOutcome =
  | { readonly kind: 'reloaded'; readonly workers: number; readonly tookMs: number }
  /** Something is wrong with the configuration: every fault. */
  | { readonly kind: 'refused'; readonly faults: readonly string[] }
  /** A new worker did not become ready. */
  | { readonly kind: 'aborted'; readonly reason: string }
  /** Another reload, or the end, is under way. */
  | { readonly kind: 'busy' };

export interface ReloadDeps {
  readonly present: () => Config;
  /** Throws ConfigError. */
  readonly read: () => Config;
  /** How many API workers there are. */
  readonly workers: () => number;
  /** Null when it is done, or why the new one did not become ready. */
  readonly renewWorker: (slot: number, config: Config) => Promise<string | null>;
  /** Starts or ends workers until there are as many as wanted. */
  readonly fitWorkers: (config: Config) => Promise<void>;
  readonly renewIngest: (config: Config) => Promise<unknown>;
  /** From now on this is the configuration. */
  readonly adopt: (config: Config) => void;
  readonly isEnding: () => boolean;
  readonly log: Log;
}

export interface Reload {
  /** `by` says who asked, for the log. Never rejects. */
  run(by: string): Promise<ReloadOutcome>;
  readonly isRunning: boolean;
}

/** What the processes share while old and new ones live side by side. */
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
    if (running || deps.isEnding()) return { kind: 'busy' };
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
      if (outcome.kind === 'reloaded') log.info(outcome, `${by}: reloaded ${outcome.workers} API workers`);
      else log[outcome.kind === 'busy' ? 'warn' : 'error'](outcome, `${by}: ${wordsOf(outcome)}`);
      return outcome;
    },
  };
}

async function roll(deps: ReloadDeps, by: string): Promise<ReloadOutcome> {
  const startedAt = performance.now();
  const old = deps.present();
  // 1. Read, and refuse as a whole
  const read = readAgain(deps.read, old);
  if (read.config === null) return { kind: 'refused', faults: read.faults };
  const next = read.config;
  deps.log.info(`${by}: reloading`);
  // 2. One worker after the other
  const count = Math.min(deps.workers(), next.apiWorkers);
  for (let slot = 0; slot < count; slot++) {
    const failed = await deps.renewWorker(slot, next);
    if (failed === null && !deps.isEnding()) continue;
    if (deps.isEnding()) return { kind: 'busy' };
    // 3. Should one fail, those before it go back
    for (let back = slot - 1; back >= 0; back--) await deps.renewWorker(back, old);
    return { kind: 'aborted', reason: `API worker ${slot} did not become ready: ${failed}` };
  }
  deps.adopt(next);
  await deps.fitWorkers(next);
  // 4. Those that support them, when those that answer are safe
  await deps.renewIngest(next);
  return { kind: 'reloaded', workers: deps.workers(), tookMs: Math.round(performance.now() - startedAt) };
}

function readAgain(
  read: () => Config,
  old: Config,
): { config: Config; faults?: never } | { config: null; faults: string[] } {
  try {
    const config = read();
    const faults = Object.entries(fixed)
      .filter(([, key]) => !isDeepStrictEqual(config[key], old[key]))
      .map(([name]) => `${name}: got another value than at the start, expected the same: it takes a restart`);
    return faults.length === 0 ? { config } : { config: null, faults };
  } catch (error) {
    return { config: null, faults: error instanceof ConfigError ? [...error.faults] : [messageOf(error)] };
  }
}

/** With words for whoever asked, where it was not done. */
export const told = (outcome: ReloadOutcome) =>
  outcome.kind === 'reloaded' ? outcome : { kind: outcome.kind, message: wordsOf(outcome) };

function wordsOf(outcome: Exclude<ReloadOutcome, { kind: 'reloaded' }>): string {
  if (outcome.kind === 'refused')
    return `The configuration is not valid, nothing has changed: ${outcome.faults.join('; ')}`;
  if (outcome.kind === 'aborted')
    return `The reload was taken back, the old configuration stays: ${outcome.reason}`;
  return 'Another reload, or the end of the system, is under way.';
}
