// The events of a query as a calendar, read back by ical.js.

import ICAL from 'ical.js';
import test from 'ava';
import type { DetailedEvent } from '#/domain/event.ts';
import { bytesOfText, contentLine, escapeJson, escapeText } from '#/search/calendar/lines.ts';
import { apiFor } from '../_support/api.ts';
import { randomEvents, viewOf } from '../_support/catalogue.ts';
import { eventTruths } from '../_support/event-truths.ts';
import { randomOf, seededFor } from '../_support/random.ts';

const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };
const events = randomEvents(randomOf(11), { events: 2500, ...year });
const view = viewOf(events, 400);
const plain = { headers: { 'accept-encoding': 'identity' } };

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly start: string;
  readonly end: string | null;
}

function entriesIn(text: string): Entry[] {
  const calendar = new ICAL.Component(ICAL.parse(text) as never);
  return calendar.getAllSubcomponents('vevent').map((component) => {
    const value = (name: string): string | null => {
      const found = component.getFirstPropertyValue(name);
      if (found === null) return null;
      const time = found as InstanceType<typeof ICAL.Time>;
      return time.isDate ? time.toString() : instant(time.toJSDate().getTime());
    };
    const plainOf = (name: string): string => String(component.getFirstPropertyValue(name));
    return { id: plainOf('uid'), title: plainOf('summary'), start: value('dtstart')!, end: value('dtend') };
  });
}

const instant = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');

const expected = (query: Parameters<typeof eventTruths>[1]): Entry[] =>
  eventTruths(events, query).map((event) => ({
    id: event.id,
    title: event.title,
    start: instant(event.start),
    end: event.end > event.start ? instant(event.end) : null,
  }));

test('a calendar has the events of the query, with equal instants, by its path and by Accept', async (t) => {
  const api = await apiFor(t, () => view);
  for (const [query, wanted] of [
    ['q=night', expected({ q: 'night' })],
    [
      'starts_at=2021-03-01&ends_at=2021-04-15',
      expected({ starts_at: Date.UTC(2021, 2, 1), ends_at: Date.UTC(2021, 3, 16) - 1 }),
    ],
    ['q=night&sort_by=title&sort_dir=desc', expected({ q: 'night', sort_by: 'title', sort_dir: 'desc' })],
  ] as const) {
    const answer = await api.get(`/events.ics?${query}`, plain);
    t.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'text/calendar; charset=utf-8']);
    const text = await answer.text();
    t.true(wanted.length > 20, query);
    t.deepEqual(entriesIn(text), wanted, query);
    t.notRegex(text, /X-WR-CALDESC|TZID/);
    for (const accept of ['text/calendar', 'text/calendar, application/json;q=0.9, */*;q=0.1']) {
      const same = await api.get(`/events?${query}`, { headers: { accept } });
      t.is(await same.text(), text, accept);
    }
    for (const accept of ['*/*', 'application/json, text/calendar;q=0.5', 'text/calendar;q=0'])
      t.regex(
        (await api.get(`/events?${query}`, { headers: { accept } })).headers.get('content-type')!,
        /json/,
      );
  }
});

test('a calendar is cut at 2,000 events, and says so', async (t) => {
  const api = await apiFor(t, () => view);
  const text = await (await api.get('/events.ics')).text();
  t.is(entriesIn(text).length, 2000);
  const calendar = new ICAL.Component(ICAL.parse(text) as never);
  const note = /^These are the first 2000 of 2500 events\. Add parameters/;
  for (const name of ['description', 'x-wr-caldesc'])
    t.regex(String(calendar.getFirstPropertyValue(name)), note);
  const empty = await (await api.get('/events.ics?q=nothing+like+this')).text();
  t.deepEqual(entriesIn(empty), []);
});

test('a calendar has an ETag of its version, and takes no parameters of paging', async (t) => {
  let now = view;
  const api = await apiFor(t, () => now);
  const first = await api.get('/events.ics?q=night', plain);
  const tag = first.headers.get('etag')!;
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    api.get(path, { headers: { 'accept-encoding': 'identity', ...headers } });
  t.is((await get('/events.ics?q=night', { 'if-none-match': tag })).status, 304);
  t.is((await get('/events?q=night', { 'if-none-match': tag, accept: 'text/calendar' })).status, 304);
  t.is((await get('/events?q=night', { 'if-none-match': tag })).status, 200, 'JSON has another tag');
  t.is((await get('/events.ics?q=tram', { 'if-none-match': tag })).status, 200);
  t.is((await api.get('/events.ics?q=night', { method: 'HEAD' })).status, 200);
  for (const query of ['limit=5', 'page=2', 'cursor=x', 'fields=id'])
    t.is((await get(`/events.ics?${query}`)).status, 400, query);

  const sequence = (text: string): number => Number(/^SEQUENCE:(\d+)\r$/m.exec(text)![1]);
  const before = await first.text();
  now = { ...view, version: view.version + 5 };
  const after = await (await get('/events.ics?q=night', { 'if-none-match': tag })).text();
  t.true(sequence(after) > sequence(before));
  t.deepEqual(entriesIn(after), entriesIn(before));
});

const valuesOf = (text: string, name: string): string[] =>
  text.split('\r\n').flatMap((line) => (line.startsWith(`${name}:`) ? line.slice(name.length + 1) : []));

test('LAST-MODIFIED and DTSTAMP are when the event changed last, and a status has its word', async (t) => {
  const at = Date.UTC(2026, 10, 28, 11, 59, 30, 500);
  const statuses = ['scheduled', 'cancelled', 'postponed', 'rescheduled', null] as const;
  const own = statuses.map((status, i) => day(i, { status, changedAt: i === 4 ? 0 : at + i * 60_000 }));
  const ownView = viewOf(own, 10);
  const api = await apiFor(t, () => ownView);
  const text = await (await api.get('/events.ics')).text();
  const times = ['20261128T115930Z', '20261128T120030Z', '20261128T120130Z', '20261128T120230Z'];
  t.deepEqual(valuesOf(text, 'LAST-MODIFIED'), times);
  t.deepEqual(valuesOf(text, 'DTSTAMP'), [...times, '19700101T000000Z']);
  t.deepEqual(valuesOf(text, 'STATUS'), ['CANCELLED', 'TENTATIVE', 'CONFIRMED']);
  t.is(entriesIn(text).length, 5);
  for (const [i, { id }] of own.entries()) {
    const one = await (await api.get(`/events/${id}.ics`)).text();
    const entry = text.slice(text.indexOf(`BEGIN:VEVENT\r\nUID:${id}`));
    t.true(one.includes(entry.slice(0, entry.indexOf('END:VEVENT'))), `event ${i}`);
  }
});

test('one event is a calendar by its path and by Accept, and has the refusals of an event', async (t) => {
  const api = await apiFor(t, () => view);
  for (const event of events.filter((_, i) => i % 250 === 0)) {
    const answer = await api.get(`/events/${event.id}.ics`, plain);
    t.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'text/calendar; charset=utf-8']);
    const text = await answer.text();
    const { id, title, start } = event;
    t.like(entriesIn(text), [{ id, title, start: instant(start) }]);
    const same = await api.get(`/events/${id}`, { headers: { accept: 'text/calendar' } });
    t.is(await same.text(), text);
    t.is(same.headers.get('etag'), answer.headers.get('etag'));
    t.regex(same.headers.get('vary')!, /^Accept, /);
    const tag = answer.headers.get('etag')!;
    const headers = { 'accept-encoding': 'identity', 'if-none-match': tag };
    t.is((await api.get(`/events/${id}.ics`, { headers })).status, 304);
    for (const accept of ['*/*', 'application/json, text/calendar;q=0.5', 'text/calendar;q=0']) {
      const json = await api.get(`/events/${id}`, { headers: { accept } });
      t.regex(json.headers.get('content-type')!, /json/, accept);
    }
  }
  const { id } = events[0]!;
  for (const [path, status, code] of [
    ['/events/00000000-0000-5000-8000-000000000000.ics', 404, 'event_unknown'],
    ['/events/1642.ics', 400, 'id_invalid'],
    [`/events/${id}.ics?fields=id`, 400, 'parameter_unknown'],
    [`/events/${id}/history.ics`, 404, 'not_found'],
  ] as const) {
    const answer = await api.get(path);
    t.is(answer.status, status, path);
    t.like(await answer.json(), { error: { code } }, path);
  }
});

const day = (id: number, given: Partial<DetailedEvent>): DetailedEvent => ({
  ...events[0]!,
  id: `836028ef-6686-53de-819e-a7dcfe44d4${10 + id}`,
  start: Date.UTC(2021, 5, 30, 10) + id,
  end: Date.UTC(2021, 5, 30, 10) + id,
  ...given,
});

test('an event without a time is one of whole days, and one without an end has none', async (t) => {
  const own = [
    day(0, { title: 'day', startLocal: '2021-06-30', endLocal: '' }),
    day(1, { title: 'days', startLocal: '2021-06-30', endLocal: '2021-12-31', end: Date.UTC(2021, 11, 31, 10) }),
    day(2, { title: 'open', startLocal: '2021-06-30T12:00:00', endLocal: '', start: Date.UTC(2021, 5, 30, 11), end: Date.UTC(2021, 5, 30, 11) }),
  ]; // prettier-ignore
  const api = await apiFor(t, () => viewOf(own, 10));
  const found = entriesIn(await (await api.get('/events.ics')).text());
  t.deepEqual(
    found.map(({ title, start, end }) => [title, start, end]),
    [
      ['day', '2021-06-30', null],
      ['days', '2021-06-30', '2022-01-01'],
      ['open', '2021-06-30T11:00:00Z', null],
    ],
  );
});

test('any text comes back as it was, in lines of at most 75 bytes', (t) => {
  const random = seededFor(t);
  const pieces = ['a', 'é', '🎭', '\\', ';', ',', '\n', ' ', '"', ':', 'BEGIN:VEVENT', '\\n', '日本語'];
  for (let i = 0; i < 400; i++) {
    const text = Array.from({ length: random.int(0, 120) }, () => random.pick(pieces)).join('');
    const escaped = bytesOfText(escapeText(text));
    t.is(escapeJson(bytesOfText(JSON.stringify(text).slice(1, -1))), escaped, JSON.stringify(text));
    const line = Buffer.from(contentLine(`SUMMARY:${escaped}`), 'latin1').toString();
    for (const part of line.split('\r\n')) t.true(Buffer.byteLength(part) <= 75);
    const read = new ICAL.Component(ICAL.parse(`BEGIN:VEVENT\r\n${line}END:VEVENT`) as never);
    t.is(String(read.getFirstPropertyValue('summary')), text, JSON.stringify(text));
  }
  t.is(escapeText('a\r\nb\0\u0007c'), String.raw`a\nbc`);
});
