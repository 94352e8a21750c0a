// What `/status` tells: all of it from what the supervisor remembers, so that it answers whatever else is stuck.

import type { SupervisedProcess } from './supervised-process.ts';
import type { Leader, ProviderState, Serving } from '#/actor/messages.ts';

export interface ApiWorker {
  readonly slot: number;
  readonly supervised: SupervisedProcess;
  serving: Serving | null;
  refusals: number;
  /** Why it cannot ask the store of all hosts; null when it can. */
  trouble: string | null;
}

/** `degraded`: some actor keeps dying. */
export type State = 'running' | 'degraded' | 'reloading' | 'stopping';

export interface Standing {
  readonly state: State;
  readonly ready: boolean;
  readonly startedAt: number;
  /** Of each API worker. */
  readonly connectionsMax: number;
  readonly announced: number | null;
  readonly apiWorkers: readonly ApiWorker[];
  readonly ingest: SupervisedProcess | null;
  readonly troubles: ReadonlyMap<string, string>;
  /** Null when nobody leads, or when this host runs no ingest. */
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
}: Standing): object {
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
      ...standingOf(supervised),
      version: serving?.version ?? null,
      stale: serving?.stale ?? false,
      refusals,
      troubles: trouble === null ? {} : { store: trouble },
      refusedRequests: supervised.slot.vitals?.refused ?? 0,
    })),
    ingest: ingest === null ? null : { ...standingOf(ingest), troubles: Object.fromEntries(troubles) },
    leader: leader === null ? null : { host: leader.host, admin: leader.admin, here: leader.here },
    providers: Object.fromEntries(providersOf({ leader, providers })),
  };
}

export const unknownProvider: ProviderState = { lastRun: null, quarantined: 0, held: null, poll: null };

/** Of a host that leads with an archive of its own, only that one knows: `ask` names it. */
export function providersOf({
  leader,
  providers,
}: Pick<Standing, 'leader' | 'providers'>): ReadonlyMap<string, ProviderState & { readonly ask?: string }> {
  if (leader === null || leader.here || leader.shared) return providers;
  const ask = leader.admin === null ? leader.host : `${leader.host} (${leader.admin})`;
  return new Map(Array.from(providers.keys(), (name) => [name, { ...unknownProvider, ask }]));
}

function standingOf({ slot, limits }: SupervisedProcess): object {
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
