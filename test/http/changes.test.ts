import test from 'ava';
import { createEditions } from '#/api/editions.ts';
import { createView, type View } from '#/search/view.ts';
import { decodeSegment } from '#/snapshot/segment.ts';
import { apiFor, type Client } from '../_support/api.ts';
import { buildAll, randomEvents, withoutDetails } from '../_support/catalogue.ts';
import { jsonOf } from '../_support/event-truths.ts';
import { randomOf } from '../_support/random.ts';

const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };
const events = randomEvents(randomOf(11), { events: 700, ...year });
const changed = events.map((event, i) => (i % 100 === 0 ? { ...event, title: `${event.title}!` } : event));

const viewAt = (version: number, all: typeof events): View =>
  createView(
    version,
    new Map(buildAll(all, 100).map(({ entry, bytes }) => [entry.hash, decodeSegment(bytes)])),
  );

interface Page {
  readonly data: {
    readonly changes: readonly { change: string; id: string; event: object | null }[];
    readonly token: string;
    readonly token_seconds: number | null;
    readonly has_more: boolean;
  };
}

const pageOf = async (api: Client, query: string): Promise<Page['data']> => {
  const answer = await api.get(`/changes?${query}`);
  if (answer.status !== 200) throw new Error(await answer.text());
  return ((await answer.json()) as Page).data;
};

const noStore = {
  retrieveManifest: () => Promise.reject(new Error('It is not there.')),
  retrieveSegment: () => Promise.reject(new Error('It is not there.')),
};

test('without since, all events come as new, in pages; the last token gives what changed later', async (t) => {
  let view = viewAt(1, events);
  const editions = createEditions({ store: { ...noStore, trouble: null }, now: () => 0 });
  editions.swapped(view);
  const api = await apiFor(t, () => view, { kept: editions });
  const copy = new Map<string, object | null>();
  let page = await pageOf(api, 'limit=150');
  for (;;) {
    for (const { change, id, event } of page.changes) {
      t.is(change, 'new');
      t.false(copy.has(id));
      copy.set(id, event);
    }
    if (!page.has_more) break;
    t.is(page.changes.length, 150);
    page = await pageOf(api, `limit=150&since=${page.token}`);
  }
  t.is(page.token_seconds, 600);
  t.deepEqual(
    [...copy].map(([id, event]): [string, string] => [id, JSON.stringify(event)]).toSorted(),
    events.map((event): [string, string] => [event.id, jsonOf(event)]).toSorted(),
  );
  const none = await pageOf(api, `since=${page.token}`);
  t.deepEqual(none, { changes: [], token: page.token, token_seconds: 600, has_more: false });
  t.deepEqual((await pageOf(api, 'since=now')).token, page.token);
  view = viewAt(2, changed);
  editions.swapped(view);
  const later = await pageOf(api, `since=${page.token}`);
  t.deepEqual(
    later.changes.map(({ change, event }) => [change, JSON.stringify(event)]).toSorted(),
    changed
      .filter((_, i) => i % 100 === 0)
      .map((event) => ['changed', jsonOf(event)])
      .toSorted(),
  );
  t.false(later.has_more);
});

test('the changes of one provider come without those of others, and its token is for it alone', async (t) => {
  const api = await apiFor(t, () => viewAt(1, events));
  const page = await pageOf(api, 'provider=fever&limit=1000');
  t.deepEqual(
    page.changes.map(({ id }) => id).toSorted(),
    events
      .filter(({ provider }) => provider === 'fever')
      .map(({ id }) => id)
      .toSorted(),
  );
  const other = await api.get(`/changes?since=${page.token}`);
  t.is(other.status, 400);
  t.like(await other.json(), { data: null, error: { code: 'token_mismatch' } });
  t.deepEqual((await pageOf(api, 'provider=nobody')).changes, []);
});

test('a query that is not valid is refused with its code', async (t) => {
  const api = await apiFor(t);
  for (const [query, code] of [
    ['since=yesterday', 'token_invalid'],
    ['since=', 'token_invalid'],
    ['limit=1001', 'parameter_invalid'],
    ['starts_at=2021-01-01', 'parameter_unknown'],
    ['since=now&since=now', 'parameter_repeated'],
    ['provider=%ff', 'escape_invalid'],
  ]) {
    const answer = await api.get(`/changes?${query}`);
    t.is(answer.status, 400, query);
    t.like(await answer.json(), { data: null, error: { code } }, query);
  }
  t.is((await api.get('/changes', { method: 'POST' })).status, 405);
});

test('a token whose version has gone, or is of another catalogue, is a 410; while the store is away, a 503', async (t) => {
  let view = viewAt(1, events);
  let trouble: string | null = null;
  const store = {
    ...noStore,
    get trouble() {
      return trouble;
    },
  };
  const { find, load } = createEditions({ store, now: () => 0 });
  const api = await apiFor(t, () => view, { kept: { find, load } });
  const first = await pageOf(api, 'limit=10');
  view = viewAt(1, changed);
  for (const token of [
    first.token,
    (await pageOf(await apiFor(t, () => viewAt(7, events)), 'since=now')).token,
  ]) {
    trouble = null;
    const gone = await api.get(`/changes?since=${token}`);
    t.is(gone.status, 410);
    t.like(await gone.json(), { data: null, error: { code: 'resync_required' } });
    trouble = 'Redis is away.';
    const away = await api.get(`/changes?since=${token}`);
    t.is(away.status, 503);
    t.like(await away.json(), { error: { code: 'version_unavailable' } });
  }
});

test('HEAD, ETag, If-Match and gzip work as in /events', async (t) => {
  const view = viewAt(1, events);
  const api = await apiFor(t, () => view);
  const answer = await api.get('/changes', { headers: { 'accept-encoding': 'identity' } });
  const tag = String(answer.headers.get('etag'));
  t.regex(String(answer.headers.get('marquee-catalogue')), /^version=1,/);
  const head = await api.get('/changes', { method: 'HEAD', headers: { 'accept-encoding': 'identity' } });
  t.is(head.headers.get('etag'), tag);
  const plain = { 'accept-encoding': 'identity' };
  t.is((await api.get('/changes', { headers: { ...plain, 'if-none-match': tag } })).status, 304);
  t.is((await api.get('/changes', { headers: { ...plain, 'if-match': '"x"' } })).status, 412);
  const zipped = await api.get('/changes');
  t.is(zipped.headers.get('content-encoding'), 'gzip');
  t.is(await zipped.text(), await answer.text());
});

test('a catalogue whose segments have no details is a 503', async (t) => {
  const built = buildAll(events.slice(0, 10));
  const view = createView(
    1,
    new Map(built.map(({ entry, bytes }) => [entry.hash, decodeSegment(withoutDetails(bytes))])),
  );
  const answer = await (await apiFor(t, () => view)).get('/changes');
  t.is(answer.status, 503);
  t.like(await answer.json(), { error: { code: 'details_unavailable' } });
});
