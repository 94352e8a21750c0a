import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { SupervisorMessage } from '#/actor/messages.ts';
import { createAdminServer } from '#/http/admin.ts';
import { adminContract } from '#/http/admin/contract/document.ts';
import { adminErrors } from '#/http/admin/contract/errors.ts';
import { adminOperations } from '#/http/admin/contract/operations.ts';
import { adminRoutes } from '#/http/admin/contract/routes.ts';
import type { AdminDeps, Profiled, Reloaded, RunRequested } from '#/http/admin/deps.ts';
import { methodsIn } from '#/http/contract/route.ts';
import { inspectionRefusals } from '#/domain/inspection.ts';
import { RequestRefused, statusOf } from '#/http/inspection/refused.ts';
import { createProfiles } from '#/supervisor/operator/profiles.ts';
import { createAskedDays } from '#/search/days/asked-days.ts';
import { directoryFor } from '../_support/directory.ts';
import { seededFor } from '../_support/random.ts';
import { clientOf, type Client } from '../_support/api.ts';
import { comparisonWith } from '../_support/contract.ts';

const reloaded: Reloaded = { kind: 'reloaded', workers: 2, tookMs: 5 };
const contract = comparisonWith(adminContract());

/** Each error is compared with the contract: a difference rejects. Successes of these dependencies have other bodies. */
async function adminFor(t: ExecutionContext, deps: Partial<AdminDeps> = {}): Promise<Client> {
  const client = await clientOf(
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
      run: () => Promise.resolve({ kind: 'due' }),
      actions: () => Promise.resolve([]),
      reload: () => Promise.resolve(reloaded),
      profile: () => Promise.resolve({ kind: 'busy' }),
      ...deps,
    }),
  );
  return {
    ...client,
    async get(path, init = {}) {
      const answer = await client.get(path, init);
      const { status, headers } = answer;
      if (status < 400 || path === '/readyz') return answer;
      const body = await answer.clone().text();
      const faults = contract.faultsOf({ method: init.method ?? 'GET', path, status, headers, body });
      if (faults.length > 0) throw new Error(`${path}: ${faults.join('; ')}`);
      return answer;
    },
  };
}

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
    ['run', 'POST'],
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

test('a provider runs now; not on a host that follows, nor while a run has not ended', async (t) => {
  const outcomes: RunRequested[] = [
    { kind: 'due' },
    { kind: 'running' },
    { kind: 'following', leader: 'alpha (10.0.0.7:9000)' },
    { kind: 'following', leader: null },
  ];
  const admin = await adminFor(t, { run: () => Promise.resolve(outcomes.shift()!) });
  const run = () => admin.get('/providers/north/run', { method: 'POST' });
  const due = await run();
  t.is(due.status, 202);
  t.deepEqual(await due.json(), { provider: 'north', run: 'due' });
  for (const [code, message] of [
    ['run_active', /^A run of north has not ended/],
    ['not_leading', /This one does not lead; the host alpha \(10\.0\.0\.7:9000\) does\.$/],
    ['not_leading', /This one does not lead; it knows of no host that does\.$/],
  ] as const) {
    const answer = await run();
    t.is(answer.status, 409);
    const { error } = (await answer.json()) as { error: { code: string; message: string } };
    t.is(error.code, code);
    t.regex(error.message, message);
  }
  t.is((await admin.get('/providers/north/run')).headers.get('allow'), 'POST');
});

test('the contract of the admin port is served', async (t) => {
  const admin = await adminFor(t);
  t.deepEqual(await (await admin.get('/openapi.json')).json(), contract.document);
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
    reloaded,
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
    '/search',
    '/docs',
    '/nothing',
    '/providers/north',
    '/providers/north/nothing/more',
    '/providers/%zz/runs',
    '/STATUS',
    '/status/',
    '/pages/search.js',
    '/pages/console.html',
  ]) {
    const answer = await admin.get(path);
    t.is(answer.status, 404, path);
    t.is(await codeOf(answer), 'not_found');
  }
});

test('every path of the contract is 405 for other methods', async (t) => {
  const admin = await adminFor(t);
  for (const path of new Set(Object.values(adminRoutes).map((route) => route.path))) {
    const answer = await admin.get(path.replaceAll(/\{\w+\}/g, '1'), { method: 'PUT' });
    t.is(answer.status, 405, path);
    const methods = methodsIn(Object.values(adminRoutes), path);
    t.is(answer.headers.get('allow'), methods.join(', '), path);
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

test('the operations that inspect pass on what was asked', async (t) => {
  const admin = await adminFor(t);
  const asked = async (path: string): Promise<unknown> => (await admin.get(path)).json();
  const id = 'ABCDEF01-0000-5000-8000-000000000001';
  const explained = { what: 'explain', startsAt: null, endsAt: null, served: null };
  t.deepEqual(await asked(`/explain?id=${id}`), { ...explained, event: { id: id.toLowerCase() } });
  t.deepEqual(await asked('/explain?provider=north&base=1&plan=2&starts_at=2021-06-30&ends_at=2021-06-30'), {
    ...explained,
    event: { provider: 'north', base: '1', plan: '2' },
    startsAt: Date.UTC(2021, 5, 30),
    endsAt: Date.UTC(2021, 6, 1) - 1,
  });
  const history = { what: 'history', id: id.toLowerCase(), limit: 20 };
  t.deepEqual(await asked(`/events/${id}/history`), { ...history, before: null });
  t.deepEqual(await asked(`/events/${id}/history?cursor=7&limit=100`), { ...history, before: 7, limit: 100 });
  const segments = { what: 'segments', version: 3, from: 0, limit: 50 };
  t.deepEqual(await asked('/snapshots/3/segments'), segments);
  t.deepEqual(await asked('/snapshots/3/segments?cursor=50'), { ...segments, from: 50 });
  const held = { what: 'held', provider: 'north', after: 4, limit: 2 };
  t.deepEqual(await asked('/providers/north/held?cursor=4&limit=2'), held);
  const excerpt = { what: 'excerpt', provider: 'north', run: null, line: 6, column: 1 };
  t.deepEqual(await asked('/providers/north/excerpt?line=6'), excerpt);
  t.deepEqual(await asked('/providers/north/excerpt?line=6&column=9&run=2'), {
    ...excerpt,
    run: 2,
    column: 9,
  });
  t.deepEqual(await asked('/searches/days'), { workers: 2 });
});

test('a parameter of an inspection that is not valid is refused by its name', async (t) => {
  const admin = await adminFor(t);
  const id = 'abcdef01-0000-5000-8000-000000000001';
  for (const [path, message] of [
    ['/explain', /Got neither id nor all of provider, base and plan/],
    ['/explain?provider=north&base=1', /Got neither id nor all of/],
    [`/explain?id=${id}&plan=1`, /Got neither id nor all of/],
    ['/explain?id=1', /Got id "1", expected a UUID\./],
    [`/explain?id=${id}&id=${id}`, /Got id .*, expected a UUID\./],
    [`/explain?id=${id}&start=1`, /Got the parameter "start", expected only those of this operation\./],
    [`/explain?id=${id}&starts_at=2021-09-31`, /^starts_at: /],
    ['/events/1/history', /Got id "1", expected a UUID\./],
    [`/events/${id}/history?limit=101`, /Got limit "101", expected a whole number from 1 to 100\./],
    ['/snapshots/x/segments', /Got version "x", expected a whole number from 1\./],
    ['/snapshots/1/segments?cursor=-1', /Got cursor "-1", expected a cursor that this operation returned\./],
    ['/providers/north/held?limit=0', /Got limit "0", expected a whole number from 1 to 1000\./],
    ['/providers/north/excerpt', /Got no line, expected a whole number from 1\./],
    ['/snapshots/1/diff/2?cursor=a&cursor=b', /expected a cursor that this operation returned\./],
  ] as const) {
    const answer = await admin.get(path);
    t.is(answer.status, 400, path);
    t.regex(((await answer.json()) as { error: { message: string } }).error.message, message);
  }
  t.is((await admin.get('/providers/south/held')).status, 404);
  t.is((await admin.get('/providers/south/excerpt?line=1')).status, 404);
});

test('a refusal of ingest has its own status and code', async (t) => {
  const id = 'abcdef01-0000-5000-8000-000000000001';
  const paths = {
    explainEvent: `/explain?id=${id}`,
    listEventChanges: `/events/${id}/history`,
    listSegments: '/snapshots/1/segments',
    compareSnapshots: '/snapshots/1/diff/2',
    listHeldWithdrawals: '/providers/north/held',
    getExcerpt: '/providers/north/excerpt?line=1',
    pinSnapshot: '/snapshots/1/pin',
  } as const;
  for (const code of inspectionRefusals) {
    const refuse = () => Promise.reject(new RequestRefused(code, 'Got this, expected that.'));
    const admin = await adminFor(t, { inspect: refuse, diff: refuse, pin: refuse });
    const refusing = (Object.keys(paths) as (keyof typeof paths)[]).filter((operation) =>
      adminOperations[operation].errors.includes(code),
    );
    t.true(refusing.length > 0, code);
    for (const operation of refusing) {
      const method = operation === 'pinSnapshot' ? 'POST' : 'GET';
      const answer = await admin.get(paths[operation], { method });
      t.is(answer.status, statusOf(code), operation);
      t.is(answer.status, adminErrors[code].status, code);
      t.is(answer.headers.get('retry-after'), answer.status === 503 ? '5' : null);
      t.is(await codeOf(answer), code);
    }
  }
});

test('a profile is the file that the process wrote; everything else is an error', async (t) => {
  const path = join(await directoryFor(t), 'worker.cpuprofile');
  await writeFile(path, '{"nodes":[]}');
  const asked: unknown[] = [];
  let profiled: Profiled = { kind: 'written', path };
  const admin = await adminFor(t, {
    profile(...given) {
      asked.push(given);
      return Promise.resolve(profiled);
    },
  });
  const post = (query: string): Promise<Response> => admin.get(`/profile${query}`, { method: 'POST' });
  const answer = await post('');
  t.regex(answer.headers.get('content-type') ?? '', /^application\/json/);
  t.deepEqual(await answer.json(), { nodes: [] });
  t.is((await post('?slot=ingest&seconds=60')).status, 200);
  t.deepEqual(asked, [
    ['0', 5],
    ['ingest', 60],
  ]);
  for (const query of [
    '?seconds=61',
    '?seconds=0',
    '?seconds=1.5',
    '?seconds=',
    '?seconds=1&seconds=2',
    '?slot=api',
    '?slot=-1',
    '?slot=../0',
    '?pid=1',
  ]) {
    const refused = await post(query);
    t.deepEqual([refused.status, await codeOf(refused)], [400, 'parameter_invalid'], query);
  }
  t.is(asked.length, 2, 'no process is profiled for such a request');
  for (const [outcome, status, code] of [
    [{ kind: 'unknown', slots: ['0', 'ingest'] }, 404, 'process_unknown'],
    [{ kind: 'busy' }, 409, 'profile_busy'],
    [{ kind: 'failed', message: 'The process of slot 0 is not ready.' }, 503, 'profile_failed'],
    [{ kind: 'written', path: `${path}.gone` }, 503, 'profile_failed'],
  ] as const) {
    profiled = outcome;
    const refused = await post('?seconds=1');
    t.deepEqual([refused.status, await codeOf(refused)], [status, code]);
  }
  t.is((await admin.get('/profile')).status, 405);
});

test('one profile of each process at a time, of processes that are ready', async (t) => {
  const sent: { id: number; seconds: number }[] = [];
  const slot = (ready: boolean) => ({
    ready,
    send: (message: SupervisorMessage) => void (message.type === 'profile' && sent.push(message)),
  });
  const slots = new Map([
    ['0', slot(true)],
    ['1', slot(true)],
    ['ingest', slot(false)],
  ]);
  const profiles = createProfiles(() => slots);
  t.deepEqual(await profiles.take('2', 1), { kind: 'unknown', slots: ['0', '1', 'ingest'] });
  t.like(await profiles.take('ingest', 1), { kind: 'failed' });
  const [first, other] = [profiles.take('0', 1), profiles.take('1', 60)];
  t.deepEqual(await profiles.take('0', 1), { kind: 'busy' });
  const [of0, of1] = sent;
  profiles.heard(of1!.id, null);
  t.like(await other, { kind: 'failed' });
  profiles.heard(of1!.id, '/late');
  profiles.heard(of0!.id, '/path');
  t.deepEqual(await first, { kind: 'written', path: '/path' });
  const again = profiles.take('0', 1);
  profiles.heard(sent.at(-1)!.id, '/again');
  t.deepEqual(await again, { kind: 'written', path: '/again' });
});

test('searches are counted by the days that they ask for', (t) => {
  const now = Date.UTC(2026, 5, 15, 12);
  const asked = createAskedDays(now);
  const random = seededFor(t);
  const first = Math.floor(now / 86_400_000);
  const truth = new Map<number, number>();
  for (let i = 0; i < 2000; i++) {
    const from = first + random.int(-1096, 2900);
    const to = from + random.int(0, random.pick([0, 3, 90]));
    asked.count({ start: from * 86_400_000 + random.int(0, 9), end: (to + 1) * 86_400_000 - 1 });
    for (let day = from; day <= to; day++) truth.set(day, (truth.get(day) ?? 0) + 1);
  }
  asked.count({ start: -Infinity, end: Infinity });
  asked.count({ start: -Infinity, end: now });
  asked.count({ start: now, end: now + 366 * 86_400_000 });
  asked.count({ start: 0, end: 1 });
  asked.count({ start: now + 4095 * 86_400_000, end: now + 4096 * 86_400_000 });
  const counts = asked.read();
  t.like(counts, { since: now, searches: 2005, wide: 3, outside: 2 });
  t.deepEqual(
    counts.days,
    [...truth].toSorted(([a], [b]) => a - b),
  );
});
