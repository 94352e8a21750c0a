// The messages between ingest and the thread of the archive.

import type { Absorbed } from '#/archive/absorbing/absorb.ts';
import type { AbsorbCall } from './absorb-call.ts';
import type { Answer, Query } from './database.ts';

/** A request, and the type of its result. */
export interface Requests {
  query: [request: Query, result: Answer];
  /** Within the transaction that earlier queries began. */
  absorb: [request: AbsorbCall, result: Absorbed];
  /** Loads what absorbs, unless it is there. */
  prepare: [request: null, result: null];
  endFirstLoad: [request: null, result: null];
  /** Closes the file; the thread then ends. */
  close: [request: null, result: null];
}

export type Kind = keyof Requests;

export type Asked = {
  [K in Kind]: { readonly id: number; readonly kind: K; readonly request: Requests[K][0] };
}[Kind];

export interface Answered {
  readonly id: number;
  readonly result: Requests[Kind][1];
  /** The error of SQLite, with its fields; null when there is none. */
  readonly error: { readonly message: string; readonly fields: object } | null;
}
