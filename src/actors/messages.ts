// What the actors say to each other over IPC. The supervisor only passes on and remembers; it never acts for anybody.

import type { RunRow } from '#/archive/runs.ts';

/** From a child to the supervisor. */
export type ChildMessage =
  /** API worker: it listens and can answer, be it from an empty catalogue. Ingest: its schedule runs. */
  | { readonly type: 'ready' }
  /** API worker: what it serves now. */
  | {
      readonly type: 'serving';
      readonly version: number;
      readonly events: number;
      readonly segments: number;
      readonly loadedAt: number;
    }
  /** API worker: a snapshot failed a check; the old view stays. */
  | { readonly type: 'refused'; readonly version: number; readonly message: string }
  /** Ingest: a version was published and read back. */
  | { readonly type: 'announce'; readonly version: number }
  /** Ingest: how a run of a provider ended. */
  | { readonly type: 'run'; readonly provider: string; readonly run: RunRow; readonly quarantined: number };

/** From the supervisor to a child. */
export type SupervisorMessage =
  /** To API workers: there is news; read what is current. */
  | { readonly type: 'announced'; readonly version: number }
  /** To ingest: a worker refused this version; see whether the store still has it whole. */
  | { readonly type: 'repair'; readonly version: number }
  /** To all: end in good order. */
  | { readonly type: 'stop' };

/** Says it to the supervisor; when that is gone there is nobody to say it to. */
export function say(message: ChildMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

export function onSupervisor(listener: (message: SupervisorMessage) => void): void {
  process.on('message', (message) => listener(message as SupervisorMessage));
}
