// Who may use the admin port.

import test, { type ExecutionContext } from 'ava';
import { createAuthenticator } from '#/access/authenticator.ts';
import { hashOf, newKey } from '#/access/key.ts';
import { withAdminGuard } from '#/http/access/admin-guard.ts';
import { createAdminServer, type AdminDeps } from '#/http/admin.ts';
import { clientOf, type Client } from '../_support/api.ts';

const token = 'a-secret-of-admins';
const searcher = newKey();

async function adminFor(t: ExecutionContext, isOpen: boolean): Promise<Client & { readonly done: string[] }> {
  const done: string[] = [];
  const reloaded = { kind: 'reloaded' } as const;
  const deps = {
    ready: () => true,
    status: () => ({ version: 7 }),
    metrics: () => Promise.resolve({ text: 'up 1\n', contentType: 'text/plain' }),
    providers: () => new Map(),
    snapshots: () => Promise.resolve({}),
    reload: () => Promise.resolve(reloaded),
    pin: () => Promise.resolve({}),
    approvePublish: () => Promise.resolve({}),
  } as unknown as AdminDeps;
  const keys = [
    { name: 'shop', hash: hashOf(searcher), scopes: ['search:read'] as const, expiresAt: null, limit: null },
  ];
  const authenticator = createAuthenticator(
    { keys, issuer: null, adminTokenHash: hashOf(token) },
    null,
    Date.now,
  );
  const acted = (...what: string[]): void => void done.push(what.join(' '));
  const guard = { authenticator, isOpen: () => isOpen, acted };
  const server = createAdminServer(deps, (listener) => withAdminGuard(guard, listener));
  return { ...(await clientOf(t, server)), done };
}

const actions = [
  ['POST', '/reload'],
  ['POST', '/snapshots/1/pin'],
  ['DELETE', '/snapshots/pin'],
  ['POST', '/snapshots/approve'],
] as const;
const readings = ['/status', '/providers', '/snapshots', '/none', '/LIVEZ', '/livez/'];

test('a port that others reach: health and metrics are open, all else needs the scope admin', async (t) => {
  const { get, done } = await adminFor(t, false);
  for (const path of ['/livez', '/readyz', '/metrics']) t.is((await get(path)).status, 200, path);
  for (const [method, path] of [...actions, ...readings.map((one) => ['GET', one] as const)]) {
    t.is((await get(path, { method })).status, 401, path);
    t.is((await get(path, { method, headers: { 'x-api-key': `${token}x` } })).status, 401, path);
    t.is((await get(path, { method, headers: { 'x-api-key': searcher } })).status, 403, path);
    t.is((await get(`${path}?key=${token}`, { method })).status, 401, path);
  }
  // Another method on an open path.
  t.is((await get('/livez', { method: 'POST' })).status, 401);
  t.deepEqual(done, []);
  for (const [method, path] of actions)
    t.is((await get(path, { method, headers: { authorization: `Bearer ${token}` } })).status, 200, path);
  t.is((await get('/status', { headers: { authorization: `Bearer ${token}` } })).status, 200);
  t.deepEqual(
    done,
    actions.map((action) => `${action.join(' ')} ADMIN_TOKEN`),
  );
});

test('an open port needs no credential, but no web page may change anything', async (t) => {
  const { get, done } = await adminFor(t, true);
  t.is((await get('/status')).status, 200);
  for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:9000']) {
    const answer = await get('/reload', { method: 'POST', headers: { origin } });
    t.is(answer.status, 403, origin);
    t.is(((await answer.json()) as { error: { code: string } }).error.code, 'origin_refused');
  }
  t.deepEqual(done, []);
  t.is((await get('/reload', { method: 'POST' })).status, 200);
  t.deepEqual(done, ['POST /reload no credential']);
});
