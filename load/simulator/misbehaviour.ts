// The ways in which a provider can fail its clients, and how much of each may be asked for.

import { choice, expectOnly, readFields, whole } from './parameters.ts';

export interface Misbehaviour {
  /** Silence before the answer begins. */
  readonly latencyMs?: number;
  /** Answer with this status and an empty body. */
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  /** `html`: a page that says sorry, with status 200 and the wrong content type. */
  readonly body?: 'html';
  /** End the body after so many bytes, counted as they are sent: of the gzip, where there is one. */
  readonly truncateAt?: number;
  /** How a truncated body ends: `end` looks like success (the default), `reset` destroys the socket. */
  readonly cut?: 'end' | 'reset';
  readonly dripBytesPerSecond?: number;
  /** Send so many bytes, then nothing, and keep the connection. */
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

/** Takes an object of the fields above, as JSON has them. Throws Refused (400) for anything else. */
export function readMisbehaviour(given: unknown): Misbehaviour {
  const fields = readFields(misbehaviourFields, given as object);
  expectOnly(given as object, misbehaviourFields);
  return fields;
}

/** Whether an answer given so cannot tell its feed to the end; one that is merely late or slow can. */
export function spoils({ status, body, truncateAt, stallAfter }: Misbehaviour): boolean {
  return [status, body, truncateAt, stallAfter].some((fault) => fault !== undefined);
}
