// Verifies tokens of the OIDC issuer: RFC 7519 with the advice of RFC 8725. The algorithm is one of those configured, whatever the
// token says; the keys are those of the issuer that were read last.

import type { JSONWebKeySet, JWTPayload } from 'jose';
import type { Denial, Identity } from './identity.ts';
import type { Issuer } from './rules.ts';
import { isScope, type Scope } from './scopes.ts';

/** The public keys of an issuer: RFC 7517, section 5. */
export type IssuerKeySet = JSONWebKeySet;

/** Resolves to why the token is refused, or to whose it is. Never rejects. */
export type Verify = (token: string) => Promise<Identity | Denial>;

export interface TokensOptions {
  readonly issuer: Issuer;
  /** Called when a token names a key that is not among the issuer's, at most once a second. */
  readonly unknownKey: () => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Tokens {
  readonly verify: Verify;
  /** Replaces the issuer's keys. */
  use(keys: IssuerKeySet): void;
}

const askEveryMs = 1000;
const nameLengthMax = 128;

/** jose is loaded with the first keys: without an issuer no process needs it. */
export function createTokens({ issuer, unknownKey, now }: TokensOptions): Tokens {
  let keys: IssuerKeySet | null = null;
  let check: Promise<Verify> | null = null;
  let askedAt = -Infinity;

  function ask(): void {
    if (now() - askedAt < askEveryMs) return;
    askedAt = now();
    unknownKey();
  }

  async function load(given: IssuerKeySet): Promise<Verify> {
    const { createLocalJWKSet, errors, jwtVerify } = await import('jose');
    const keySet = createLocalJWKSet(given);
    const { url, audience, algorithms, toleranceSeconds } = issuer;
    return async (token) => {
      try {
        const { payload } = await jwtVerify(token, keySet, {
          issuer: url,
          audience,
          algorithms: [...algorithms],
          clockTolerance: toleranceSeconds,
          requiredClaims: ['exp', 'sub'],
          currentDate: new Date(now()),
        });
        return identityOf(payload, toleranceSeconds);
      } catch (error) {
        if (error instanceof errors.JWKSNoMatchingKey) ask();
        return 'invalid';
      }
    };
  }

  return {
    async verify(token) {
      if (keys === null) {
        ask();
        return 'unverifiable';
      }
      check ??= load(keys);
      return (await check)(token);
    },
    use(given) {
      keys = given;
      check = null;
    },
  };
}

function identityOf(payload: JWTPayload, toleranceSeconds: number): Identity | Denial {
  const { sub = '', exp = 0, scope, scp } = payload;
  if (sub === '') return 'invalid';
  const texts = [scope, scp].flat().filter((one) => typeof one === 'string');
  const allowed = texts.flatMap((text) => text.split(' ')).filter(isScope);
  return {
    name: `token:${sub.slice(0, nameLengthMax)}`,
    scopes: new Set<Scope>(allowed),
    limit: null,
    expiresAt: (exp + toleranceSeconds) * 1000,
  };
}
