// The body of `/status`, built from the supervisor's own state: it answers even when every other process hangs.

import type { SupervisedProcess } from './processes/supervised-process.ts';
import type { Leader, ProviderState, Serving } from '#/actor/messages.ts';

export interface ApiWorker {
  readonly slot: number;
  readonly supervised: SupervisedProcess;
  serving: Serving | null;
  refusals: number;
  /** Why the worker cannot read the shared snapshot store; null when it can. */
  trouble: string | null;
}

/** `degraded`: at least one actor is in a crash loop. */
export type State = 'running' | 'degraded' | 'reloading' | 'stopping';

export interface StatusInput {
  readonly state: State;
  readonly ready: boolean;
  readonly startedAt: number;
  /** Of each API worker. */
  readonly connectionsMax: number;
  readonly announced: number | null;
  readonly apiWorkers: readonly ApiWorker[];
  readonly ingest: SupervisedProcess | null;
  readonly troubles: ReadonlyMap<string, string>;
  /** Null when no host leads, or when this host runs no ingest. */
  readonly leader: Leader | null;
  readonly providers: ReadonlyMap<string, ProviderState>;
}

export function statusOf({
  state,
  ready,
  startedAt,
  connectionsMax,
  announced,
  apiWorkers,
  ingest,
  troubles,
  leader,
  providers,
}: StatusInput): object {
  const newest = apiWorkers
    .flatMap(({ serving }) => serving ?? [])
    .toSorted((a, b) => b.version - a.version)[0];
  return {
    state,
    version: newest?.version ?? 0,
    events: newest?.events ?? 0,
    segments: newest?.segments ?? 0,
    ageSeconds: newest === undefined ? null : secondsSince(newest.loadedAt),
    announced,
    pinned: apiWorkers.some(({ serving }) => serving?.pinned === true),
    stale: apiWorkers.some(({ serving }) => serving?.stale === true),
    ready,
    connectionsMax,
    uptimeSeconds: secondsSince(startedAt),
    workers: apiWorkers.map(({ slot, supervised, serving, refusals, trouble }) => ({
      slot,
      ...processStatus(supervised),
      version: serving?.version ?? null,
      stale: serving?.stale ?? false,
      refusals,
      troubles: trouble === null ? {} : { store: trouble },
      refusedRequests: supervised.slot.vitals?.refused ?? 0,
    })),
    ingest: ingest === null ? null : { ...processStatus(ingest), troubles: Object.fromEntries(troubles) },
    leader: leader === null ? null : { host: leader.host, admin: leader.admin, here: leader.here },
    providers: Object.fromEntries(providersOf({ leader, providers })),
  };
}

export const unknownProvider: ProviderState = { lastRun: null, quarantined: 0, held: null, poll: null };

/** When another host leads with its own archive, only that host knows the state of the providers: `ask` names it. */
export function providersOf({
  leader,
  providers,
}: Pick<StatusInput, 'leader' | 'providers'>): ReadonlyMap<
  string,
  ProviderState & { readonly ask?: string }
> {
  if (leader === null || leader.here || leader.shared) return providers;
  const ask = nameOf(leader);
  return new Map(Array.from(providers.keys(), (name) => [name, { ...unknownProvider, ask }]));
}

/** The host, with the address of its admin port where that is known. */
export const nameOf = ({ host, admin }: Leader): string => (admin === null ? host : `${host} (${admin})`);

function processStatus({ slot, limits }: SupervisedProcess): object {
  const { pid, ready, restarts, degraded, vitals } = slot;
  return {
    pid,
    ready,
    restarts,
    degraded,
    overLimit: limits.over,
    limits: { memoryMegabytes: limits.max.memoryMegabytes, loopDelayMs: limits.max.loopDelayMs },
    rssMegabytes: vitals === null ? null : Math.round(vitals.rssMegabytes),
    loopDelayMs: vitals === null ? null : Math.round(vitals.loopDelayMs),
  };
}

const secondsSince = (instant: number): number => Math.round((Date.now() - instant) / 1000);
