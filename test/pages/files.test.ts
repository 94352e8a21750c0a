// The files of the pages as both ports send them, and the modules of the search page that need no browser.

import { gzipSync } from 'node:zlib';
import { readdir, readFile } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import { createAdminServer } from '#/http/admin.ts';
import type { AdminDeps } from '#/http/admin/deps.ts';
import { commonFiles, consoleFiles, searchFiles } from '#/http/pages/names.ts';
import { apiFor, clientOf } from '../_support/api.ts';

/** Compressed, of all files of a page. */
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
    t.notRegex(page, /https?:|["'(]\/\/|<script(?! type="module" src=")|<style|\sstyle=|\son\w+=/i);
    const loaded = [...page.matchAll(/(?:src|href)="(\/pages\/[^"]+)"/g)].map(([, path]) => path!.slice(7));
    t.deepEqual(loaded.toSorted(), [...commonFiles, ...files].toSorted());
    for (const path of ['/', ...loaded.map((file) => `/pages/${file}`)]) {
      const { status, headers } = await port.get(path);
      t.is(status, 200, path);
      const policy = headers.get('content-security-policy') ?? '';
      t.regex(
        policy,
        /^default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';/,
      );
      t.notRegex(policy, /unsafe|\*|https?:/);
      t.is(headers.get('x-content-type-options'), 'nosniff');
    }
  });

  test(`each file of the ${name} page is listed, and together they are small`, async (t) => {
    t.deepEqual((await readdir(source('common'))).toSorted(), [...commonFiles].toSorted());
    t.deepEqual((await readdir(source(name))).toSorted(), [`${name}.html`, ...files].toSorted());
    const paths = [
      ...commonFiles.map((file) => `common/${file}`),
      ...[`${name}.html`, ...files].map((file) => `${name}/${file}`),
    ];
    let bytes = 0;
    for (const path of paths) bytes += gzipSync(await readFile(source(path)), { level: 9 }).length;
    t.log(`${bytes} bytes compressed`);
    t.true(bytes < bytesMax, `Got ${bytes} bytes, expected fewer than ${bytesMax}.`);
  });
}

test('files are compressed, have tags, and answer 304; other names are not found', async (t) => {
  const api = await apiFor(t);
  const gzipped = await api.get('/pages/search.js', { headers: { 'accept-encoding': 'gzip' } });
  t.is(gzipped.headers.get('content-encoding'), 'gzip');
  t.is(gzipped.headers.get('vary'), 'Accept-Encoding');
  t.is(await gzipped.text(), await readFile(source('search/search.js'), 'utf8'));
  const plain = await api.get('/pages/search.js', { headers: { 'accept-encoding': 'identity' } });
  t.false(plain.headers.has('content-encoding'));
  const tag = plain.headers.get('etag')!;
  t.not(tag, gzipped.headers.get('etag'));
  const again = await api.get('/pages/search.js', {
    headers: { 'accept-encoding': 'identity', 'if-none-match': tag },
  });
  t.is(again.status, 304);
  t.is(await again.text(), '');
  for (const name of ['console.html', 'none.js', '..%2fsearch%2fsearch.html', 'search.html'])
    t.is((await api.get(`/pages/${name}`)).status, 404, name);
  t.is((await api.get('/', { method: 'POST' })).status, 405);
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
