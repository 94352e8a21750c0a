// The messages that the actors exchange over IPC. The supervisor stores them or passes them on.

import type { AccessRules } from '#/access/rules.ts';
import type { IssuerKeySet } from '#/access/tokens.ts';
import type { Config } from '#/config.ts';
import type { Held } from '#/archive/runs/held.ts';
import type { QuarantineRow, RunRow } from '#/archive/runs/runs.ts';
import type { Published } from '#/archive/catalogue.ts';
import type { Inspection } from '#/domain/inspection.ts';
import type { Holder } from '#/store/lease.ts';
import type { Reading } from '#/telemetry/reading.ts';
import type { DiffPage } from '#/store/diff/page.ts';

/** From a child to the supervisor. */
export type ChildMessage =
  /** All: it receives messages, and requests its configuration. */
  | { readonly type: 'hello' }
  /** All: the heartbeat. */
  | { readonly type: 'beat'; readonly vitals: Vitals }
  /** API worker: it listens on `port` and answers, perhaps from an empty catalogue. Ingest: its resources are open. */
  | { readonly type: 'ready'; readonly port?: number }
  /** API worker: it cannot listen on its port, and exits. */
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
      /** The shared snapshot store is unreachable: the catalogue may be old. */
      readonly stale: boolean;
    }
  /** API worker: a snapshot failed a check; the worker keeps serving the old view. */
  | { readonly type: 'refused'; readonly version: number; readonly message: string }
  /** All: the path of the diagnostics that it wrote; null when it could not write them. */
  | { readonly type: 'diagnosed'; readonly path: string | null }
  /** All: the answer to `profile`: the path of the file; null when it could not be written. */
  | { readonly type: 'profiled'; readonly id: number; readonly path: string | null }
  /** API worker: the answer to `askedDays`. */
  | { readonly type: 'askedDays'; readonly id: number; readonly asked: AskedDaysReading }
  /** API worker: a token names a key that is not among the issuer's. */
  | { readonly type: 'unknownKey' }
  /** API worker: a client takes tokens of its limit; a negative number gives some back. */
  | {
      readonly type: 'consume';
      readonly id: number;
      readonly client: string;
      readonly tokens: number;
      readonly windowMs: number;
    }
  /** Ingest: a version was published and read back. `traceparent`: W3C trace context; null when it is not traced. */
  | { readonly type: 'announce'; readonly version: number; readonly traceparent: string | null }
  /** Ingest: this many stored segments were missing or damaged, and have been repaired. */
  | { readonly type: 'mended'; readonly segments: number }
  /** All: the metric readings that `measure` requested. */
  | { readonly type: 'reading'; readonly reading: Reading }
  /** All: lines that it logged, to be sent by OTLP, and the number of further lines that it dropped. */
  | { readonly type: 'lines'; readonly lines: readonly string[]; readonly dropped: number }
  /** Ingest: the state of a provider, whenever a run begins or ends, or the time of the next run changes. */
  | { readonly type: 'run'; readonly provider: string; readonly state: ProviderState }
  /** Ingest: the host that leads, as far as this one knows; null when none does. */
  | { readonly type: 'leader'; readonly leader: Leader | null }
  /** What blocks ingest, or an API worker; null when that is over. */
  | { readonly type: 'trouble'; readonly source: TroubleSource; readonly message: string | null }
  /** Ingest: the answer to an operator's request. */
  | { readonly type: 'answer'; readonly id: number; readonly answer: IngestResponse };

export type Serving = Extract<ChildMessage, { type: 'serving' }>;

/** `shared`: the leader writes to the archive that this host reads. */
export interface Leader extends Holder {
  readonly shared: boolean;
}

/** The load of a child process, sent with every heartbeat. */
export interface Vitals {
  /** Mean delay of its event loop since the last heartbeat. */
  readonly loopDelayMs: number;
  readonly rssMegabytes: number;
  /** Requests that it refused because it was overloaded, since it started. */
  readonly refused: number;
}

/** What may block ingest: the archive, the lease, a failed publish, a held publish. */
export const ingestTroubles = ['archive', 'lease', 'publish', 'held'] as const;

/** `store`: the snapshot store of an API worker. */
export type TroubleSource = (typeof ingestTroubles)[number] | 'store';

/** What the supervisor knows of a provider, for `/status` and `/providers`. */
export interface ProviderState {
  readonly lastRun: RunRow | null;
  readonly quarantined: number;
  /** Withdrawals that wait for an operator. */
  readonly held: Held | null;
  readonly poll: PollState | null;
}

/** Why a publish is held. */
export interface HeldPublish {
  /** The published version, which stays. */
  readonly version: number;
  /** The archive that published it; null when unknown. */
  readonly madeBy: string | null;
  /** This archive. */
  readonly archive: string;
  /** The number of published events that this archive does not have, or that cannot be read. */
  readonly missing: number;
  /** Some of their ids. */
  readonly examples: readonly string[];
}

/** When a provider is polled next, and the state of its circuit breaker. */
export interface PollState {
  /** Half open: it was open, and a run is testing whether the provider answers again. */
  readonly breaker: 'closed' | 'open' | 'half open';
  readonly failures: number;
  /** Milliseconds since 1970; null during a run. */
  readonly nextRunAt: number | null;
}

/** The answer to a request to run a provider now. `following`: this host does not lead. */
export type RunNow = 'due' | 'running' | 'following';

/** Requests of an operator to ingest. */
export type IngestRequest =
  | { readonly about: 'runs' | 'quarantine'; readonly provider: string; readonly limit: number }
  | { readonly about: 'approve' | 'run'; readonly provider: string }
  | { readonly about: 'snapshots'; readonly limit: number }
  | { readonly about: 'pin'; readonly version: number }
  | { readonly about: 'unpin' }
  | { readonly about: 'approve-publish' }
  | {
      readonly about: 'diff';
      readonly from: number;
      readonly to: number;
      readonly limit: number;
      readonly cursor: string | null;
    }
  | { readonly about: 'inspect'; readonly inspection: Inspection };

export type IngestResponse =
  | { readonly about: 'runs'; readonly runs: readonly RunRow[] }
  | { readonly about: 'quarantine'; readonly quarantine: readonly QuarantineRow[] }
  | { readonly about: 'approve'; readonly approved: Held | null }
  | { readonly about: 'run'; readonly run: RunNow }
  | { readonly about: 'snapshots'; readonly snapshots: readonly Published[]; readonly pinned: number | null }
  | { readonly about: 'pin' | 'unpin'; readonly pinned: number | null }
  | { readonly about: 'approve-publish'; readonly approved: HeldPublish | null }
  | ({ readonly about: 'diff' } & DiffPage)
  | { readonly about: 'inspect'; readonly found: object }
  /** `code`: see domain/inspection.ts. */
  | { readonly about: 'refused'; readonly code: string; readonly message: string }
  | { readonly about: 'failure'; readonly message: string };

/** Which days the queries asked for that one API worker has answered. */
export interface AskedDaysReading {
  /** When it began to count, in milliseconds since 1970 UTC. */
  readonly since: number;
  /** All searches. */
  readonly searches: number;
  /** Those of more than a year, or with an open bound: they are not counted by day. */
  readonly wide: number;
  /** Those with a bound outside the days that are counted. */
  readonly outside: number;
  /** UTC days since 1970 that were asked for, in order, and how often. */
  readonly days: readonly (readonly [day: number, searches: number])[];
}

/** What a child process may exceed. */
export type Limit = 'memory' | 'loop';

/** From the supervisor to a child. */
export type SupervisorMessage =
  /** The answer to `hello`. */
  | { readonly type: 'configuration'; readonly config: Config }
  /** To all: it exceeds this limit, and must write diagnostics. */
  | { readonly type: 'diagnose'; readonly limit: Limit }
  /** To all: write a CPU profile of so many seconds. */
  | { readonly type: 'profile'; readonly id: number; readonly seconds: number }
  /** To API workers: these rules of access hold from now on. */
  | { readonly type: 'access'; readonly rules: AccessRules }
  /** To API workers: the public keys of the issuer of tokens. */
  | { readonly type: 'issuerKeys'; readonly keys: IssuerKeySet }
  /** To API workers: the answer to `consume`. */
  | { readonly type: 'consumed'; readonly id: number; readonly used: number; readonly resetsInMs: number }
  /** To API workers: the current version may have changed. */
  | { readonly type: 'announced'; readonly version: number; readonly traceparent: string | null }
  /** To all: send metric readings. */
  | { readonly type: 'measure' }
  /** To API workers: send which days were asked for. */
  | { readonly type: 'askedDays'; readonly id: number }
  /** To ingest: a request of an operator. */
  | { readonly type: 'ask'; readonly id: number; readonly question: IngestRequest }
  /** To all: stop gracefully; not `urgent` when a successor has taken over already. */
  | { readonly type: 'stop'; readonly urgent: boolean };

/** Drops the message when the supervisor has exited. */
export function sendToSupervisor(message: ChildMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

export function onSupervisorMessage(listener: (message: SupervisorMessage) => void): void {
  process.on('message', (message) => listener(message as SupervisorMessage));
}
