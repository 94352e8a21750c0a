// Who a request is from: keys, tokens, and everything that only looks like one.

import { createHmac } from 'node:crypto';
import test from 'ava';
import { exportSPKI } from 'jose';
import { createAuthenticator, type Authenticator, type Credentials } from '#/access/authenticator.ts';
import type { Denial, Identity } from '#/access/identity.ts';
import { hashOf, newKey } from '#/access/key.ts';
import { parseKeys, usable } from '#/access/keys-file.ts';
import type { AccessRules, ApiKey } from '#/access/rules.ts';
import { createTokens } from '#/access/tokens.ts';
import { audience, keyOf, keySetOf, tokenOf, type Claims } from './_issuer.ts';

const url = 'https://issuer.example';
const issuer = { url, audience, algorithms: ['ES256', 'RS256'], keysUrl: null, toleranceSeconds: 30 };
const none: AccessRules = { keys: null, issuer: null, adminTokenHash: null };
const keyNamed = (name: string, secret: string, given: Partial<ApiKey> = {}): ApiKey => ({
  name,
  hash: hashOf(secret),
  scopes: ['search:read'],
  expiresAt: null,
  limit: null,
  ...given,
});
const nameOf = (who: Identity | Denial): string => (typeof who === 'string' ? who : who.name);
const asBearer = (secret: string): Credentials => ({ authorization: `Bearer ${secret}` });

test('a key is known by either header, in exactly one place, until it expires or is removed', async (t) => {
  const [secret, other] = [newKey(), newKey()];
  let now = 1000;
  const keys = [keyNamed('shop', secret, { limit: 7 }), keyNamed('old', other, { expiresAt: 2000 })];
  const authenticator = createAuthenticator({ ...none, keys }, null, () => now);
  const who = async (credentials: Credentials) => nameOf(await authenticator.identify(credentials));
  t.is(await who(asBearer(secret)), 'key:shop');
  t.is(await who({ 'x-api-key': secret }), 'key:shop');
  t.is(await who({ authorization: `bearer  ${secret} ` }), 'key:shop');
  t.is(await who(asBearer(other)), 'key:old');
  t.is(((await authenticator.identify(asBearer(secret))) as Identity).limit, 7);
  now = 2000;
  t.is(await who(asBearer(other)), 'invalid');
  t.is(await who({}), 'missing');
  for (const wrong of [
    asBearer(''),
    asBearer(`${secret}x`),
    asBearer(secret.slice(0, -1)),
    asBearer(secret.toUpperCase()),
    asBearer(hashOf(secret)),
    asBearer(`${secret}, Bearer ${secret}`),
    { authorization: secret },
    { authorization: `Basic ${Buffer.from(`shop:${secret}`).toString('base64')}` },
    { authorization: `Bearer ${secret}`, 'x-api-key': secret },
    { 'x-api-key': `${secret}, ${secret}` },
    { 'x-api-key': ['a', secret] },
    { 'x-api-key': '' },
    { 'x-api-key': 'x'.repeat(100_000) },
    { 'x-api-key': '__proto__' },
  ])
    t.is(await who(wrong), 'invalid', JSON.stringify(wrong).slice(0, 200));
  // What a connection sent before counts for the same credential only, until the rules change.
  const connection = {};
  const again = (credentials: Credentials) =>
    nameOf(authenticator.identify(credentials, connection) as Identity);
  for (let i = 0; i < 2; i++) t.is(again(asBearer(secret)), 'key:shop');
  t.is(again({ ...asBearer(secret), 'x-api-key': secret }), 'invalid');
  t.is(again(asBearer(other)), 'invalid');
  t.is(again({}), 'missing');
  t.is(again({ 'x-api-key': secret }), 'key:shop');
  authenticator.use({ ...none, keys: [] });
  t.is(again({ 'x-api-key': secret }), 'invalid');
  t.is(await who(asBearer(secret)), 'invalid');
});

test('the admin token allows admin only', async (t) => {
  const authenticator = createAuthenticator(
    { ...none, adminTokenHash: hashOf('a-secret-of-admins') },
    null,
    Date.now,
  );
  const who = (await authenticator.identify(asBearer('a-secret-of-admins'))) as Identity;
  t.deepEqual([...who.scopes], ['admin']);
});

async function withIssuer(): Promise<{
  readonly authenticator: Authenticator;
  readonly who: (token: string) => Promise<string>;
  readonly sign: (claims?: Claims, header?: object) => Promise<string>;
  readonly ec: Awaited<ReturnType<typeof keyOf>>;
  readonly rsa: Awaited<ReturnType<typeof keyOf>>;
  readonly asked: () => number;
}> {
  const [ec, rsa] = [await keyOf('ec'), await keyOf('rsa', 'RS256')];
  let asked = 0;
  const tokens = createTokens({ issuer, unknownKey: () => asked++, now: Date.now });
  tokens.use(await keySetOf([ec, rsa]));
  const authenticator = createAuthenticator({ ...none, issuer }, tokens.verify, Date.now);
  return {
    authenticator,
    who: async (token) => nameOf(await authenticator.identify(asBearer(token))),
    sign: (claims, header) => tokenOf(ec, url, claims, header),
    ec,
    rsa,
    asked: () => asked,
  };
}

const seconds = (): number => Math.floor(Date.now() / 1000);

test('a token of the issuer is accepted with its scopes, and remembered', async (t) => {
  const { authenticator, who, sign, rsa } = await withIssuer();
  const token = await sign({ scope: 'events:read openid admin' });
  const first = authenticator.identify(asBearer(token));
  t.true(first instanceof Promise);
  t.deepEqual([...((await first) as Identity).scopes], ['events:read', 'admin']);
  t.false(authenticator.identify(asBearer(token)) instanceof Promise);
  t.is(await who(await tokenOf(rsa, url)), 'token:shop');
  t.is(await who(await sign({ aud: ['other', audience] })), 'token:shop');
  t.is(await who(await sign({ exp: seconds() - 20 })), 'token:shop', 'within the tolerance');
  authenticator.forget();
  t.true(authenticator.identify(asBearer(token)) instanceof Promise);
});

test('a new token is verified once for all requests that have it, and not remembered when the keys change meanwhile', async (t) => {
  const waiting: ((who: Identity) => void)[] = [];
  const check = () => new Promise<Identity>((resolve) => waiting.push(resolve));
  const authenticator = createAuthenticator({ ...none, issuer }, check, Date.now);
  const identity: Identity = { name: 'token:shop', scopes: new Set(), limit: null, expiresAt: Infinity };
  const ask = () => authenticator.identify(asBearer('a.b.c'));
  const asked = [ask(), ask(), ask()];
  t.is(waiting.length, 1);
  authenticator.forget();
  const later = ask();
  t.is(waiting.length, 2);
  waiting[0]!(identity);
  for (const one of asked) t.is(await one, identity);
  t.true(ask() instanceof Promise, 'by the keys of before');
  waiting[1]!(identity);
  t.is(await later, identity);
  t.is(ask(), identity);
});

test('a token is refused that is expired, not yet valid, or of another issuer, audience, algorithm or key', async (t) => {
  const { who, sign, ec, rsa } = await withIssuer();
  const stranger = await keyOf('ec');
  const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const [head = '', body = '', signature = ''] = (await sign()).split('.');
  const claims = { iss: url, aud: audience, sub: 'shop', exp: seconds() + 600, scope: 'admin' };
  const unsigned = (alg: string): string => `${encoded({ alg })}.${encoded(claims)}.`;
  const hs = `${encoded({ alg: 'HS256', kid: 'rsa' })}.${encoded(claims)}`;
  const secretOf = async (): Promise<string> => exportSPKI(rsa.publicKey);
  const confused = `${hs}.${createHmac('sha256', await secretOf())
    .update(hs)
    .digest('base64url')}`;
  const wrong: Record<string, string> = {
    expired: await sign({ exp: seconds() - 31 }),
    'not yet valid': await sign({ nbf: seconds() + 60 }),
    'without an expiry': await sign({ exp: undefined }),
    'without a subject': await sign({ sub: undefined }),
    'with an empty subject': await sign({ sub: '' }),
    'of another issuer': await sign({ iss: 'https://issuer.example.evil' }),
    'of the issuer with a slash': await sign({ iss: `${url}/` }),
    'for another audience': await sign({ aud: 'other' }),
    'without an audience': await sign({ aud: undefined }),
    'of a stranger with the same key id': await tokenOf(stranger, url),
    'with a key of its own in the header': await tokenOf(
      stranger,
      url,
      {},
      { jwk: (await keySetOf([stranger])).keys[0] },
    ),
    'with a key address of its own': await tokenOf(stranger, url, {}, { jku: 'https://evil.example/keys' }),
    'with the algorithm none': unsigned('none'),
    'with the algorithm nOnE': `${unsigned('nOnE')}${signature}`,
    'signed with the public key as a secret': confused,
    'with another body': `${head}.${encoded(claims)}.${signature}`,
    'with a damaged signature': `${head}.${body}.${signature.slice(0, -4)}AAAA`,
    'without a signature': `${head}.${body}.`,
    'with a critical header that is unknown': await sign({}, { crit: ['exp'], exp: 1 }).catch(
      () => `${head}x.${body}.x`,
    ),
    'with a key id of a path': await tokenOf(ec, url, {}, { kid: '../../../dev/null' }),
    'that is not a token': 'a.b.c',
  };
  for (const [which, token] of Object.entries(wrong)) t.is(await who(token), 'invalid', which);
});

test('an algorithm that the issuer uses and the configuration does not name is refused', async (t) => {
  const ps = await keyOf('ps', 'PS256');
  const tokens = createTokens({ issuer, unknownKey: () => undefined, now: Date.now });
  tokens.use(await keySetOf([ps]));
  t.is(nameOf(await tokens.verify(await tokenOf(ps, url))), 'invalid');
});

test('a storm of unknown key ids asks for keys at most once a second', async (t) => {
  const { who, asked } = await withIssuer();
  const stranger = await keyOf('x');
  for (let i = 0; i < 50; i++) t.is(await who(await tokenOf({ ...stranger, kid: `k${i}` }, url)), 'invalid');
  t.true(asked() >= 1 && asked() <= 3, `${asked()}`);
});

test('before any keys were read, a token cannot be verified, and is not called invalid', async (t) => {
  const tokens = createTokens({ issuer, unknownKey: () => undefined, now: Date.now });
  t.is(await tokens.verify('a.b.c'), 'unverifiable');
});

test('a file of keys reports every fault with its place, and nothing of its content', (t) => {
  const good = { name: 'shop', hash: `sha256:${'0'.repeat(64)}`, scopes: ['search:read'] };
  const faults = (...keys: object[]): string => {
    const read = parseKeys(JSON.stringify({ keys }));
    return 'faults' in read ? read.faults.join('; ') : '';
  };
  t.is(faults(good), '');
  t.regex(faults(good, good), /expected each name once/);
  t.regex(faults({ ...good, hash: 'mqk_secret' }), /^keys\.0\.hash: expected sha256:/);
  t.regex(
    faults({ ...good, scopes: ['search:raed'] }),
    /keys\.0\.scopes\.0: expected .* Did you mean search:read\?/,
  );
  t.regex(faults({ ...good, scopes: [] }), /at least one scope/);
  t.regex(faults({ ...good, key: 'mqk_secret' }), /key/);
  t.regex(faults({ ...good, expiresAt: 'tomorrow' }), /expiresAt: expected an instant/);
  t.notRegex(faults({ ...good, hash: 'mqk_secret', expiresAt: 'hunter2' }), /mqk_secret|hunter2/);
  t.deepEqual(parseKeys('{"keys": [mqk_secret'), { faults: ['expected valid JSON'] });
  const read = parseKeys(JSON.stringify({ keys: [{ ...good, revokedAt: '2026-01-01T00:00:00Z' }] }));
  t.deepEqual('entries' in read && usable(read.entries), []);
});
