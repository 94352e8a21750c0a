// The log of requests: which are logged, their ids, and that a client cannot forge lines.

import { Writable } from 'node:stream';
import { spawnSync } from 'node:child_process';
import { request } from 'node:http';
import test from 'ava';
import { pino } from 'pino';
import { createAccessLog } from '#/telemetry/access-log.ts';
import { createIdentify } from '#/telemetry/request-id.ts';
import { startGrowingFeed } from '../system/_hosts.ts';
import { directoryFor, root, startSystem, until } from '../system/_system.ts';

test('a request has the id of its client, when that is safe to repeat', (t) => {
  const identify = createIdentify();
  for (const given of ['a', 'req-1_2.3:4/5+6=', 'x'.repeat(128)]) t.is(identify(given), given);
  const made = [undefined, '', 'x'.repeat(129), 'two words', 'line\nend', 'a, b', 'ünsafe', '"quoted"'].map(
    (given) => identify(given),
  );
  t.is(new Set(made).size, made.length, 'made ones differ');
  for (const id of made) t.regex(id, /^[0-9a-z]{12}$/);
});

test('generated ids differ, within a process and between two', (t) => {
  const [one, other] = [createIdentify(), createIdentify()];
  const made = Array.from({ length: 5000 }, () => [one(undefined), other(undefined)]).flat();
  t.is(new Set(made).size, 10_000);
});

test('at most fifty ordinary lines and a hundred others are written each second; the rest is counted', (t) => {
  const lines: string[] = [];
  let [dropped, now] = [0, 5000];
  const log = pino(
    {},
    new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()) }),
  );
  const write = createAccessLog({ log, share: 0.5, dropped: () => dropped++, now: () => now });
  const answered = {
    method: 'GET',
    url: '/search',
    seconds: 0.01,
    requestId: 'r',
    traceId: null,
    version: 7,
  };
  for (let i = 0; i < 250; i++) write({ ...answered, status: 200, isOrdinary: true });
  t.deepEqual([lines.length, dropped], [50, 0]);
  for (let i = 0; i < 250; i++) write({ ...answered, status: 500, isOrdinary: false });
  t.deepEqual([lines.length, dropped], [150, 150]);
  now += 1000;
  const url = `/\u001b[2J\r\n{"level":60}\u009b${'x'.repeat(1000)}`;
  write({ ...answered, url, status: 500, traceId: 'c0ffee', isOrdinary: false });
  const last = JSON.parse(lines.at(-1)!) as Record<string, unknown>;
  t.like(last, { level: 50, status: 500, ms: 10, request_id: 'r', trace_id: 'c0ffee', version: 7 });
  t.regex(last['url'] as string, /^\/\?\[2J\?\?\{"level":60\}\?x{1,300}$/);
});

test('a share of 1 writes a line for every request', (t) => {
  const lines: unknown[] = [];
  let dropped = 0;
  const log = pino({}, new Writable({ write: (chunk, _encoding, done) => (lines.push(chunk), done()) }));
  const write = createAccessLog({ log, share: 1, dropped: () => dropped++, now: () => 5000 });
  const answered = { method: 'GET', url: '/', seconds: 0, requestId: 'r', traceId: null, version: 7 };
  for (let i = 0; i < 250; i++) write({ ...answered, status: 200, isOrdinary: true });
  for (let i = 0; i < 250; i++) write({ ...answered, status: 500, isOrdinary: false });
  t.deepEqual([lines.length, dropped], [500, 0]);
});

test('on a terminal too, a message is one line without control characters', (t) => {
  const program = `
    Object.defineProperty(process.stdout, 'isTTY', { value: true });
    const { createLog } = await import('#/telemetry/log.ts');
    const log = createLog({ level: 'info', actor: 'ingest' });
    log.info({ field: 'a\\nb\\u001b[2J' }, 'first\\nforged\\u001b[2J\\u009b');
    log.info('second');`;
  const ran = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: root,
    encoding: 'utf8',
  });
  // Except for its own colours.
  const lines = ran.stdout
    .replaceAll(/\u001b\[\d+m/g, '')
    .trimEnd()
    .split('\n');
  t.is(lines.length, 2, ran.stdout + ran.stderr);
  t.regex(lines[0]!, /ingest: first forged \[2J/);
  t.notRegex(lines.join(''), /[\u001b\u009b]/);
});

test('on a terminal a line has no fields, a request is a sentence, and details need the level debug', (t) => {
  const program = (level: string): string => `
    Object.defineProperty(process.stdout, 'isTTY', { value: true });
    const { createLog } = await import('#/telemetry/log.ts');
    const log = createLog({ level: '${level}', actor: 'api', worker: 1 });
    log.error({ err: new Error('disk'), count: 7 }, 'could not publish: disk');
    log.info({ detail: true, version: 7 }, 'published version 7');
    log.info({ method: 'GET', url: '/search?a=b', status: 200, ms: 1.5, request_id: 'r1', version: 7 }, 'request');`;
  const linesAt = (level: string): string[] =>
    spawnSync(process.execPath, ['--input-type=module', '-e', program(level)], {
      cwd: root,
      encoding: 'utf8',
    })
      .stdout.replaceAll(/\u001b\[\d+m/g, '')
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^\[[\d:.]+\] /, ''));
  const failed = 'ERROR: api 1: could not publish: disk';
  const answered = 'INFO: api 1: GET /search?a=b → 200 in 1.5 ms, request r1';
  t.deepEqual(linesAt('info'), [failed, answered]);
  t.deepEqual(linesAt('debug'), [failed, 'INFO: api 1: published version 7', answered]);
});

test('every answer has an id, every failed request is logged with it, and no client can forge a line', async (t) => {
  const directory = await directoryFor(t);
  const feed = await startGrowingFeed(t, 5);
  const system = await startSystem(t, { DATA_DIR: directory, PROVIDER_URL: feed.url, ACCESS_LOG_SHARE: '0' });
  const paths = ['/search', '/search?starts_at=never', '/openapi.json', '/docs', '/nowhere'];
  for (const path of paths) {
    const own = await fetch(`${system.url}${path}`);
    t.regex(own.headers.get('x-request-id') ?? '', /^[0-9a-z]{12}$/, path);
    const given = await fetch(`${system.url}${path}`, { headers: { 'X-Request-Id': idOf(path) } });
    t.is(given.headers.get('x-request-id'), idOf(path));
  }
  const etag = (await fetch(`${system.url}/search`)).headers.get('etag')!;
  const same = await fetch(`${system.url}/search`, {
    headers: { 'If-None-Match': etag, 'X-Request-Id': 'same' },
  });
  t.deepEqual([same.status, same.headers.get('x-request-id')], [304, 'same']);

  await raw(system.url, '/search?starts_at=%0a{"level":60,"msg":"forged"}', {
    'user-agent': '{"msg":"forged"}',
  });
  // Each worker writes its collected lines a moment later.
  await until('all that failed are logged', () => system.output().match(/"status":40\d/g)?.length === 5);
  const lines = system.output().trimEnd().split('\n');
  const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  t.true(logged.every(({ msg }) => msg !== 'forged'));
  const requests = logged.filter(({ msg }) => msg === 'request');
  // On a busy machine, a slow request is logged too.
  const failed = requests.filter(({ status }) => Number(status) >= 400);
  t.is(failed.length, 5);
  t.like(
    failed.find(({ request_id: id }) => id === 'mine/nowhere'),
    { level: 30, actor: 'api', method: 'GET', url: '/nowhere', status: 404 },
  );
  for (const { worker, version, ms } of failed)
    t.deepEqual([typeof worker, typeof version, typeof ms], ['number', 'number', 'number']);
});

const idOf = (path: string): string => `mine${path.replace('?', ':')}`;

/** Sends the path unchanged: fetch would escape it. */
function raw(url: string, path: string, headers: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    request({ hostname, port, path, headers }, (response) => response.resume().on('end', resolve))
      .on('error', reject)
      .end();
  });
}
