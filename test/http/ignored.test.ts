// Parameters that a search does not know: the header that names them, and the strict mode.

import test from 'ava';
import { apiFor } from '../_support/api.ts';
import { randomEvents, viewOf } from '../_support/catalogue.ts';
import { randomOf } from '../_support/random.ts';

const header = 'marquee-ignored-parameters';
const view = viewOf(
  randomEvents(randomOf(5), { events: 200, from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) }),
);

/** The header's value, by query. */
const named: Record<string, string | null> = {
  '': null,
  'starts_at=2021-06-01&ends_at=2021-06-02': null,
  'starts_a%74=2021-06-01': null,
  'starts_at=2021-06-01T00:00:00%2B02:00&&=x&': null,
  'page=2': 'page',
  'page=2&starts_at=2021-06-01&utm_source=a&page=3': 'page, utm_source',
  'start_at=2021-06-01': 'start_at',
  'startsAt=2021-06-01&ends-at=2021-06-02': 'startsAt, ends-at',
  'starts_at[]=2021-06-01': 'starts_at[]',
  'a%2Cb=1&%0D%0ASet-Cookie:x=1&%E2%82%AC=1&%zz&a b=1': 'a%2Cb, %0D%0ASet-Cookie%3Ax, %E2%82%AC, %zz, a%20b',
  [Array.from({ length: 17 }, (_, i) => `p${i}`).join('&')]:
    'p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, ...',
  [`${'x'.repeat(41)}=1&y=1`]: `${'x'.repeat(40)}..., y`,
};

for (const [query, value] of Object.entries(named))
  test(`?${query.slice(0, 60)} is answered with ${value === null ? 'no header' : value.slice(0, 40)}`, async (t) => {
    const api = await apiFor(t, () => view);
    const url = `/search?${query.replace('a b', 'a%20b')}`;
    const answer = await api.get(url);
    t.is(answer.status, 200);
    t.is(answer.headers.get(header), value);
    const same = await api.get(url, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });
    t.is(same.status, 304);
    t.is(same.headers.get(header), value);
  });

test('the header is short, whatever the query', async (t) => {
  const api = await apiFor(t, () => view);
  const query = Array.from({ length: 30 }, (_, i) => `${i}${'x'.repeat(60)}`).join('&');
  const value = (await api.get(`/search?${query}`)).headers.get(header) ?? '';
  t.true(value.length > 500 && value.length < 800, `${value.length}`);
});

test('errors have the header too, and it is not that of the query before', async (t) => {
  const api = await apiFor(t, () => view);
  t.is((await api.get('/search?page=1&starts_at=x')).headers.get(header), 'page');
  t.is((await api.get('/search?page=1', { headers: { 'if-match': '"x"' } })).headers.get(header), 'page');
  t.is((await api.get('/search?starts_at=x')).headers.get(header), null);
  t.is((await api.get('/search')).headers.get(header), null);
});

/** What is meant by a name that is near one of the two. */
const near: Record<string, string> = {
  start_at: 'starts_at',
  starts_a: 'starts_at',
  stars_at: 'starts_at',
  startsAt: 'starts_at',
  'starts-at': 'starts_at',
  'starts.at': 'starts_at',
  startsat: 'starts_at',
  STARTS_AT: 'starts_at',
  StartsAt: 'starts_at',
  'starts_at[]': 'starts_at',
  'starts_at%00': 'starts_at',
  'start%5Fat': 'starts_at',
  starts: 'starts_at',
  strats_at: 'starts_at',
  start_date: 'starts_at',
  end_at: 'ends_at',
  ends_t: 'ends_at',
  endsAt: 'ends_at',
  'ends-at': 'ends_at',
  ENDS_AT: 'ends_at',
  ends: 'ends_at',
  end_date: 'ends_at',
  ensd_at: 'ends_at',
};

const far = [
  'page',
  'utm_source',
  'utm_campaign',
  'q',
  '_',
  'from',
  'to',
  'tz',
  'limit',
  'cursor',
  'sort_by',
  'status',
  'fbclid',
  'gclid',
  'date',
  'id',
  'data',
  'rates',
  'lat',
  'x'.repeat(1500),
];

for (const [name, meant] of Object.entries(near))
  test(`with SEARCH_STRICT the parameter ${name} is refused, since ${meant} is near`, async (t) => {
    const api = await apiFor(t, () => view, { isStrict: true });
    const answer = await api.get(`/search?${name}=2021-06-01`);
    t.is(answer.status, 400);
    const { error } = (await answer.json()) as { error: { code: string; message: string } };
    t.is(error.code, 'parameter_unknown');
    t.true(error.message.endsWith(` Did you mean ${meant}?`), error.message);
    t.is((await (await apiFor(t, () => view)).get(`/search?${name}=2021-06-01`)).status, 200);
  });

test('with SEARCH_STRICT other parameters are ignored as before', async (t) => {
  const api = await apiFor(t, () => view, { isStrict: true });
  for (const name of far) {
    const answer = await api.get(`/search?${name}=1&starts_at=2021-06-01`);
    t.is(answer.status, 200, name);
    t.true((answer.headers.get(header) ?? '').startsWith(name.slice(0, 40)), name);
  }
});
