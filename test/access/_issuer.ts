// An OIDC issuer: its keys, the tokens that it signs, and a server with its documents.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import type { IssuerKeySet } from '#/access/tokens.ts';

export const audience = 'marquee';

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

export async function keyOf(kid: string, alg = 'ES256'): Promise<SigningKey> {
  return { kid, alg, ...(await generateKeyPair(alg, { extractable: true })) };
}

export async function keySetOf(keys: readonly SigningKey[]): Promise<IssuerKeySet> {
  const all = keys.map(async ({ kid, alg, publicKey }) => ({
    ...(await exportJWK(publicKey)),
    kid,
    alg,
    use: 'sig',
  }));
  return { keys: await Promise.all(all) };
}

export type Claims = { readonly [Name in keyof JWTPayload]?: JWTPayload[Name] | undefined };

/** A valid token, unless `claims` or `header` say otherwise. A claim that is undefined is left out. */
export function tokenOf(
  { kid, alg, privateKey }: SigningKey,
  issuer: string,
  claims: Claims = {},
  header: object = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const all = {
    iss: issuer,
    aud: audience,
    sub: 'shop',
    iat: now,
    exp: now + 600,
    scope: 'search:read',
    ...claims,
  };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new SignJWT(given).setProtectedHeader({ alg, kid, ...header }).sign(privateKey);
}

export interface IssuerServer {
  readonly url: string;
  /** Requests for its keys so far. */
  readonly asked: number;
  keys: IssuerKeySet;
  /** The status of its answers. */
  status: number;
}

export async function issuerFor(
  t: { teardown(end: () => unknown): void },
  keys: IssuerKeySet,
): Promise<IssuerServer> {
  let asked = 0;
  const server = createServer((request, response) => {
    if (request.url === '/keys') asked++;
    const document =
      request.url === '/keys' ? issuer.keys : { issuer: issuer.url, jwks_uri: `${issuer.url}/keys` };
    response.writeHead(issuer.status, { 'content-type': 'application/json' }).end(JSON.stringify(document));
  });
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const issuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get asked() {
      return asked;
    },
    keys,
    status: 200,
  };
  return issuer;
}
