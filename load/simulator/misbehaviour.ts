// The faults of a provider, and the limits of each.

import { choice, expectOnly, readFields, whole } from './parameters.ts';

export interface Misbehaviour {
  /** A delay before the answer starts. */
  readonly latencyMs?: number;
  /** Answer with this status and an empty body. */
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  /** `html`: an error page with status 200 and the wrong content type. */
  readonly body?: 'html';
  /** End the body after this many bytes as sent: of the compressed body, if it is compressed. */
  readonly truncateAt?: number;
  /** How a truncated body ends: `end` looks like success (the default), `reset` destroys the socket. */
  readonly cut?: 'end' | 'reset';
  readonly dripBytesPerSecond?: number;
  /** Send this many bytes, then nothing, and keep the connection open. */
  readonly stallAfter?: number;
}

const bytes = { min: 0, max: 10_000_000_000 };

export const misbehaviourFields = {
  latencyMs: whole({ min: 0, max: 600_000 }),
  status: whole({ min: 200, max: 599 }),
  retryAfterSeconds: whole({ min: 0, max: 86_400 }),
  body: choice('html'),
  truncateAt: whole(bytes),
  cut: choice('end', 'reset'),
  dripBytesPerSecond: whole({ min: 1, max: 1_000_000_000 }),
  stallAfter: whole(bytes),
};

/** Reads an object with the fields above from JSON. Throws Refused (400) for anything else. */
export function readMisbehaviour(given: unknown): Misbehaviour {
  const fields = readFields(misbehaviourFields, given as object);
  expectOnly(given as object, misbehaviourFields);
  return fields;
}

/** Whether these faults prevent a complete answer; delays and slow bodies do not. */
export function spoils({ status, body, truncateAt, stallAfter }: Misbehaviour): boolean {
  return [status, body, truncateAt, stallAfter].some((fault) => fault !== undefined);
}
