// Limits of clients over HTTP: fields, refusals, costs, and that one client's use leaves others alone.

import test, { type ExecutionContext } from 'ava';
import { createAuthenticator } from '#/access/authenticator.ts';
import { createBudgets } from '#/access/budgets.ts';
import { createClientAddress } from '#/access/client-address.ts';
import { hashOf, newKey } from '#/access/key.ts';
import { createWindows } from '#/access/windows.ts';
import { withGuard, type RefusalReason } from '#/http/access/guard.ts';
import { createThrottle } from '#/http/access/throttle.ts';
import { apiFor, type Client } from '../_support/api.ts';
import { randomEvents, viewOf } from '../_support/catalogue.ts';
import { randomOf } from '../_support/random.ts';

const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };
const view = viewOf(randomEvents(randomOf(7), { events: 600, ...year }));
const now = (): number => performance.now();

interface Limited extends Client {
  readonly reasons: RefusalReason[];
  as(client: string, path?: string): Promise<Response>;
}

/** Each client has an address of its own, behind a trusted proxy. */
async function limitedFor(t: ExecutionContext, limit: number, keys: object | null = null): Promise<Limited> {
  const windows = createWindows(now);
  const budgets = createBudgets({
    consume: (client, tokens) => Promise.resolve(windows.consume(client, tokens, 60_000)),
    now,
    failed: (error) => t.fail(String(error)),
  });
  t.teardown(() => budgets.stop());
  const reasons: RefusalReason[] = [];
  const throttle = createThrottle({
    budgets,
    addressOf: createClientAddress(['127.0.0.1']),
    limit,
    windowSeconds: 60,
    now,
  });
  const rules = { issuer: null, adminTokenHash: null, keys: keys as [] };
  const authenticator = keys === null ? null : createAuthenticator(rules, null, Date.now);
  const refused = (reason: RefusalReason): void => void reasons.push(reason);
  const api = await apiFor(t, () => view, {
    guard: (listener) => withGuard({ authenticator, throttle, refused }, listener),
  });
  return {
    ...api,
    reasons,
    as: (client, path = '/search?starts_at=2031-01-01') =>
      api.get(path, { headers: { 'x-forwarded-for': client } }),
  };
}

test('answers say what is left, and beyond the limit they are 429 with the time to wait', async (t) => {
  const { as, reasons } = await limitedFor(t, 5);
  for (let i = 1; i <= 5; i++) {
    const { status, headers } = await as('192.0.2.1');
    t.is(status, 200);
    // From half of the window on.
    if (i < 3) t.false(headers.has('ratelimit') || headers.has('ratelimit-policy'));
    else {
      t.is(headers.get('ratelimit-policy'), '"client";q=5;w=60');
      t.regex(headers.get('ratelimit') ?? '', RegExp(`^"client";r=${5 - i};t=(60|5\\d)$`));
    }
  }
  for (const path of ['/search', '/events', '/docs', '/none', '/openapi.json']) {
    const answer = await as('192.0.2.1', path);
    t.is(answer.status, 429, path);
    t.regex(answer.headers.get('ratelimit') ?? '', /^"client";r=0;t=\d+$/);
    const wait = Number(answer.headers.get('retry-after'));
    t.true(wait > 0 && wait <= 60, `${wait}`);
    const { data, error } = (await answer.json()) as { data: null; error: { code: string; message: string } };
    t.deepEqual([data, error.code], [null, 'rate_limited']);
    t.regex(error.message, /^Got more than 5 tokens within 60 s, expected fewer; try again in \d+ s\.$/);
  }
  t.true(reasons.every((reason) => reason === 'rate_limited') && reasons.length === 5);
  t.is((await as('192.0.2.2')).status, 200, 'another client');
});

test('an answer costs a token for each 16 KB that it begins, as it is sent', async (t) => {
  const { as, get } = await limitedFor(t, 60);
  const left = async (client: string): Promise<number> =>
    Number(/r=(\d+)/.exec((await as(client)).headers.get('ratelimit') ?? '')![1]);
  const costOf = async (client: string, path: string, headers: Record<string, string>): Promise<number> => {
    // Fields come from half of the window on.
    for (let isNear = false; !isNear;) isNear = (await as(client, '/search')).headers.has('ratelimit');
    const before = await left(client);
    const answer = await get(path, { headers: { 'x-forwarded-for': client, ...headers } });
    await answer.arrayBuffer();
    // One token is that of the question itself.
    return before - (await left(client)) - 1;
  };
  const plain = await costOf('192.0.2.1', '/search', { 'accept-encoding': 'identity' });
  const bytes = (await (await as('192.0.2.9', '/search')).arrayBuffer()).byteLength;
  t.true(
    plain >= Math.ceil(bytes / 16_384) && plain <= Math.ceil((bytes + 1000) / 16_384),
    `${plain} of ${bytes}`,
  );
  t.true((await costOf('192.0.2.2', '/search', { 'accept-encoding': 'gzip' })) < plain);
  t.is(await costOf('192.0.2.3', '/search?starts_at=x', {}), 1);
});

test('a key counts by itself, with its own limit; a guessed one counts for its address', async (t) => {
  const [big, small] = [newKey(), newKey()];
  const keyOf = (name: string, key: string, limit: number | null) => ({
    name,
    hash: hashOf(key),
    scopes: ['search:read'],
    expiresAt: null,
    limit,
  });
  const { get } = await limitedFor(t, 3, [keyOf('big', big, 50), keyOf('small', small, null)]);
  const status = async (key: string): Promise<number> =>
    (await get('/search?starts_at=2031-01-01', { headers: { 'x-api-key': key } })).status;
  const statuses = async (key: string, times: number): Promise<number[]> => {
    const all: number[] = [];
    for (let i = 0; i < times; i++) all.push(await status(key));
    return all;
  };
  t.deepEqual(await statuses('guess', 4), [401, 401, 401, 429]);
  t.deepEqual(await statuses(small, 4), [200, 200, 200, 429]);
  t.deepEqual(new Set(await statuses(big, 50)), new Set([200]));
  t.is(await status(big), 429);
});

test('a client far above its limit takes nothing from another', async (t) => {
  const { as } = await limitedFor(t, 30);
  const loud = Promise.all(Array.from({ length: 400 }, async () => (await as('192.0.2.1')).status));
  const quiet: number[] = [];
  for (let i = 0; i < 30; i++) quiet.push((await as('192.0.2.2')).status);
  t.deepEqual(new Set(quiet), new Set([200]));
  const statuses = await loud;
  t.is(statuses.filter((status) => status === 200).length, 30);
  t.is(statuses.filter((status) => status === 429).length, 370);
});
