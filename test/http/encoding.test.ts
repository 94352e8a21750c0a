import { execFile } from 'node:child_process';
import { get } from 'node:http';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { isInstalled, programAt } from '../_programs/catalog.ts';
import { apiFor } from '../_support/api.ts';
import { randomEvents, viewOf } from '../_support/catalogue.ts';
import { isLong } from '../_support/long.ts';
import { seededFor, type Random } from '../_support/random.ts';

const january = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 0, 31) };
const someEvents = (random: Random, events: number) => randomEvents(random, { events, ...january });

interface Raw {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
}

/** The body as sent, not decoded. */
function raw(url: string, headers: Record<string, string> = {}): Promise<Raw> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      );
    }).on('error', reject);
  });
}

test('a gzipped answer is one member, and decompresses to the plain one', async (t) => {
  const random = seededFor(t);
  const view = viewOf(someEvents(random, 3000));
  const api = await apiFor(t, () => view);
  for (let i = 0; i < (isLong ? 60 : 4); i++) {
    const [from, to] = [random.int(1, 28), random.int(1, 28)].toSorted((a, b) => a - b);
    const days = [from, to].map((day) => `2021-01-${String(day).padStart(2, '0')}`);
    const path = i === 0 ? '/search' : `/search?starts_at=${days[0]}&ends_at=${days[1]}`;
    const plain = await raw(`${api.url}${path}`);
    const packed = await raw(`${api.url}${path}`, { 'accept-encoding': 'gzip' });
    t.is(packed.headers['vary'], 'Accept-Encoding');
    t.is(Number(packed.headers['content-length']), packed.body.length);
    if (packed.headers['content-encoding'] === undefined) {
      t.true(plain.body.length < 1024);
      t.deepEqual(packed.body, plain.body);
    } else t.deepEqual(gunzipSync(packed.body), plain.body, path);
  }
});

const clients = {
  curl: (url: string) => ['-s', '--compressed', url],
  python3: (url: string) => [
    '-c',
    'import gzip,sys,urllib.request as u;r=u.Request(sys.argv[1],headers={"Accept-Encoding":"gzip"});sys.stdout.buffer.write(gzip.decompress(u.urlopen(r).read()))',
    url,
  ],
};

for (const name of ['curl', 'python3'] as const) {
  (isInstalled(name) ? test : test.skip)(`${name} unpacks it too`, async (t) => {
    const view = viewOf(someEvents(seededFor(t), 2000));
    const api = await apiFor(t, () => view);
    const plain = (await raw(`${api.url}/search`)).body.toString();
    const args = clients[name](`${api.url}/search`);
    const seen = await promisify(execFile)(programAt(name) ?? '', args, { maxBuffer: 64_000_000 });
    t.true(seen.stdout === plain);
  });
}

for (const [header, packed] of [
  ['gzip', true],
  ['gzip;q=0', false],
  ['*', true],
  ['*;q=0', false],
  ['br, gzip;q=0.5', true],
  ['identity', false],
  ['identity;q=0.5, gzip;q=0.2', false],
  ['GZIP', true],
  ['', false],
] as const) {
  test(`Accept-Encoding: ${header || 'nothing'} gives ${packed ? 'gzip' : 'plain bytes'}`, async (t) => {
    const view = viewOf(someEvents(seededFor(t), 500));
    const api = await apiFor(t, () => view);
    const answer = await raw(`${api.url}/search`, { 'accept-encoding': header });
    t.is(answer.headers['content-encoding'], packed ? 'gzip' : undefined);
  });
}

test('equal events have equal tags, other events another tag, and a known tag is answered with 304', async (t) => {
  const events = someEvents(seededFor(t), 800);
  let view = viewOf(events);
  const api = await apiFor(t, () => view);
  const first = await raw(`${api.url}/search`);
  const tag = String(first.headers['etag']);
  t.regex(tag, /^"[0-9A-Za-z_-]+"$/);
  t.is(
    (await raw(`${api.url}/search?starts_at=0001-01-01`)).headers['etag'],
    tag,
    'another range, the same events',
  );
  const known = await raw(`${api.url}/search`, { 'if-none-match': `"other", W/${tag}` });
  t.is(known.status, 304);
  t.is(known.body.length, 0);
  t.is(known.headers['etag'], tag);
  const packed = await raw(`${api.url}/search`, { 'accept-encoding': 'gzip' });
  t.not(packed.headers['etag'], tag, 'other bytes, another strong tag');
  view = viewOf(events.slice(1));
  const fresh = await raw(`${api.url}/search`, { 'if-none-match': tag });
  t.is(fresh.status, 200);
  t.not(fresh.headers['etag'], tag);
});
