// Who may use the admin port.

import test, { type ExecutionContext } from 'ava';
import { createAuthenticator } from '#/access/authenticator.ts';
import { hashOf, newKey } from '#/access/key.ts';
import type { Action } from '#/http/access/action.ts';
import { withAdminGuard } from '#/http/access/admin-guard.ts';
import { createAdminServer } from '#/http/admin.ts';
import type { AdminDeps } from '#/http/admin/deps.ts';
import { isOwnPage } from '#/http/access/own-page.ts';
import { clientOf, type Client } from '../_support/api.ts';
import { until } from '../system/_system.ts';

const token = 'a-secret-of-admins';
const searcher = newKey();

async function adminFor(t: ExecutionContext, isOpen: boolean): Promise<Client & { readonly done: Action[] }> {
  const done: Action[] = [];
  const reloaded = { kind: 'reloaded', workers: 1, tookMs: 1 } as const;
  const deps = {
    ready: () => true,
    status: () => ({ version: 7 }),
    metrics: () => Promise.resolve({ text: 'up 1\n', contentType: 'text/plain' }),
    providers: () => new Map([['north', {}]]),
    snapshots: () => Promise.resolve({}),
    reload: () => Promise.resolve(reloaded),
    pin: () => Promise.resolve({}),
    approvePublish: () => Promise.resolve({}),
    actions: () => Promise.resolve([]),
    run: () => Promise.resolve({ kind: 'running' }),
  } as unknown as AdminDeps;
  const keys = [
    { name: 'shop', hash: hashOf(searcher), scopes: ['search:read'] as const, expiresAt: null, limit: null },
  ];
  const authenticator = createAuthenticator(
    { keys, issuer: null, adminTokenHash: hashOf(token) },
    null,
    Date.now,
  );
  const acted = (action: Action): void => void done.push(action);
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
const readings = [
  '/status',
  '/providers',
  '/snapshots',
  '/actions',
  '/none',
  '/LIVEZ',
  '/livez/',
  '/pages',
  '/pages/a/b',
];

const summaryOf = ({ method, path, by, from, status }: Action): string =>
  `${method} ${path} ${status} ${by} ${from}`;
/** An action is reported once its connection has seen the end of the answer. */
const reported = (done: readonly Action[], count: number): Promise<void> =>
  until(`${count} actions are reported`, () => done.length === count);

test('a port that others reach: health, metrics and the files of the console are open, all else needs the scope admin', async (t) => {
  const { get, done } = await adminFor(t, false);
  for (const path of [
    '/livez',
    '/readyz',
    '/metrics',
    '/',
    '/pages/console.js',
    '/openapi.json',
    '/livez?x=1',
  ])
    t.is((await get(path)).status, 200, path);
  for (const [method, path] of [...actions, ...readings.map((one) => ['GET', one] as const)]) {
    t.is((await get(path, { method })).status, 401, path);
    t.is((await get(path, { method, headers: { 'x-api-key': `${token}x` } })).status, 401, path);
    t.is((await get(path, { method, headers: { 'x-api-key': searcher } })).status, 403, path);
    t.is((await get(`${path}?key=${token}`, { method })).status, 401, path);
  }
  // Another method on an open path.
  for (const path of ['/livez', '/']) t.is((await get(path, { method: 'POST' })).status, 401);
  t.deepEqual(done, []);
  for (const [method, path] of actions)
    t.is((await get(path, { method, headers: { authorization: `Bearer ${token}` } })).status, 200, path);
  t.is((await get('/status', { headers: { authorization: `Bearer ${token}` } })).status, 200);
  await reported(done, actions.length);
  t.deepEqual(
    done.map(summaryOf),
    actions.map((action) => `${action.join(' ')} 200 ADMIN_TOKEN 127.0.0.1`),
  );
});

test('an open port needs no credential, but no web page of another origin may change anything', async (t) => {
  const { get, done, url } = await adminFor(t, true);
  t.is((await get('/status')).status, 200);
  const send = (origin: string): Promise<Response> => get('/reload', { method: 'POST', headers: { origin } });
  for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1', `${url}0`, `${url}/`]) {
    const answer = await send(origin);
    t.is(answer.status, 403, origin);
    t.is(((await answer.json()) as { error: { code: string } }).error.code, 'origin_refused');
  }
  t.deepEqual(done, []);
  t.is((await send(url)).status, 200);
  t.is((await get('/reload?x=1', { method: 'POST' })).status, 200);
  await reported(done, 2);
  t.deepEqual(done.map(summaryOf), Array(2).fill('POST /reload 200 no credential 127.0.0.1'));
});

test('a page of the port itself needs the credential like every program', async (t) => {
  const { get, done, url } = await adminFor(t, false);
  const send = (headers: Record<string, string>): Promise<Response> =>
    get('/reload', { method: 'POST', headers: { origin: url, ...headers } });
  t.is((await send({})).status, 401);
  t.is((await send({ 'x-api-key': searcher })).status, 403);
  t.deepEqual(done, []);
  t.is((await send({ 'x-api-key': token })).status, 200);
  t.is(
    (await get('/reload', { method: 'POST', headers: { origin: 'null', 'x-api-key': token } })).status,
    403,
  );
  await reported(done, 1);
});

test('an action is reported with its outcome; what is read or unknown is not', async (t) => {
  const { get, done } = await adminFor(t, true);
  for (const [method, path] of [
    ['GET', '/status'],
    ['POST', '/none'],
    ['DELETE', '/livez'],
    ['POST', '/providers/south/run'],
    ['POST', '/providers/north/run'],
    ['POST', '/snapshots/x/pin'],
  ] as const)
    await (await get(path, { method })).text();
  await reported(done, 2);
  t.deepEqual(
    done.map(({ method, path, status }) => `${method} ${path} ${status}`),
    ['POST /providers/north/run 409', 'POST /snapshots/x/pin 400'],
  );
  t.regex(done[0]!.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('without credentials, a name that another site may have made lead here is not the own page', (t) => {
  const own = (host: string, isOpen: boolean): boolean =>
    isOwnPage({ host, origin: `http://${host}` }, isOpen);
  for (const host of ['localhost:9000', '127.0.0.1:9000', '[::1]:9000', '10.0.0.7']) {
    t.true(own(host, true), host);
    t.true(own(host, false), host);
  }
  t.false(own('evil.example:9000', true));
  t.true(own('console.example', false));
  t.true(isOwnPage({ host: 'console.example', origin: 'https://console.example' }, false));
  t.false(isOwnPage({ host: 'localhost:9000' }, true));
});
