// One rule of RFC 9110 or RFC 9112: a request, and what its answer must be.

import type { ExecutionContext } from 'ava';
import type { Answer } from './_answers.ts';

export interface Row {
  /** `9112/3.2` is section 3.2 of RFC 9112. */
  readonly section: string;
  readonly title: string;
  /** A request; an empty line is added when it has none at its end. */
  readonly bytes: string;
  readonly status: number;
  /** The code of the error in the envelope. */
  readonly code?: string;
  /** Whether the connection stays open for the next request. */
  readonly kept: boolean;
  readonly check?: (t: ExecutionContext, answer: Answer) => void;
}

/** The first line and the headers, without the empty line. */
export const request = (first: string, ...headers: string[]): string =>
  [first, ...headers].map((line) => `${line}\r\n`).join('');

export const host = 'Host: x';
export const malformed = { status: 400, code: 'bad_request', kept: false } as const;
export const found = { status: 200, kept: true } as const;
