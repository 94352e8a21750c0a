// Events without a time, and events without an end: how they are read in every format, found, and shown.

import test from 'ava';
import { openPipeline } from '../_support/pipeline.ts';
import { eventOf, plainFormats, read, remarked } from './_values.ts';
import { readFeed } from './_read-feed.ts';

const utc = (text: string): number => Date.parse(text);

test('a day compares as its noon, and an unknown end as the start', (t) => {
  const cases: [start: string, end: string | undefined, from: string, to: string][] = [
    ['2031-06-30', undefined, '2031-06-30T10:00:00Z', '2031-06-30T10:00:00Z'],
    ['2031-06-30', '2031-06-30', '2031-06-30T10:00:00Z', '2031-06-30T10:00:00Z'],
    ['2031-06-30', '2031-07-02', '2031-06-30T10:00:00Z', '2031-07-02T10:00:00Z'],
    ['2031-06-30T21:00:00', undefined, '2031-06-30T19:00:00Z', '2031-06-30T19:00:00Z'],
    ['2031-06-30T21:00:00', '2031-07-01', '2031-06-30T19:00:00Z', '2031-07-01T10:00:00Z'],
    ['2031-06-30T21:00:00', '2031-06-30', '2031-06-30T19:00:00Z', '2031-06-30T19:00:00Z'],
    ['2031-06-30', '2031-06-30T10:00:00', '2031-06-30T08:00:00Z', '2031-06-30T08:00:00Z'],
    ['2031-06-30', '2031-06-30T20:00:00', '2031-06-30T10:00:00Z', '2031-06-30T18:00:00Z'],
    ['2031-06-30[America/New_York]', undefined, '2031-06-30T16:00:00Z', '2031-06-30T16:00:00Z'],
  ];
  for (const format of plainFormats) {
    for (const strict of [false, true]) {
      for (const [start, end, from, to] of cases) {
        const record = read(format, { start, end }, strict);
        const what = `${format} ${start} ${end}`;
        t.deepEqual([record.faults, remarked(record)], [[], []], what);
        const { facts } = eventOf(record);
        t.like(
          facts,
          {
            start: utc(from),
            end: utc(to),
            startLocal: start.slice(0, 19).split('[')[0],
            endLocal: end ?? '',
          },
          what,
        );
      }
    }
    for (const [start, end, code] of [
      ['2031-06-31', undefined, 'date_impossible'],
      ['2031-06-30', '2031-06-29', 'end_before_start'],
      ['2031-06-30', '2031-06-29T23:00:00', 'end_before_start'],
      ['2031-06-30T01:00:00', '2031-06-29', 'end_before_start'],
      ['2031-06', undefined, 'date_unreadable'],
      ['2031-06-30[Mars/Olympus]', undefined, 'date_unreadable'],
      ['2031-06-30 ', '', 'date_unreadable'],
    ] as const) {
      t.is(read(format, { start, end }).faults[0]?.refusal.code, code, `${format} ${start} ${end}`);
    }
  }
});

test('an event of schema.org may have a day, and no end', (t) => {
  const event = { '@type': 'Event', '@id': '1', name: 'Tram', startDate: '2031-06-30' };
  const { records } = readFeed('jsonld', JSON.stringify(event), { timeZone: 'Europe/Madrid' });
  t.like(records[0]!.observations[0]!.facts, {
    startLocal: '2031-06-30',
    endLocal: '',
    start: utc('2031-06-30T10:00:00Z'),
  });
});

test('an event without a time is found by its day, in UTC and in its zone, and shown with null', async (t) => {
  const line = await openPipeline(t, [{ name: 'default', timeZone: 'Europe/Madrid' }]);
  const event = (planId: string, times: object): string =>
    JSON.stringify({ baseId: 'b', planId, title: planId, sellMode: 'online', zones: [], ...times });
  const told = await line.tell(
    [
      event('day', { start: '2031-06-30' }),
      event('days', { start: '2031-06-30', end: '2031-07-01' }),
      event('open', { start: '2031-06-30T21:00:00' }),
    ].join('\n'),
  );
  t.like(told, { outcome: 'absorbed', code: null, counts: { added: 3, quarantined: 0 } });
  const found = (query: string): string[] => line.events(query).map(({ title }) => title);
  const day = 'starts_at=2031-06-30&ends_at=2031-06-30';
  t.deepEqual(found(day), ['day', 'open']);
  t.deepEqual(found('starts_at=2031-06-30T00:00:00%2B02:00&ends_at=2031-06-30T23:59:59%2B02:00'), [
    'day',
    'open',
  ]);
  t.deepEqual(found('starts_at=2031-06-29&ends_at=2031-06-29'), []);
  t.deepEqual(found('starts_at=2031-06-30&ends_at=2031-07-01').toSorted(), ['day', 'days', 'open']);
  const shown = line
    .events()
    .map(({ title, start_date, start_time, end_date, end_time }) => [
      title,
      start_date,
      start_time,
      end_date,
      end_time,
    ]);
  t.deepEqual(shown.toSorted(), [
    ['day', '2031-06-30', null, null, null],
    ['days', '2031-06-30', null, '2031-07-01', null],
    ['open', '2031-06-30', '21:00:00', null, null],
  ] as never);
  const timed = await line.tell(event('day', { start: '2031-06-30T20:00:00', end: '2031-06-30T22:00:00' }));
  t.like(timed.counts, { changed: 1, withdrawn: 2 }, 'a time that becomes known is a change');
  t.like(line.events(day)[0], { title: 'day', start_time: '20:00:00', end_time: '22:00:00' });
});
