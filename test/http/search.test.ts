import test from 'ava';
import type { View } from '#/search/view.ts';
import { apiFor } from '../_support/api.ts';
import { everything, randomEvents, truthOf, viewOf } from '../_support/catalogue.ts';
import { randomOf } from '../_support/random.ts';

const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };
const events = randomEvents(randomOf(7), { events: 2000, ...year });
const view = viewOf(events, 500);
const june = { start: Date.UTC(2021, 5, 1), end: Date.UTC(2021, 5, 3) - 1 };

/** The body without decompression, so that its length is known. */
const plain = { headers: { 'accept-encoding': 'identity' } };

test('an answer has the envelope of the contract, its type and its length', async (t) => {
  const api = await apiFor(t, () => view);
  const answer = await api.get('/search?starts_at=2021-06-01&ends_at=2021-06-02', plain);
  const text = await answer.text();
  t.is(answer.status, 200);
  t.is(text, truthOf(events, june));
  t.is(answer.headers.get('content-type'), 'application/json; charset=utf-8');
  t.is(Number(answer.headers.get('content-length')), Buffer.byteLength(text));
});

test('an answer that is too large to be copied has the same form', async (t) => {
  const api = await apiFor(t, () => view);
  const answer = await api.get('/search', plain);
  const text = await answer.text();
  t.true(text.length > 100_000);
  t.is(text, truthOf(events, everything));
  t.is(Number(answer.headers.get('content-length')), Buffer.byteLength(text));
});

test('an empty catalogue is answered with no events', async (t) => {
  const api = await apiFor(t);
  const answer = await api.get('/search');
  t.is(answer.status, 200);
  t.is(await answer.text(), '{"data":{"events":[]},"error":null}');
});

for (const path of ['/search', '/search?starts_at=2021-06-01&ends_at=2021-06-02', '/search?starts_at=x']) {
  test(`HEAD ${path} has the headers of GET, without the body`, async (t) => {
    const api = await apiFor(t, () => view);
    const [head, get] = [await api.get(path, { ...plain, method: 'HEAD' }), await api.get(path, plain)];
    t.is(head.status, get.status);
    for (const name of ['content-type', 'content-length'])
      t.is(head.headers.get(name), get.headers.get(name));
    t.is(await head.text(), '');
    t.is((await get.arrayBuffer()).byteLength, Number(head.headers.get('content-length')));
  });
}

test('a request is answered from the view that was current when it came', async (t) => {
  let current: View = viewOf(events.slice(0, 1));
  const api = await apiFor(t, () => current);
  const count = async (): Promise<number> =>
    ((await (await api.get('/search')).json()) as { data: { events: unknown[] } }).data.events.length;
  t.is(await count(), 1);
  current = viewOf(events.slice(0, 3));
  t.is(await count(), 3);
});

test('many requests over one connection are answered in their order', async (t) => {
  const api = await apiFor(t, () => view);
  const days = Array.from({ length: 20 }, (_, i) => `2021-06-${String(i + 1).padStart(2, '0')}`);
  const requests = days.map((day, i) => {
    const last = i === days.length - 1 ? 'Connection: close\r\n' : '';
    return `GET /search?starts_at=${day}&ends_at=${day} HTTP/1.1\r\nHost: x\r\n${last}\r\n`;
  });
  const answers = (await api.raw(requests.join(''))).split(/HTTP\/1\.1 200 OK\r\n/).slice(1);
  const wanted = days.map((day) =>
    truthOf(events, { start: Date.parse(day), end: Date.parse(day) + 86_399_999 }),
  );
  t.deepEqual(
    answers.map((answer) => answer.slice(answer.indexOf('\r\n\r\n') + 4)),
    wanted,
  );
});

test('a fault during a search is a 500, and the server continues', async (t) => {
  let broken = true;
  const api = await apiFor(t, () => {
    if (broken) throw new Error('secret of the system');
    return view;
  });
  const answer = await api.get('/search');
  const text = await answer.text();
  t.is(answer.status, 500);
  t.is(text, '{"data":null,"error":{"code":"internal","message":"The search failed."}}');
  broken = false;
  t.is((await api.get('/search')).status, 200);
});
