// Single events by their id, from the memory of a worker.

import test from 'ava';
import { createIdIndex } from '#/search/by-id/id-index.ts';
import { idOfPlace } from '#/snapshot/places.ts';
import { emptyView, type View } from '#/search/view.ts';
import { apiFor } from '../_support/api.ts';
import { randomEvents, viewOf } from '../_support/catalogue.ts';
import { jsonOf } from '../_support/event-truths.ts';
import { randomOf, seededFor } from '../_support/random.ts';

const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };
const events = randomEvents(randomOf(11), { events: 600, ...year });
const view = viewOf(events, 100);
const [first] = events as [(typeof events)[number]];

const rest =
  ',"zones":[{"id":"40","name":"Platea","price":20,"capacity":240,"numbered":true}],' +
  '"first_seen_at":"2021-01-01T00:00:00Z","last_seen_at":null,"last_online_at":null}';

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
  for (let round = 0; round < 25; round++) {
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
