// Single events by their id, from the memory of a worker.

import test from 'ava';
import { createIdIndex } from '#/search/by-id/id-index.ts';
import { idOfPlace } from '#/snapshot/places.ts';
import { emptyView, type View } from '#/search/view.ts';
import { apiFor } from '../_support/api.ts';
import { randomEvents, viewOf } from '../_support/catalogue.ts';
import { jsonOf } from '../_support/event-truths.ts';
import { isLong } from '../_support/long.ts';
import { randomOf, seededFor } from '../_support/random.ts';

const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };
const events = randomEvents(randomOf(11), { events: 600, ...year });
const view = viewOf(events, 100);
const [first] = events as [(typeof events)[number]];

const rest =
  ',"zones":[{"id":"40","name":"Platea","price":20,"capacity":240,"numbered":true}],' +
  '"first_seen_at":"2021-01-01T00:00:00.000Z","last_seen_at":null,"last_online_at":null}';

test('an event is found by its id, with all fields of lists and those of its companion', async (t) => {
  const api = await apiFor(t, () => view);
  for (const event of events.filter((_, i) => i % 20 === 0)) {
    const answer = await api.get(`/events/${event.id}`);
    t.is(answer.status, 200);
    t.is(answer.headers.get('marquee-catalogue'), 'version=1, age=0, stale=?0');
    t.is(await answer.text(), `{"data":{"event":${jsonOf(event).slice(0, -1)}${rest}},"error":null}`);
  }
});

test('the case of the id does not matter, and fields selects', async (t) => {
  const api = await apiFor(t, () => view);
  const answer = await api.get(`/events/${first.id.toUpperCase()}?fields=provider,id`);
  t.deepEqual(await answer.json(), {
    data: { event: { id: first.id, provider: first.provider } },
    error: null,
  });
});

test('any fields are those of the whole event, also where titles contain the names of fields', async (t) => {
  const random = seededFor(t);
  const title = `{"id":1,"title":"x","start_date":"y"},"zones":[],"listed":true}`;
  const odd = events.map((event, i) => (i % 2 === 0 ? event : { ...event, title, provider: title }));
  const oddView = viewOf(odd, 100);
  const api = await apiFor(t, () => oddView);
  const eventOf = async (path: string): Promise<Record<string, unknown>> =>
    ((await (await api.get(path)).json()) as { data: { event: Record<string, unknown> } }).data.event;
  for (let times = 0; times < 60; times++) {
    const path = `/events/${random.pick(odd).id}`;
    const all = await eventOf(path);
    const names = Object.keys(all).filter(() => random.chance(0.3));
    if (names.length === 0) continue;
    const some = await eventOf(`${path}?fields=${random.shuffled(names).join(',')}`);
    t.deepEqual(
      Object.entries(some),
      names.map((name) => [name, all[name]]),
    );
  }
});

test('HEAD, gzip, ETag and If-Match are those of /events', async (t) => {
  const api = await apiFor(t, () => view);
  const path = `/events/${first.id}`;
  const answer = await api.get(path);
  const tag = answer.headers.get('etag')!;
  t.is((await api.get(path, { headers: { 'if-none-match': tag } })).status, 304);
  t.is((await api.get(path, { headers: { 'if-match': '"other"' } })).status, 412);
  const head = await api.get(path, { method: 'HEAD' });
  t.is(head.status, 200);
  t.is(head.headers.get('content-length'), answer.headers.get('content-length'));
  const other = await api.get(path, { method: 'DELETE' });
  t.deepEqual([other.status, other.headers.get('allow')], [405, 'GET, HEAD']);
});

for (const [path, status, code] of [
  ['/events/00000000-0000-5000-8000-000000000000', 404, 'event_unknown'],
  ['/events/1642', 400, 'id_invalid'],
  [`/events/${first.id}0`, 400, 'id_invalid'],
  [`/events/${first.id}?fields=titel`, 400, 'field_unknown'],
  [`/events/${first.id}?field=title`, 400, 'parameter_unknown'],
  [`/events/${first.id}/zones`, 404, 'not_found'],
] as const) {
  test(`${path} is ${status} ${code}`, async (t) => {
    const api = await apiFor(t, () => view);
    const answer = await api.get(path);
    t.is(answer.status, status);
    t.is(((await answer.json()) as { error: { code: string } }).error.code, code);
  });
}

test('through random changes of the catalogue, the index finds what a search through all events finds', async (t) => {
  const random = seededFor(t);
  let current: View = emptyView;
  const index = createIdIndex(() => current);
  let kept = events;
  const all = new Map(events.map((event) => [event.id, event]));
  for (let round = 0; round < (isLong ? 25 : 10); round++) {
    // Some events leave, some come, some months change.
    kept = kept.filter(() => random.chance(0.9));
    if (random.chance(0.7))
      kept = [...kept, ...randomEvents(random, { events: random.int(1, 900), ...year })].toSorted(
        (a, b) => a.start - b.start || (a.id < b.id ? -1 : 1),
      );
    if (random.chance(0.1)) kept = kept.slice(0, random.int(0, 20));
    for (const event of kept) all.set(event.id, event);
    current = kept.length === 0 ? emptyView : viewOf(kept, random.pick([100, 500]));
    t.is(await index.move(), current);
    const truth = new Set(kept.map(({ id }) => id));
    for (const id of all.keys()) {
      const found = index.find(id);
      if (found === null ? truth.has(id) : idOfPlace(found.segment, found.place) !== id || !truth.has(id))
        return t.fail(`${id} in round ${round}`);
      if (found !== null && current.byHash.get(found.hash) !== found.segment)
        return t.fail('another segment');
    }
    const room = Math.max(1024 * 4, 12 * kept.length * 3);
    t.true(index.bytes <= room, `${index.bytes} bytes for ${kept.length} events`);
  }
  return t.pass();
});

test('a view that is replaced while the index moves is not what the index ends at', async (t) => {
  let current = view;
  const index = createIdIndex(() => current);
  const moving = index.move();
  t.is(index.view, null);
  current = viewOf(events.slice(0, 300), 100);
  t.is(await moving, current);
  t.is(index.find(events.at(-1)!.id), null);
  t.not(index.find(first.id), null);
});

interface LookedUp {
  readonly data: {
    readonly events: readonly { readonly id: string }[];
    readonly unknown: readonly string[];
  } | null;
  readonly error: { readonly code: string } | null;
}

const json = { 'content-type': 'application/json' };
const lookup = (ids: unknown, init: RequestInit = {}): RequestInit => ({
  method: 'POST',
  headers: json,
  body: JSON.stringify({ ids }),
  ...init,
});

test('a lookup has the known events in the order of the request, each once, and the unknown ids', async (t) => {
  const api = await apiFor(t, () => view);
  const random = seededFor(t);
  const none = ['00000000-0000-5000-8000-000000000000', '00000000-0000-5000-8000-000000000001'];
  const some = random.shuffled([...events.slice(0, 499).map(({ id }) => id), none[0]!]);
  const asked = await api.get('/events/lookup', lookup([...some.slice(0, 490), ...some.slice(0, 10)]));
  t.is(asked.status, 200);
  t.is(asked.headers.get('cache-control'), 'no-store');
  const { data } = (await asked.json()) as LookedUp;
  const known = some.slice(0, 490).filter((id) => id !== none[0]);
  t.deepEqual(
    data?.events.map(({ id }) => id),
    known,
  );
  t.deepEqual(
    data?.unknown,
    some.slice(0, 490).filter((id) => id === none[0]),
  );
  const [one] = known as [string];
  const single = (await (await api.get(`/events/${one}`)).json()) as { data: { event: object } };
  t.deepEqual(data?.events[0] as object, single.data.event);
  const few = (await (
    await api.get('/events/lookup?fields=id', lookup([none[1], one.toUpperCase(), none[0]]))
  ).json()) as LookedUp;
  t.deepEqual(few.data, { events: [{ id: one }], unknown: [none[1]!, none[0]!] });
});

const id = first.id;
const bodies: [title: string, init: RequestInit, status: number, code: string][] = [
  ['501 ids', lookup(Array.from({ length: 501 }, () => id)), 400, 'body_invalid'],
  ['no ids', lookup([]), 400, 'body_invalid'],
  ['an id that is a number', lookup([1642]), 400, 'body_invalid'],
  ['an id that is not a UUID', lookup(['1642']), 400, 'id_invalid'],
  ['another member', lookup([], { body: JSON.stringify({ ids: [id], fields: 'id' }) }), 400, 'body_invalid'],
  ['half a document', lookup([], { body: '{"ids":[' }), 400, 'body_invalid'],
  ['bytes that are not UTF-8', lookup([], { body: Buffer.from([34, 255, 34]) }), 400, 'body_invalid'],
  ['very deep arrays', lookup([], { body: '['.repeat(60_000) }), 400, 'body_invalid'],
  [
    'a form',
    lookup([], { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    415,
    'media_type_unsupported',
  ],
  [
    'another charset',
    lookup([], { headers: { 'content-type': 'application/json; charset=latin1' } }),
    415,
    'media_type_unsupported',
  ],
  [
    'a compressed body',
    lookup([id], { headers: { ...json, 'content-encoding': 'gzip' } }),
    415,
    'media_type_unsupported',
  ],
  ['a large body', lookup([], { body: `{"ids":["${id}"]}${' '.repeat(66_000)}` }), 413, 'body_too_large'],
];
for (const [title, init, status, code] of bodies)
  test(`a lookup with ${title} is ${status} ${code}`, async (t) => {
    const api = await apiFor(t, () => view);
    const answer = await api.get('/events/lookup', init);
    t.is(answer.status, status);
    t.is(((await answer.json()) as LookedUp).error?.code, code);
    // The server answers the next request.
    t.is((await api.get(`/events/${id}`)).status, 200);
  });

test('a body without a length is cut off at the limit', async (t) => {
  const api = await apiFor(t, () => view);
  const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`.repeat(6);
  const head =
    'POST /events/lookup HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
  t.regex(await api.raw(head + chunk), /^HTTP\/1\.1 413 .*"body_too_large"/s);
});

test('a body is refused by its depth before it is parsed, and brackets in strings do not count', async (t) => {
  const api = await apiFor(t, () => view);
  const refusal = async (body: string): Promise<{ code: string; message: string }> =>
    ((await (await api.get('/events/lookup', lookup([], { body }))).json()) as { error: never }).error;
  const nested = (depth: number): string => `{"ids":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
  t.regex((await refusal(nested(9))).message, /^Got a body nested deeper than 8 levels/);
  t.notRegex((await refusal(nested(8))).message, /deeper/);
  t.regex(
    (await refusal(`{"a":"\\\\"${'{"b":'.repeat(9)}`)).message,
    /deeper/,
    'an escaped backslash ends no string late',
  );
  for (const text of ['['.repeat(50), `\\"${'['.repeat(50)}`, `]${'['.repeat(50)}`])
    t.is((await refusal(`{"ids":["${text}"]}`)).code, 'id_invalid', text);
  // As many siblings as fit are not depth.
  t.notRegex((await refusal(`{"ids":[${'[],'.repeat(15_000)}[]]}`)).message, /deeper/);
});

test('a lookup is asked with POST', async (t) => {
  const api = await apiFor(t, () => view);
  const answer = await api.get('/events/lookup');
  t.deepEqual([answer.status, answer.headers.get('allow')], [405, 'POST']);
});

test('a lookup whose companions cannot be read is 503, unless it asks for other fields', async (t) => {
  const companions = { peek: () => undefined, read: () => Promise.reject(new Error('away')) };
  const api = await apiFor(t, () => view, { companions });
  const answer = await api.get('/events/lookup', lookup([id]));
  t.deepEqual([answer.status, ((await answer.json()) as LookedUp).error?.code], [503, 'zones_unavailable']);
  t.is((await api.get('/events/lookup?fields=title', lookup([id]))).status, 200);
});
