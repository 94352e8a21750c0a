// Finds out who sends a request, from the headers `Authorization` and `X-API-Key`; never from the URL, which ends up in logs and
// histories. A key is looked up by its SHA-256. A token of the issuer is verified once, and then remembered until it expires.

import { timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Denial, Identity } from './identity.ts';
import { hashOf } from './key.ts';
import type { AccessRules } from './rules.ts';
import type { Verify } from './tokens.ts';

export interface Credentials {
  readonly authorization?: string | undefined;
  readonly 'x-api-key'?: string | string[] | undefined;
}

export interface Authenticator {
  /**
   * A promise only for a token that was not verified before. `connection`: remembers its last valid credential, so that the next
   * request with the same one needs no hash. Only who sent a secret is compared with it, so the time tells nothing about others.
   */
  identify(credentials: Credentials, connection?: object): Identity | Denial | Promise<Identity | Denial>;
  /** Replaces the rules: from now on, removed keys are refused. */
  use(rules: AccessRules): void;
  /** Forgets verified tokens: the issuer's keys have changed. */
  forget(): void;
}

const tokensKept = 4096;
const secretLengthMax = 8192;
const bearer = /^Bearer +([\w\-.~+/]+=*) *$/i;
/** Three parts of base64url: the compact form of a signed token. */
const signed = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export function createAuthenticator(
  given: AccessRules,
  verify: Verify | null,
  now: () => number,
): Authenticator {
  let known = byHash(given);
  let verifying = new Map<string, Promise<Identity | Denial>>();
  const verified = new LRUCache<string, Identity>({ max: tokensKept });
  let byConnection = new WeakMap<object, { readonly sent: string; readonly identity: Identity }>();

  /** Most keys do not expire, and reading the clock takes as long as finding one. */
  const holds = ({ expiresAt }: Identity): boolean => expiresAt === Infinity || expiresAt > now();

  /** Constant in time, although the digest that was looked up says nothing about a key. */
  function keyOf(hash: string): Identity | null {
    const found = known.get(hash);
    if (found === undefined || !timingSafeEqual(Buffer.from(hash, 'latin1'), found.digest)) return null;
    return holds(found.identity) ? found.identity : null;
  }

  async function verifiedBy(check: Verify, token: string, hash: string): Promise<Identity | Denial> {
    const begunIn = verifying;
    try {
      const identity = await check(token);
      // The issuer's keys may have changed meanwhile.
      if (typeof identity !== 'string' && begunIn === verifying) verified.set(hash, identity);
      return identity;
    } finally {
      begunIn.delete(hash);
    }
  }

  /** Many requests with a new token at the same time verify it once. */
  function verifyOnce(check: Verify, token: string, hash: string): Promise<Identity | Denial> {
    const running = verifying.get(hash);
    if (running !== undefined) return running;
    const begun = verifiedBy(check, token, hash);
    verifying.set(hash, begun);
    return begun;
  }

  return {
    identify(credentials, connection) {
      const sent = credentials.authorization ?? credentials['x-api-key'];
      const last = connection === undefined ? undefined : byConnection.get(connection);
      const isSame = last !== undefined && sent === last.sent && !hasTwo(credentials);
      if (isSame && holds(last.identity)) return last.identity;
      const secret = secretIn(credentials);
      if (secret === null || secret === '') return secret === null ? 'missing' : 'invalid';
      const hash = hashOf(secret);
      const key = keyOf(hash);
      if (key !== null) {
        if (connection !== undefined) byConnection.set(connection, { sent: sent as string, identity: key });
        return key;
      }
      if (verify === null || !signed.test(secret)) return 'invalid';
      const before = verified.get(hash);
      if (before === undefined) return verifyOnce(verify, secret, hash);
      if (holds(before)) return before;
      verified.delete(hash);
      return 'invalid';
    },
    use(rules) {
      known = byHash(rules);
      byConnection = new WeakMap();
    },
    forget() {
      verified.clear();
      verifying = new Map();
    },
  };
}

const hasTwo = ({ authorization, 'x-api-key': key }: Credentials): boolean =>
  authorization !== undefined && key !== undefined;

/** Null when there is none, empty when it is not valid. */
function secretIn({ authorization, 'x-api-key': key }: Credentials): string | null {
  if (authorization === undefined && key === undefined) return null;
  // Two credentials: one of them may be refused elsewhere.
  if (hasTwo({ authorization, 'x-api-key': key })) return '';
  const secret = authorization === undefined ? key : (bearer.exec(authorization)?.[1] ?? '');
  return typeof secret === 'string' && secret.length <= secretLengthMax ? secret : '';
}

interface Known {
  readonly digest: Buffer;
  readonly identity: Identity;
}

function byHash({ keys, adminTokenHash }: AccessRules): Map<string, Known> {
  const known = new Map<string, Known>();
  const add = (hash: string, identity: Identity): void =>
    void known.set(hash, { digest: Buffer.from(hash, 'latin1'), identity });
  for (const { name, hash, scopes, limit, expiresAt } of keys ?? [])
    add(hash, {
      name: `key:${name}`,
      scopes: new Set(scopes),
      limit,
      expiresAt: expiresAt ?? Infinity,
    });
  if (adminTokenHash !== null)
    add(adminTokenHash, {
      name: 'ADMIN_TOKEN',
      scopes: new Set(['admin']),
      limit: null,
      expiresAt: Infinity,
    });
  return known;
}
