// The files of the pages as both ports send them, and the modules of the search page that need no browser.

import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { glob, readFile } from 'node:fs/promises';
import { runInNewContext, Script } from 'node:vm';
import test, { type ExecutionContext } from 'ava';
import { createAdminServer } from '#/http/admin.ts';
import type { AdminDeps } from '#/http/admin/deps.ts';
import { consoleFiles, searchFiles } from '#/http/pages/names.ts';
import { pageOf } from '#/http/pages/page.ts';
import { joined } from '#/http/pages/script.ts';
import { apiFor, clientOf } from '../_support/api.ts';
import { pictureSources, sourcesFile } from './_sources.ts';

/** Compressed, of a page with its files. */
const bytesMax = 100_000;
const source = (path: string): URL => new URL(`../../src/pages/${path}`, import.meta.url);

const pages = {
  search: { files: searchFiles, portFor: (t: ExecutionContext) => apiFor(t) },
  console: {
    files: consoleFiles,
    portFor: (t: ExecutionContext) => clientOf(t, createAdminServer({} as AdminDeps)),
  },
};

for (const [name, { files, portFor }] of Object.entries(pages)) {
  test(`the ${name} page and its files load from this host alone, under a strict policy`, async (t) => {
    const port = await portFor(t);
    const answer = await port.get('/');
    const page = await answer.text();
    t.is(answer.headers.get('content-type'), 'text/html; charset=utf-8');
    t.is(answer.headers.get('cache-control'), 'no-cache');
    t.notRegex(page, /https?:|["'(]\/\/|<script(?! type="module" src=")|\sstyle=|\son\w+=|@import|url\(/i);
    const [styles, ...others] = [...page.matchAll(/<style>([^]*?)<\/style>/g)].map(([, text]) => text!);
    t.is(others.length, 0);
    const loaded = [...page.matchAll(/(?:src|href)="(\/pages\/[^"]+)"/g)].map(([, path]) => path!);
    t.deepEqual(
      loaded.map((path) => path.slice(7).replace(/\?v=[\w-]{22}$/, '')).toSorted(),
      [...files].toSorted(),
    );
    for (const path of ['/', ...loaded]) {
      const { status, headers } = await port.get(path);
      t.is(status, 200, path);
      const policy = headers.get('content-security-policy') ?? '';
      const own = path === '/' ? ` 'sha256-${hash('sha256', styles!, 'base64')}'` : '';
      t.is(
        policy,
        `default-src 'none';script-src 'self';style-src 'self'${own};img-src 'self' data:;connect-src 'self';base-uri 'none';form-action 'none';frame-ancestors 'none'`,
      );
      t.is(headers.get('x-content-type-options'), 'nosniff');
      // The console acts with the operator's credential. Another process for the search page would delay its first paint.
      const isIsolated = name === 'console' && path === '/';
      t.is(headers.get('cross-origin-opener-policy'), isIsolated ? 'same-origin' : null, path);
      if (path !== '/') t.is(headers.get('cache-control'), 'public, max-age=31536000, immutable', path);
    }
  });

  test(`the ${name} page is made of every file of its directory, and is small`, async (t) => {
    const { html, files: own, sources } = pageOf(name);
    const there = await Array.fromAsync(glob(`{common,${name}}/*`, { cwd: source('.') }));
    const unused = there.filter((path) => !sources.includes(path));
    // The console copies nothing.
    t.deepEqual(unused, name === 'console' ? ['common/copy.js'] : []);
    let bytes = gzipSync(html, { level: 9 }).length;
    for (const { name: file, text } of own) {
      if (file.endsWith('.js')) t.notThrows(() => new Script(`'use strict';${text}`, { filename: file }));
      bytes += gzipSync(text, { level: 9 }).length;
    }
    t.log(`${bytes} bytes compressed`);
    t.true(bytes < bytesMax, `Got ${bytes} bytes, expected fewer than ${bytesMax}.`);
  });
}

test('the pictures in README and the guides show the pages as they are', async (t) => {
  const taken: unknown = JSON.parse(await readFile(sourcesFile, 'utf8'));
  t.deepEqual(
    taken,
    await pictureSources(),
    'Got other pages than in the pictures: `npm run screenshots` takes them again.',
  );
});

test('files are compressed, have tags, and answer 304; other names are not found', async (t) => {
  const api = await apiFor(t);
  const gzipped = await api.get('/pages/search.js', { headers: { 'accept-encoding': 'gzip' } });
  t.is(gzipped.headers.get('content-encoding'), 'gzip');
  t.is(gzipped.headers.get('vary'), 'Accept-Encoding');
  const { text, version } = pageOf('search').files.find(({ name }) => name === 'search.js')!;
  t.is(await gzipped.text(), text);
  const plain = await api.get('/pages/search.js', { headers: { 'accept-encoding': 'identity' } });
  t.false(plain.headers.has('content-encoding'));
  const tag = plain.headers.get('etag')!;
  t.not(tag, gzipped.headers.get('etag'));
  const again = await api.get('/pages/search.js', {
    headers: { 'accept-encoding': 'identity', 'if-none-match': tag },
  });
  t.is(again.status, 304);
  t.is(await again.text(), '');
  for (const name of ['console.html', 'none.js', '..%2fsearch%2fsearch.html', 'search.html', 'dom.js'])
    t.is((await api.get(`/pages/${name}`)).status, 404, name);
  t.is((await api.get('/', { method: 'POST' })).status, 405);

  // A page of another release asks for a version that this one does not have: it gets this one, which no cache keeps.
  const cachingOf = async (path: string): Promise<string | null> =>
    (await api.get(path)).headers.get('cache-control');
  t.is(await cachingOf(`/pages/search.js?v=${version}`), 'public, max-age=31536000, immutable');
  t.is(await cachingOf(`/pages/search.js?v=${'x'.repeat(22)}`), 'no-cache');
  t.is(await cachingOf('/pages/search.js'), 'no-cache');
});

/** Joins modules that are given as texts by path, and returns what the script reports. */
function reportedBy(modules: Readonly<Record<string, string>>): unknown[] {
  const root = new URL('file:///pages/');
  const read = (place: URL): string => modules[place.pathname.slice(7)]!;
  const reported: unknown[] = [];
  const { text } = joined(new URL('a/main.js', root), root, read);
  const report = (value: unknown): void => void reported.push(structuredClone(value));
  runInNewContext(`'use strict';${text}`, { report });
  return reported;
}

test('joined modules keep their names apart, run once, and after what they import', (t) => {
  const reported = reportedBy({
    'a/main.js': `import { name as other, twice } from '#/pages/b/two.js';
import * as three from './three.js';
const name = 'main';
report([name, other, twice(2), three.name, three.first, three.second, new three.Four().value]);
`,
    'a/three.js': `import {
  name as imported,
  twice,
} from '#/pages/b/two.js';
report('three');
export const name = imported + ' and three';
export const [first, second] = [1, twice(1)];
export class Four {
  value = 4;
}
`,
    'b/two.js': `report('two');
export const name = 'two';
const factor = 2;
export function twice(value) {
  return factor * value;
}
export async function unused() {}
`,
  });
  t.deepEqual(reported, ['two', 'three', ['main', 'two', 4, 'two and three', 1, 2, 4]]);
});

test('modules that cannot be joined are refused', (t) => {
  const refused = (main: string, message: RegExp): void => {
    const modules = { 'a/main.js': main, 'a/b.js': "import { a } from './main.js';\nexport const b = a;\n" };
    t.throws(() => reportedBy(modules), { message });
  };
  refused("import { b } from './b.js';\n", /import each other: a\/main.js, a\/b.js, a\/main.js\./);
  refused("import b from './b.js';\n", /^Got import b from '.\/b.js'; in a\/main.js/);
  refused('export default 1;\n', /^Got export default 1; in/);
  refused('export const { a: b } = {};\n', /^Got export const { a: b } = {}; in/);
  refused("import { b } from 'b';\n", /^Got an import of b, expected/);
});

interface Periods {
  boundsOf(period: string | undefined, today: string): { starts_at?: string; ends_at?: string } | null;
  dateIn(timeZone: string, ms: number): string;
  utcOf(text: string, isEnd: boolean, timeZone: string): string;
}
interface State {
  readState(search: string): Record<string, string>;
  pathOf(state: Record<string, string | undefined>): string;
  requestOf(path: string, state: Record<string, string | undefined>, more?: object): string;
}
const [periods, states] = (await Promise.all(
  ['search/periods.js', 'search/state.js'].map((path) => import(source(path).href)),
)) as [Periods, State];

test('presets are dates of the time zone', (t) => {
  const noon = Date.UTC(2026, 10, 28, 23, 30);
  t.is(periods.dateIn('UTC', noon), '2026-11-28');
  t.is(periods.dateIn('Europe/Madrid', noon), '2026-11-29');
  const bounds = (period: string, today: string): string =>
    Object.values(periods.boundsOf(period, today)!).join(' ');
  // 28 November 2026 is a Saturday.
  t.is(bounds('weekend', '2026-11-23'), '2026-11-28 2026-11-29');
  t.is(bounds('weekend', '2026-11-28'), '2026-11-28 2026-11-29');
  t.is(bounds('weekend', '2026-11-29'), '2026-11-29 2026-11-29');
  t.is(bounds('7-days', '2026-12-28'), '2026-12-28 2027-01-03');
  t.is(bounds('month', '2028-02-10'), '2028-02-01 2028-02-29');
  t.is(bounds('next-month', '2026-12-31'), '2027-01-01 2027-01-31');
  t.is(periods.boundsOf('ever', '2026-11-28'), null);
});

test('a date for /search is the whole day in the zone, with 23 or 25 hours where clocks change', (t) => {
  const day = (date: string, zone: string): string[] => [
    periods.utcOf(date, false, zone),
    periods.utcOf(date, true, zone),
  ];
  t.deepEqual(day('2031-03-05', 'America/New_York'), ['2031-03-05T05:00:00Z', '2031-03-06T04:59:59Z']);
  t.deepEqual(day('2031-03-30', 'Europe/Madrid'), ['2031-03-29T23:00:00Z', '2031-03-30T21:59:59Z']);
  t.deepEqual(day('2031-10-26', 'Europe/Madrid'), ['2031-10-25T22:00:00Z', '2031-10-26T22:59:59Z']);
  t.is(periods.utcOf('2031-03-30T10:00:00+02:00', false, 'UTC'), '2031-03-30T10:00:00+02:00');
});

test('a state that becomes a URL is read from it again; other names and empty values are dropped', (t) => {
  const state = { q: 'a&b=c #d', tz: 'Europe/Madrid', period: 'weekend', sort_by: 'title', event: 'x/y' };
  const path = states.pathOf(state);
  t.deepEqual(states.readState(path.slice(1)), state);
  t.deepEqual(states.readState('?q=&utm_source=x&match=starts'), { match: 'starts' });
  t.is(states.pathOf({ q: undefined }), '/');
  t.is(
    states.requestOf('/events', state, { limit: 5 }),
    '/events?tz=Europe/Madrid&q=a%26b%3Dc+%23d&sort_by=title&limit=5',
  );
  t.is(states.requestOf('/events/histogram', { sort_by: 'title' }), '/events/histogram');
});
