import test, { type ExecutionContext } from 'ava';
import { createAdminServer, type AdminDeps, type Reloaded } from '#/http/admin.ts';
import { clientOf, type Client } from '../_support/api.ts';

const adminFor = (t: ExecutionContext, deps: Partial<AdminDeps> = {}): Promise<Client> =>
  clientOf(
    t,
    createAdminServer({
      ready: () => true,
      status: () => ({ version: 7 }),
      metrics: () => Promise.resolve({ text: 'marquee_up 1\n', contentType: 'text/plain; version=0.0.4' }),
      providers: () => new Map([['north', { quarantined: 3 }]]),
      history: (about, provider, limit) => Promise.resolve([{ about, provider, limit }]),
      approve: () => Promise.resolve(null),
      snapshots: (limit) => Promise.resolve({ limit }),
      pin: (version) => Promise.resolve({ pinned: version }),
      diff: (from, to, limit) => Promise.resolve({ from, to, limit }),
      inspect: (inspection) => Promise.resolve(inspection),
      askedDays: () => Promise.resolve({ workers: 2 }),
      approvePublish: () => Promise.resolve(null),
      reload: () => Promise.resolve({ kind: 'reloaded' }),
      ...deps,
    }),
  );

const codeOf = async (answer: Response): Promise<string> =>
  ((await answer.json()) as { error: { code: string } }).error.code;

test('the admin port is live as soon as it listens', async (t) => {
  const answer = await (await adminFor(t, { ready: () => false })).get('/livez');
  t.is(answer.status, 200);
  t.deepEqual(await answer.json(), { live: true });
});

test('readiness is 200 when the system is ready, and 503 before', async (t) => {
  let ready = false;
  const admin = await adminFor(t, { ready: () => ready });
  const before = await admin.get('/readyz');
  t.is(before.status, 503);
  t.deepEqual(await before.json(), { ready: false });
  ready = true;
  const after = await admin.get('/readyz');
  t.is(after.status, 200);
  t.deepEqual(await after.json(), { ready: true });
});

test('status, providers and metrics are returned unchanged', async (t) => {
  const admin = await adminFor(t);
  t.deepEqual(await (await admin.get('/status')).json(), { version: 7 });
  t.deepEqual(await (await admin.get('/providers')).json(), { north: { quarantined: 3 } });
  const metrics = await admin.get('/metrics');
  t.is(metrics.headers.get('content-type'), 'text/plain; version=0.0.4');
  t.is(await metrics.text(), 'marquee_up 1\n');
});

test('HEAD has the headers of GET, without the body', async (t) => {
  const admin = await adminFor(t);
  for (const path of ['/livez', '/readyz', '/status', '/metrics']) {
    const answer = await admin.get(path, { method: 'HEAD' });
    t.is(answer.status, 200, path);
    t.is(await answer.text(), '', path);
  }
});

for (const about of ['runs', 'quarantine']) {
  test(`the ${about} of a provider are returned, up to the requested number`, async (t) => {
    const admin = await adminFor(t);
    const asked = async (query: string): Promise<unknown> =>
      (await admin.get(`/providers/north/${about}${query}`)).json();
    t.deepEqual(await asked(''), [{ about, provider: 'north', limit: 50 }]);
    t.deepEqual(await asked('?limit=1000'), [{ about, provider: 'north', limit: 1000 }]);
    for (const limit of ['0', '1001', '-1', '1e3', '', 'x', '1&limit=2']) {
      const answer = await admin.get(`/providers/north/${about}?limit=${limit}`);
      t.is(answer.status, 400, limit);
      t.is(await codeOf(answer), 'limit_invalid');
    }
  });
}

test('an unknown provider is 404', async (t) => {
  const admin = await adminFor(t);
  for (const [path, method] of [
    ['runs', 'GET'],
    ['quarantine', 'GET'],
    ['approve', 'POST'],
  ] as const) {
    const answer = await admin.get(`/providers/south/${path}`, { method });
    t.is(answer.status, 404);
    t.is(await codeOf(answer), 'provider_unknown');
  }
});

test('held withdrawals can be approved; without any it is 409', async (t) => {
  const held = [{ events: 12 }];
  const admin = await adminFor(t, { approve: () => Promise.resolve(held.pop() ?? null) });
  const approve = () => admin.get('/providers/north/approve', { method: 'POST' });
  const [first, second] = [await approve(), await approve()];
  t.is(first.status, 200);
  t.deepEqual(await first.json(), { approved: { events: 12 } });
  t.is(second.status, 409);
  t.is(await codeOf(second), 'nothing_held');
});

test('when ingest does not answer, its history is 503 with a Retry-After', async (t) => {
  const admin = await adminFor(t, { history: () => Promise.reject(new Error('Ingest did not answer.')) });
  const answer = await admin.get('/providers/north/runs');
  t.is(answer.status, 503);
  t.is(answer.headers.get('retry-after'), '5');
  t.is(await codeOf(answer), 'ingest_unavailable');
  t.is((await admin.get('/status')).status, 200, 'the rest is answered all the same');
});

test('a reload returns its result, or the reason why it was refused', async (t) => {
  const outcomes: Reloaded[] = [
    { kind: 'reloaded' },
    { kind: 'refused', message: 'PORT: got "x"' },
    { kind: 'aborted', message: 'not ready' },
    { kind: 'busy', message: 'another one' },
  ];
  const admin = await adminFor(t, { reload: () => Promise.resolve(outcomes.shift()!) });
  const reload = () => admin.get('/reload', { method: 'POST' });
  t.is((await reload()).status, 200);
  for (const [status, code] of [
    [400, 'configuration_invalid'],
    [500, 'reload_aborted'],
    [409, 'reload_busy'],
  ] as const) {
    const answer = await reload();
    t.is(answer.status, status);
    t.is(await codeOf(answer), code);
  }
  const read = await admin.get('/reload');
  t.is(read.status, 405);
  t.is(read.headers.get('allow'), 'POST');
});

test('an internal fault is a 500 without internal details', async (t) => {
  const admin = await adminFor(t, {
    status: () => {
      throw new Error('secret of the system');
    },
    metrics: () => Promise.reject(new Error('secret of the system')),
  });
  for (const path of ['/status', '/metrics']) {
    const answer = await admin.get(path);
    const text = await answer.text();
    t.is(answer.status, 500, path);
    t.false(text.includes('secret'));
    t.is((JSON.parse(text) as { error: { code: string } }).error.code, 'internal');
  }
});

test('an unknown path is 404, and so is the search of the public port', async (t) => {
  const admin = await adminFor(t);
  for (const path of [
    '/',
    '/search',
    '/docs',
    '/nothing',
    '/providers/north',
    '/providers/north/nothing/more',
  ]) {
    const answer = await admin.get(path);
    t.is(answer.status, 404, path);
    t.is(await codeOf(answer), 'not_found');
  }
});

test('a read-only path is 405 for other methods, with an Allow header', async (t) => {
  const admin = await adminFor(t);
  for (const path of ['/livez', '/readyz', '/status', '/metrics', '/providers']) {
    const answer = await admin.get(path, { method: 'POST' });
    t.is(answer.status, 405, path);
    t.is(answer.headers.get('allow'), 'GET, HEAD');
    t.is(await codeOf(answer), 'method_not_allowed');
  }
});
