import { connect } from 'node:net';
import test from 'ava';
import { createEditions } from '#/api/editions.ts';
import { createApp } from '#/http/app.ts';
import { createEventsHandler } from '#/http/events/handler.ts';
import { createOverload } from '#/http/overload.ts';
import { createSearchHandler } from '#/http/search-handler.ts';
import { createApiServer } from '#/http/server.ts';
import { createView, emptyView, type View } from '#/search/view.ts';
import { decodeSegment } from '#/snapshot/segment.ts';
import { apiFor, clientOf, headerOptions } from '../_support/api.ts';
import { buildAll, randomEvents, viewOf, withoutDetails } from '../_support/catalogue.ts';
import { eventTruths, jsonOf } from '../_support/event-truths.ts';
import { randomOf } from '../_support/random.ts';

const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };
const events = randomEvents(randomOf(7), { events: 2000, ...year });
const view = viewOf(events, 300);
const plain = { headers: { 'accept-encoding': 'identity' } };
const wanted = eventTruths(events, {}).map((event) => jsonOf(event));

interface Listed {
  readonly data: {
    readonly events: readonly object[];
    readonly next_cursor?: string | null;
    readonly total_rows?: number;
    readonly total_pages?: number;
  };
  readonly error: null;
}

const listed = async (answer: Response): Promise<Listed> => (await answer.json()) as Listed;
const textsOf = ({ data }: Listed): string[] => data.events.map((event) => JSON.stringify(event));

test('the first page has 50 events by start, and a link to the next', async (t) => {
  const api = await apiFor(t, () => view);
  const answer = await api.get('/events', plain);
  t.is(answer.status, 200);
  t.is(answer.headers.get('content-type'), 'application/json; charset=utf-8');
  const page = await listed(answer.clone() as Response);
  t.is(Number(answer.headers.get('content-length')), Buffer.byteLength(await answer.text()));
  t.deepEqual(textsOf(page), wanted.slice(0, 50));
  t.is(
    answer.headers.get('link'),
    `</events?limit=50>; rel="first", </events?limit=50&cursor=${page.data.next_cursor}>; rel="next"`,
  );
});

for (const query of ['', 'sort_by=title&', 'sort_by=end&sort_dir=desc&']) {
  test(`a client that follows next through ?${query} meets each event once`, async (t) => {
    const api = await apiFor(t, () => view);
    const seen: string[] = [];
    let path: string | null = `/events?${query}limit=300`;
    while (path !== null) {
      const answer = await api.get(path);
      seen.push(...textsOf(await listed(answer)));
      path = /<([^>]*)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1] ?? null;
    }
    const [sort_by, sort_dir] = ['sort_by', 'sort_dir'].map((name) => new URLSearchParams(query).get(name));
    t.deepEqual(
      seen,
      eventTruths(events, {
        sort_by: (sort_by ?? 'start') as 'start',
        sort_dir: (sort_dir ?? 'asc') as 'asc',
      }).map((event) => jsonOf(event)),
    );
  });
}

test('pages by number have totals and links to all others', async (t) => {
  const api = await apiFor(t, () => view);
  const answer = await api.get('/events?q=night&page=2&page_size=70');
  const page = await listed(answer);
  const all = eventTruths(events, { q: 'night' }).map((event) => jsonOf(event));
  t.deepEqual(textsOf(page), all.slice(70, 140));
  t.like(page.data, { total_rows: all.length, total_pages: Math.ceil(all.length / 70) });
  const link = (number: number, relation: string): string =>
    `</events?q=night&page=${number}&page_size=70>; rel="${relation}"`;
  const last = Math.ceil(all.length / 70);
  t.is(
    answer.headers.get('link'),
    [link(1, 'first'), link(1, 'prev'), link(3, 'next'), link(last, 'last')].join(', '),
  );
  const encoded = await api.get('/events?q=night&%70age=2&page%5Fsize=70');
  t.is(encoded.headers.get('link'), answer.headers.get('link'), 'also with percent-encoded names');
  const beyond = await listed(await api.get('/events?q=night&page=900'));
  t.like(beyond.data, { events: [], total_rows: all.length });
});

const refusals: [query: string, code: string, message: RegExp][] = [
  ['start_at=2021-01-01', 'parameter_unknown', /"start_at".* Did you mean starts_at\?$/],
  ['limit=0', 'parameter_invalid', /^limit: Got "0", expected a whole number from 1 to 1000\.$/],
  ['limit=1001', 'parameter_invalid', /limit/],
  ['page=x', 'parameter_invalid', /page/],
  ['limit=5&limit=6', 'parameter_repeated', /limit/],
  ['page=1&cursor=x', 'paging_mixed', /cursor/],
  ['match=inside', 'parameter_invalid', /within, overlaps, starts or contains/],
  ['match=contains&starts_at=2021-01-01', 'bound_missing', /ends_at/],
  ['starts_at=2021-09-31', 'date_impossible', /^starts_at: /],
  ['starts_at=2021-02-01&ends_at=2021-01-01', 'range_reversed', /starts_at/],
  ['min_price=5&max_price=4', 'range_reversed', /min_price/],
  ['min_price=-1', 'parameter_invalid', /min_price/],
  ['tz=Mars/Olympus', 'parameter_invalid', /IANA/],
  ['available=yes', 'parameter_invalid', /true or false/],
  ['q=%22', 'parameter_invalid', /words/],
  ['q=%ff', 'escape_invalid', /q/],
  ['sort_by=price', 'parameter_invalid', /min_price/],
  ['fields=id,titel', 'field_unknown', /"titel".* Did you mean title\?$/],
  ['cursor=abc', 'cursor_invalid', /damaged/],
  ['sort_by=end&page=201', 'page_too_deep', /10050.*10000/],
  ['provider=', 'parameter_invalid', /provider/],
  ['interval=day', 'parameter_unknown', /interval/],
];

test('a query that is not valid is refused with its code and what was expected', async (t) => {
  const api = await apiFor(t, () => view);
  for (const [query, code, message] of refusals) {
    const answer = await api.get(`/events?${query}`);
    const { data, error } = (await answer.json()) as { data: null; error: { code: string; message: string } };
    t.is(answer.status, 400, query);
    t.is(data, null);
    t.is(error.code, code, query);
    t.regex(error.message, message);
  }
  for (const [query, code] of [
    ['limit=5', 'parameter_unknown'],
    ['interval=hour', 'too_many_buckets'],
  ]) {
    const answer = await api.get(`/events/histogram?${query}`);
    t.like(await answer.json(), { data: null, error: { code } }, query);
  }
});

test('a cursor of another query is refused, and one of a version that has gone is a 410', async (t) => {
  let current = view;
  const api = await apiFor(t, () => current);
  const { data } = await listed(await api.get('/events?limit=10'));
  const next = String(data.next_cursor);
  const other = await api.get(`/events?limit=10&sort_by=end&cursor=${next}`);
  t.like(await other.json(), { error: { code: 'cursor_mismatch' } });
  t.is(other.status, 400);
  for (let at = 0; at < next.length; at += 5) {
    const harmed = next.slice(0, at) + (next[at] === 'A' ? 'B' : 'A') + next.slice(at + 1);
    t.like(await (await api.get(`/events?cursor=${harmed}`)).json(), { error: { code: 'cursor_invalid' } });
  }
  const ofEarlierRelease = Buffer.alloc(29, 1).toString('base64url');
  const earlier = await api.get(`/events?limit=10&cursor=${ofEarlierRelease}`);
  t.is(earlier.status, 410);
  t.like(await earlier.json(), { data: null, error: { code: 'cursor_expired' } });
  t.is((await api.get(`/events?limit=7&cursor=${next}`)).status, 200, 'another limit is possible');
  current = viewOf(events.slice(1), 300);
  const gone = await api.get(`/events?limit=10&cursor=${next}`);
  t.is(gone.status, 410);
  t.like(await gone.json(), { data: null, error: { code: 'cursor_expired' } });
});

test('HEAD, ETag, If-Match and gzip work as in /search', async (t) => {
  const api = await apiFor(t, () => view);
  for (const path of ['/events?limit=100', '/events/histogram', '/events?limit=x', '/events?page=3']) {
    const [get, head] = [await api.get(path, plain), await api.get(path, { ...plain, method: 'HEAD' })];
    t.is(head.status, get.status);
    t.is(await head.text(), '');
    for (const name of ['content-type', 'content-length', 'etag', 'link'])
      t.is(head.headers.get(name), get.headers.get(name), `${path} ${name}`);
  }
  const whole = await api.get('/events?limit=100', plain);
  const tag = String(whole.headers.get('etag'));
  const body = await whole.text();
  const same = await api.get('/events?limit=100', { headers: { ...plain.headers, 'if-none-match': tag } });
  t.is(same.status, 304);
  t.is(same.headers.get('etag'), tag);
  t.is(await same.text(), '');
  const unlike = await api.get('/events?limit=100', { headers: { ...plain.headers, 'if-match': '"other"' } });
  t.is(unlike.status, 412);
  for (let round = 0; round < 3; round++) {
    const raw = await api.raw(
      'GET /events?limit=100 HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n',
    );
    t.regex(raw, /\r\nContent-Encoding: gzip\r\n/);
    t.regex(raw, new RegExp(`\r\nETag: "${tag.slice(1, -1)}-gz"\r\n`));
    t.is(await (await api.get('/events?limit=100')).text(), body);
  }
  const post = await api.get('/events', { method: 'POST' });
  t.is(post.status, 405);
  t.is(post.headers.get('allow'), 'GET, HEAD');
});

test('Accept: application/x-ndjson streams every match, one per line', async (t) => {
  const api = await apiFor(t, () => view);
  const lines = { headers: { ...plain.headers, accept: 'application/x-ndjson' } };
  const answer = await api.get('/events', lines);
  t.is(answer.headers.get('content-type'), 'application/x-ndjson');
  t.is(await answer.text(), `${wanted.join('\n')}\n`);
  const sorted = await api.get('/events?sort_by=title&q=tram', lines);
  t.is(
    await sorted.text(),
    eventTruths(events, { sort_by: 'title', q: 'tram' })
      .map((event) => `${jsonOf(event)}\n`)
      .join(''),
  );
  const none = await api.get('/events?provider=nobody', lines);
  t.is(await none.text(), '');
  const zipped = await api.get('/events', { headers: { accept: 'application/x-ndjson' } });
  t.is(zipped.headers.get('content-encoding'), 'gzip');
  t.is(await zipped.text(), `${wanted.join('\n')}\n`);
  t.like(await (await api.get('/events?limit=5', lines)).json(), { error: { code: 'paging_mixed' } });
  const json = await api.get('/events', {
    headers: { accept: 'application/json, application/x-ndjson;q=0.5' },
  });
  t.is(json.headers.get('content-type'), 'application/json; charset=utf-8');
});

test('a reader of a stream that stops reading costs the memory of a few parts', async (t) => {
  const many = viewOf(randomEvents(randomOf(3), { events: 40_000, ...year }), 4096);
  const api = await apiFor(t, () => many);
  const { port } = new URL(api.url);
  const readers = Array.from({ length: 20 }, () => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('GET /events HTTP/1.1\r\nHost: x\r\nAccept: application/x-ndjson\r\n\r\n');
    socket.pause();
    t.teardown(() => socket.destroy());
    return socket;
  });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const all = many.events * 500 * readers.length;
  t.true(process.memoryUsage().arrayBuffers < all / 2, `${process.memoryUsage().arrayBuffers} of ${all}`);
  t.is((await api.get('/events')).status, 200);
});

test('a catalogue whose segments have no details is a 503, and /search answers', async (t) => {
  const old = new Map(
    buildAll(events, 300).map(({ entry, bytes }) => [entry.hash, decodeSegment(withoutDetails(bytes))]),
  );
  const api = await apiFor(t, () => createView(1, old));
  for (const path of ['/events', '/events/histogram']) {
    const answer = await api.get(path);
    t.is(answer.status, 503);
    t.is(answer.headers.get('retry-after'), '5');
    t.like(await answer.json(), { data: null, error: { code: 'details_unavailable' } });
  }
  t.is((await api.get('/search')).status, 200);
});

test('an empty catalogue has no events and no buckets', async (t) => {
  const api = await apiFor(t);
  t.deepEqual(await (await api.get('/events')).json(), {
    data: { events: [], next_cursor: null },
    error: null,
  });
  t.like(await (await api.get('/events?page=1')).json(), { data: { total_rows: 0, total_pages: 0 } });
  t.like(await (await api.get('/events/histogram')).json(), { data: { buckets: [] } });
});

test('a range is read in the zone that tz names', async (t) => {
  const api = await apiFor(t, () => view);
  const total = async (query: string): Promise<number | undefined> =>
    (await listed(await api.get(`/events?page=1&match=starts&${query}`))).data.total_rows;
  const day = (from: string, to: string): number =>
    events.filter(({ start }) => start >= Date.parse(from) && start < Date.parse(to)).length;
  t.is(
    await total('tz=Europe/Madrid&starts_at=2021-03-27&ends_at=2021-03-28'),
    day('2021-03-26T23:00Z', '2021-03-28T22:00Z'),
  );
  t.is(
    await total('tz=Europe/Madrid&starts_at=2021-06-01T00:00:00&ends_at=2021-06-30T00:00:00Z'),
    events.filter(
      ({ start }) => start >= Date.parse('2021-05-31T22:00Z') && start <= Date.parse('2021-06-30'),
    ).length,
  );
});

test('a histogram has one bucket per interval, in the zone that tz names', async (t) => {
  const api = await apiFor(t, () => view);
  const answer = await api.get(
    '/events/histogram?interval=month&tz=Europe/Madrid&match=starts&provider=fever',
  );
  const { data } = (await answer.json()) as {
    data: { buckets: { starts_at: string; events: number }[]; total_rows: number };
  };
  t.is(data.buckets[0]!.starts_at, '2021-01-01T00:00:00+01:00');
  t.is(data.buckets[6]!.starts_at, '2021-07-01T00:00:00+02:00');
  const june = events.filter(
    ({ start, provider }) =>
      provider === 'fever' &&
      start >= Date.parse('2021-05-31T22:00Z') &&
      start < Date.parse('2021-06-30T22:00Z'),
  );
  t.is(data.buckets[5]!.events, june.length);
  t.is(data.total_rows, eventTruths(events, { provider: 'fever' }).length);
});

test('a walk continues in its version while others are published, within the limits of memory', async (t) => {
  let current: View = emptyView;
  const gone = { trouble: null, ...never() };
  const versions = Array.from({ length: 6 }, (_, i) => {
    const some = events.slice(i);
    const built = buildAll(some, 300);
    return {
      some,
      view: createView(i + 1, new Map(built.map(({ entry, bytes }) => [entry.hash, decodeSegment(bytes)]))),
    };
  });
  const editions = createEditions({ store: gone, now: () => performance.now(), extraBytesMax: 2_000_000 });
  const serve = (next: View): void => {
    current = next;
    editions.swapped(next);
  };
  serve(versions[0]!.view);
  const api = await clientOf(
    t,
    createApiServer(
      createSearchHandler({ ...headerOptions(), currentView: () => current, cacheBytesMax: 1_000_000 }),
      createEventsHandler({
        ...headerOptions(),
        current: () => current,
        find: editions.find,
        load: editions.load,
      }),
      createApp(),
      { connectionsMax: 1000, overload: createOverload(0) },
    ),
  );
  const first = await listed(await api.get('/events?limit=1000'));
  const { view: second, some } = versions[1]!;
  serve(second);
  const rest = await listed(await api.get(`/events?limit=1000&cursor=${first.data.next_cursor}`));
  t.deepEqual([...textsOf(first), ...textsOf(rest)], wanted);
  t.is(rest.data.next_cursor, null);
  const fresh = await listed(await api.get('/events?limit=1000'));
  t.deepEqual(
    textsOf(fresh),
    eventTruths(some, {})
      .slice(0, 1000)
      .map((event) => jsonOf(event)),
  );
  for (const { view: next } of versions.slice(2)) serve(next);
  t.true(editions.extraBytes <= 2_000_000);
  t.true(editions.kept < 5, 'all events of a segment changed each time');
  t.is((await api.get(`/events?limit=1000&cursor=${first.data.next_cursor}`)).status, 410);
});

const never = () => ({
  retrieveManifest: () => Promise.reject(new Error('gone')),
  retrieveSegment: () => Promise.reject(new Error('gone')),
});
