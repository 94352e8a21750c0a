// Who may use which operation of the public port.

import test, { type ExecutionContext } from 'ava';
import { createAuthenticator } from '#/access/authenticator.ts';
import { hashOf, newKey } from '#/access/key.ts';
import type { Scope } from '#/access/scopes.ts';
import { withGuard, type RefusalReason } from '#/http/access/guard.ts';
import { requiredScope } from '#/http/access/required-scope.ts';
import { routeList } from '#/http/contract/routes.ts';
import { apiFor, type Client } from '../_support/api.ts';

interface Guarded extends Client {
  readonly reasons: RefusalReason[];
  readonly keys: Readonly<Record<'searcher' | 'lister' | 'admin', string>>;
}

async function guardedFor(t: ExecutionContext): Promise<Guarded> {
  const keys = { searcher: newKey(), lister: newKey(), admin: newKey() };
  const allowed: Record<keyof typeof keys, Scope[]> = {
    searcher: ['search:read'],
    lister: ['events:read', 'changes:read'],
    admin: ['admin'],
  };
  const entries = Object.entries(allowed).map(([name, scopes]) => ({
    name,
    hash: hashOf(keys[name as keyof typeof keys]),
    scopes,
    expiresAt: null,
    limit: null,
  }));
  const authenticator = createAuthenticator(
    { keys: entries, issuer: null, adminTokenHash: null },
    null,
    Date.now,
  );
  const reasons: RefusalReason[] = [];
  const refused = (reason: RefusalReason): void => void reasons.push(reason);
  const api = await apiFor(t, undefined, {
    guard: (listener) => withGuard({ authenticator, refused }, listener),
  });
  return { ...api, reasons, keys };
}

const codeOf = async (answer: Response): Promise<string> =>
  ((await answer.json()) as { error: { code: string } }).error.code;

test('each operation needs its scope, and documentation needs none', async (t) => {
  const { get, keys, reasons } = await guardedFor(t);
  for (const [, { path, scope, method }] of routeList) {
    if (method !== 'get' || path.includes('{')) continue;
    const status = async (key?: string): Promise<number> =>
      (await get(path, key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } })).status;
    if (scope === null) {
      t.true((await status()) < 400, path);
      continue;
    }
    t.is(await status(), 401, path);
    t.is(await status('nonsense'), 401, path);
    t.is(await status(keys.admin), 403, path);
    t.is((await status(keys.searcher)) === 403, scope !== 'search:read', path);
    t.is((await status(keys.lister)) === 403, scope === 'search:read', path);
  }
  t.true(reasons.includes('credential_missing') && reasons.includes('credential_invalid'));
  t.true(reasons.includes('scope_missing'));
});

test('a refusal says how to authenticate, by RFC 6750', async (t) => {
  const { get, keys } = await guardedFor(t);
  const missing = await get('/search');
  t.is(missing.headers.get('www-authenticate'), 'Bearer realm="marquee"');
  t.is(await codeOf(missing), 'credential_missing');
  const invalid = await get('/search', { headers: { 'x-api-key': 'mqk_none' } });
  t.is(invalid.headers.get('www-authenticate'), 'Bearer realm="marquee", error="invalid_token"');
  t.is(await codeOf(invalid), 'credential_invalid');
  const scope = await get('/search', { headers: { 'x-api-key': keys.lister } });
  t.is(
    scope.headers.get('www-authenticate'),
    'Bearer realm="marquee", error="insufficient_scope", scope="search:read"',
  );
  t.is(await codeOf(scope), 'scope_missing');
  t.is((await get('/search', { method: 'HEAD' })).status, 401);
});

test('a key in the URL, in a cookie or as a user is not a credential', async (t) => {
  const { get, keys } = await guardedFor(t);
  for (const name of ['api_key', 'key', 'access_token', 'X-API-Key', 'Authorization'])
    t.is((await get(`/search?${name}=${keys.searcher}`)).status, 401, name);
  t.is((await get('/search', { headers: { cookie: `key=${keys.searcher}` } })).status, 401);
  const basic = Buffer.from(`${keys.searcher}:`).toString('base64');
  t.is((await get('/search', { headers: { authorization: `Basic ${basic}` } })).status, 401);
});

test('no other form of a path avoids the guard', async (t) => {
  const { get, raw, keys } = await guardedFor(t);
  const forms = (path: string): string[] => [
    path.toUpperCase(),
    `${path}/`,
    `/${path}`,
    `${path};x`,
    `/.${path}`,
    `/docs/..${path}`,
    `/docs/%2e%2e${path}`,
    `%2F${path.slice(1)}`,
    path.replace(/e/, '%65'),
    path.replace(/e/, '%45'),
    `${path}%00`,
    `${path}%3F`,
    `${path}#`,
    `http://localhost${path}`,
    `${path}?scope=none`,
  ];
  for (const path of ['/search', '/events', '/events/histogram', '/changes'])
    for (const form of forms(path)) {
      const target = form.startsWith('%') ? `/${form}` : form;
      const answer = await raw(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      t.regex(answer, /^HTTP\/1\.1 (?:400|401|404) /, target);
    }
  // With a credential, what is unknown is a 404.
  t.is((await get('/none', { headers: { 'x-api-key': keys.searcher } })).status, 404);
  t.is((await get('/none')).status, 401);
});

test('the scope of a path is that of its route', (t) => {
  for (const [, { path, scope }] of routeList) {
    const filled = path.replaceAll(/\{\w+\}/g, 'x-1.ics');
    t.is(requiredScope(filled), scope, path);
    t.is(requiredScope(`${filled}?starts_at=2021`), scope, path);
    t.is(
      requiredScope(`${filled}/x`),
      path === '/' || path === '/events' ? requiredScope(`${filled}/x`) : 'any',
      path,
    );
  }
  t.is(requiredScope('/none'), 'any');
});

test('a preflight needs no credential, and may ask for the headers of one', async (t) => {
  const authenticator = createAuthenticator({ keys: [], issuer: null, adminTokenHash: null }, null, Date.now);
  const guard = (listener: Parameters<typeof withGuard>[1]) =>
    withGuard({ authenticator, refused: () => undefined }, listener);
  const api = await apiFor(t, undefined, { cors: '*', guard });
  const headers = { origin: 'https://shop.example', 'access-control-request-method': 'GET' };
  const answer = await api.get('/search', { method: 'OPTIONS', headers });
  t.is(answer.status, 204);
  t.regex(answer.headers.get('access-control-allow-headers') ?? '', /Authorization, .*X-API-Key/);
  const refused = await api.get('/search', { headers: { origin: 'https://shop.example' } });
  t.is(refused.status, 401);
  t.is(refused.headers.get('access-control-allow-origin'), '*');
});
