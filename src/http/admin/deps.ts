// What the admin port asks of the supervisor.

import type { Action } from '#/http/access/action.ts';
import type { InspectionDeps } from '#/http/inspection/handlers.ts';

export interface AdminDeps extends InspectionDeps {
  /** Whether this host can answer searches; without API workers, whether ingest is ready. */
  readonly ready: () => boolean;
  readonly status: () => object;
  /** `accept`: the client's Accept header. */
  readonly metrics: (accept: string) => Promise<{ text: string; contentType: string }>;
  /** By name: last run, quarantine, held withdrawals, and the time of the next poll. */
  readonly providers: () => ReadonlyMap<string, object>;
  /** The newest `limit` rows. Rejects when ingest does not answer in time. */
  readonly history: (about: 'runs' | 'quarantine', provider: string, limit: number) => Promise<object>;
  /** Makes the next run of the provider due at once. Rejects when ingest does not answer in time. */
  readonly run: (provider: string) => Promise<RunRequested>;
  /** The newest `limit` kept snapshots. Rejects when ingest does not answer in time, like the next two. */
  readonly snapshots: (limit: number) => Promise<object>;
  /** Null unpins. */
  readonly pin: (version: number | null) => Promise<object>;
  /** `cursor`: null for the first page. */
  readonly diff: (from: number, to: number, limit: number, cursor: string | null) => Promise<object>;
  /** Approves held withdrawals; null when none are held. Rejects when ingest does not answer in time. */
  readonly approve: (provider: string) => Promise<object | null>;
  /** Approves the held publish; null when none is held. Rejects when ingest does not answer in time. */
  readonly approvePublish: () => Promise<object | null>;
  /** The newest `limit` actions of operators. */
  readonly actions: (limit: number) => Promise<readonly Action[]>;
  /** Takes a CPU profile of the process of a slot. Never rejects. */
  readonly profile: (slot: string, seconds: number) => Promise<Profiled>;
  /** Reads the configuration again and applies it to every process. Never rejects. */
  readonly reload: () => Promise<Reloaded>;
}

/** `written`: the path of a `.cpuprofile` file. `unknown`: `slots` has those of this host. */
export type Profiled =
  | { readonly kind: 'written'; readonly path: string }
  | { readonly kind: 'busy' }
  | { readonly kind: 'unknown'; readonly slots: readonly string[] }
  | { readonly kind: 'failed'; readonly message: string };

/** The result of a reload, with a message when it failed. */
export type Reloaded =
  | { readonly kind: 'reloaded'; readonly workers: number; readonly tookMs: number }
  | { readonly kind: 'refused' | 'aborted' | 'busy'; readonly message: string };

/** `following`: another host leads, or none; `leader` names it, with the address of its admin port where it is known. */
export type RunRequested =
  | { readonly kind: 'due' }
  | { readonly kind: 'running' }
  | { readonly kind: 'following'; readonly leader: string | null };
