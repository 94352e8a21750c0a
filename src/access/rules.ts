// Who may do what, as configured. The supervisor reads the rules and sends them to the API workers; they contain digests of keys,
// never keys.

import type { Scope } from './scopes.ts';

export interface ApiKey {
  readonly name: string;
  /** SHA-256 of the key, as 64 hex digits. */
  readonly hash: string;
  readonly scopes: readonly Scope[];
  /** Milliseconds since 1970; null: it does not expire. */
  readonly expiresAt: number | null;
  /** Tokens per window; null: the common limit. */
  readonly limit: number | null;
}

/** An OIDC issuer whose tokens are accepted. */
export interface Issuer {
  readonly url: string;
  readonly audience: string;
  /** Asymmetric algorithms only: with a symmetric one, the public key would be the secret. */
  readonly algorithms: readonly string[];
  /** Null: the issuer's discovery document names it. */
  readonly keysUrl: string | null;
  readonly toleranceSeconds: number;
}

export interface AccessRules {
  /** Without revoked keys; null when no file of keys is configured. */
  readonly keys: readonly ApiKey[] | null;
  readonly issuer: Issuer | null;
  /** SHA-256 of the admin token, as 64 hex digits. */
  readonly adminTokenHash: string | null;
}

/** Whether operations of the public port need a credential. */
export const isClosed = ({ keys, issuer }: AccessRules): boolean => keys !== null || issuer !== null;

/** Whether any credential for the admin port is configured. */
export const hasAdmin = ({ keys, issuer, adminTokenHash }: AccessRules): boolean =>
  adminTokenHash !== null || issuer !== null || keys?.some((key) => key.scopes.includes('admin')) === true;

/** What API workers need of the rules: the admin port is not theirs. */
export const forWorkers = (rules: AccessRules): AccessRules => ({ ...rules, adminTokenHash: null });
