// What the actors say to each other over IPC. The supervisor only passes on and remembers; it never acts for anybody.

import type { Config } from '#/config.ts';
import type { Held } from '#/archive/feed-state.ts';
import type { QuarantineRow, RunRow } from '#/archive/runs.ts';
import type { Published } from '#/archive/catalogue.ts';
import type { Holder } from '#/store/lease.ts';
import type { Reading } from '#/telemetry/reading.ts';
import type { SnapshotDiff } from '#/store/snapshot-diff.ts';

/** From a child to the supervisor. */
export type ChildMessage =
  /** It listens, and asks for its configuration. */
  | { readonly type: 'hello' }
  /** Its event loop turns, and this is how it fares. */
  | { readonly type: 'beat'; readonly vitals: Vitals }
  /** API worker: it listens on `port` and can answer, be it from an empty catalogue. Ingest: its schedule runs. */
  | { readonly type: 'ready'; readonly port?: number }
  /** API worker: it cannot listen, and ends. */
  | { readonly type: 'unable'; readonly message: string }
  /** API worker: what it serves now. */
  | {
      readonly type: 'serving';
      readonly version: number;
      readonly events: number;
      readonly segments: number;
      readonly loadedAt: number;
      /** An operator pinned it. */
      readonly pinned: boolean;
      /** The store of all hosts is away: it may be old. */
      readonly stale: boolean;
    }
  /** API worker: a snapshot failed a check; the old view stays. */
  | { readonly type: 'refused'; readonly version: number; readonly message: string }
  /** It wrote down why it crossed a limit; null when it could not. */
  | { readonly type: 'diagnosed'; readonly path: string | null }
  /** Ingest: a version was published and read back. */
  | { readonly type: 'announce'; readonly version: number; readonly cause: Cause | null }
  /** Ingest: so many stored segments were gone or broken, and are whole again. */
  | { readonly type: 'mended'; readonly segments: number }
  /** All: what `measure` asked for. */
  | { readonly type: 'reading'; readonly reading: Reading }
  /** Ingest: how a provider fares: whenever a run begins or ends, or the time of the next one is another. */
  | { readonly type: 'run'; readonly provider: string; readonly state: ProviderState }
  /** Ingest: who leads, as far as it knows; null when nobody does. */
  | { readonly type: 'leader'; readonly leader: Leader | null }
  /** What keeps ingest, or an API worker, from its work; null when that is over. */
  | { readonly type: 'trouble'; readonly source: TroubleSource; readonly message: string | null }
  /** Ingest: the answer to a question. */
  | { readonly type: 'answer'; readonly id: number; readonly answer: IngestResponse };

export type Serving = Extract<ChildMessage, { type: 'serving' }>;

/** `shared`: it writes to the archive that this host reads. */
export interface Leader extends Holder {
  readonly shared: boolean;
}

/** How a child fares, told with every beat. */
export interface Vitals {
  /** Mean delay of its event loop since the last beat. */
  readonly loopDelayMs: number;
  readonly rssMegabytes: number;
  /** Requests that were refused because it had too many, since it started. */
  readonly refused: number;
}

/** Where something may keep ingest from its work: the archive, the right to publish, the publishing itself, a hold. */
export const ingestTroubles = ['archive', 'lease', 'publish', 'held'] as const;

/** `store`: where an API worker looks for snapshots. */
export type TroubleSource = (typeof ingestTroubles)[number] | 'store';

/** The feed run that a version came of: the oldest one, where there are several. */
export interface Cause {
  /** When the provider was asked, in milliseconds since 1970. */
  readonly askedAt: number;
  /** W3C trace context; null when it is not traced. */
  readonly traceparent: string | null;
}

/** What the supervisor remembers of a provider, for `/status` and `/providers`. */
export interface ProviderState {
  readonly lastRun: RunRow | null;
  readonly quarantined: number;
  /** Withdrawals that wait for an operator. */
  readonly held: Held | null;
  readonly poll: PollState | null;
}

/** Why a publish is held. */
export interface HeldPublish {
  /** The version that stays. */
  readonly version: number;
  /** The archive that made it; null when it does not say. */
  readonly madeBy: string | null;
  /** This archive. */
  readonly archive: string;
  /** Published events that this archive does not have, or that cannot be read. */
  readonly missing: number;
  /** Some of their ids. */
  readonly examples: readonly string[];
}

/** When a provider is polled next, and how it has fared. */
export interface PollState {
  /** Half open: it was open, and a run tries whether the provider is back. */
  readonly breaker: 'closed' | 'open' | 'half open';
  readonly failures: number;
  /** Milliseconds since 1970; null while a run goes on. */
  readonly nextRunAt: number | null;
}

/** What an operator may ask of ingest. */
export type IngestRequest =
  | { readonly about: 'runs' | 'quarantine'; readonly provider: string; readonly limit: number }
  | { readonly about: 'approve'; readonly provider: string }
  | { readonly about: 'snapshots'; readonly limit: number }
  | { readonly about: 'pin'; readonly version: number }
  | { readonly about: 'unpin' }
  | { readonly about: 'approve-publish' }
  | { readonly about: 'diff'; readonly from: number; readonly to: number; readonly limit: number };

export type IngestResponse =
  | { readonly about: 'runs'; readonly runs: readonly RunRow[] }
  | { readonly about: 'quarantine'; readonly quarantine: readonly QuarantineRow[] }
  | { readonly about: 'approve'; readonly approved: Held | null }
  | { readonly about: 'snapshots'; readonly snapshots: readonly Published[]; readonly pinned: number | null }
  | { readonly about: 'pin' | 'unpin'; readonly pinned: number | null }
  | { readonly about: 'approve-publish'; readonly approved: HeldPublish | null }
  | ({ readonly about: 'diff' } & SnapshotDiff)
  | { readonly about: 'failure'; readonly message: string };

/** What a child may have too much of. */
export type Limit = 'memory' | 'loop';

/** From the supervisor to a child. */
export type SupervisorMessage =
  /** The answer to `hello`. */
  | { readonly type: 'configuration'; readonly config: Config }
  /** It has crossed a limit: write down why, for those who look later. */
  | { readonly type: 'diagnose'; readonly limit: Limit }
  /** To API workers: there is news; read what is current. */
  | { readonly type: 'announced'; readonly version: number; readonly cause: Cause | null }
  /** To all: tell your figures. */
  | { readonly type: 'measure' }
  /** To ingest: a question of an operator. */
  | { readonly type: 'ask'; readonly id: number; readonly question: IngestRequest }
  /** To all: end in good order; in no hurry when another has taken its place already. */
  | { readonly type: 'stop'; readonly hurry: boolean };

/** Says it to the supervisor; when that is gone there is nobody to say it to. */
export function say(message: ChildMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

export function onSupervisor(listener: (message: SupervisorMessage) => void): void {
  process.on('message', (message) => listener(message as SupervisorMessage));
}
