// Who sends a request.

import type { Scope } from './scopes.ts';

export interface Identity {
  /** For logs and limits: `key:NAME`, `token:SUBJECT`. */
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  /** Tokens per window; null: the common limit. */
  readonly limit: number | null;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Why a request has no identity. `unverifiable`: the issuer's keys could not be read yet. */
export type Denial = 'missing' | 'invalid' | 'unverifiable';
