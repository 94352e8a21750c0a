// Items of RPDE pages: what is read of them, what is refused, and how `next` is found wherever it is.

import test from 'ava';
import { isRefusal } from '#/domain/refusal.ts';
import { createPageSplitter } from '#/provider/rpde/split.ts';
import { faults, readFeed, titles } from './_read-feed.ts';

type Members = Record<string, unknown>;

const data: Members = {
  '@context': 'https://openactive.io/',
  type: 'ScheduledSession',
  id: 'https://provider.example/sessions/7',
  startDate: '2031-06-30T20:00:00+01:00',
  endDate: '2031-06-30T21:00:00+01:00',
  superEvent: { type: 'SessionSeries', id: 'https://provider.example/series/1', name: 'Yoga' },
  offers: [{ type: 'Offer', price: 7.5, priceCurrency: 'GBP' }],
};
const item = (given: Members = {}): Members => ({
  state: 'updated',
  kind: 'ScheduledSession',
  id: 7,
  modified: 1_534_485_464,
  data,
  ...given,
});
const page = (...items: readonly unknown[]): string =>
  JSON.stringify({ next: 'https://provider.example/next', items, license: 'https://a.example/' });

test('an item of OpenActive has the event of its data, with the name of its series', (t) => {
  const { records } = readFeed('rpde', page(item()), { timeZone: 'Europe/London' });
  t.like(records, [
    {
      key: '["ScheduledSession","7"]',
      faults: [],
      observations: [
        {
          baseId: 'https://provider.example/series/1',
          planId: 'https://provider.example/sessions/7',
          facts: {
            title: 'Yoga',
            start: Date.UTC(2031, 5, 30, 19),
            startLocal: '2031-06-30T20:00:00',
            minPrice: 750,
          },
        },
      ],
    },
  ]);
  const own = readFeed('rpde', page(item({ data: { ...data, name: 'Own', id: null } })));
  t.like(own.records, [{ observations: [{ planId: '7', facts: { title: 'Own' } }] }]);
});

test('a deleted item, and one without a start, have a key and no event', (t) => {
  for (const given of [
    { state: 'deleted', data: undefined },
    { state: 'deleted', data: 5 },
    { data: { type: 'Place', name: 'Hall' } },
  ])
    t.like(readFeed('rpde', page(item(given))).records, [
      { key: '["ScheduledSession","7"]', observations: [], faults: [] },
    ]);
});

test('an item that is not valid is refused with its key, or without one where it has none', (t) => {
  const cases: [given: Members, code: string, key: string | null][] = [
    [{ state: 'gone' }, 'state_unknown', '["ScheduledSession","7"]'],
    [{ state: ['deleted'] }, 'state_unknown', '["ScheduledSession","7"]'],
    [{ data: undefined }, 'data_missing', '["ScheduledSession","7"]'],
    [{ data: [data] }, 'data_missing', '["ScheduledSession","7"]'],
    [{ data: { ...data, startDate: '2031-02-31T20:00:00Z' } }, 'date_impossible', '["ScheduledSession","7"]'],
    [{ id: undefined }, 'item_invalid', null],
    [{ id: 1.5 }, 'item_invalid', null],
    [{ id: '' }, 'item_invalid', null],
    [{ id: { a: 1 } }, 'item_invalid', null],
    [{ id: 'x'.repeat(1001) }, 'item_invalid', null],
    [{ id: '\ud800' }, 'item_invalid', null],
    [{ kind: null }, 'item_invalid', null],
    [{ kind: 7 }, 'item_invalid', null],
  ];
  for (const [given, code, key] of cases) {
    const read = readFeed('rpde', page(item({ id: 1 }), item(given), item({ id: 2 })));
    t.deepEqual(read.records.map((one) => one.key)[1], key, code);
    t.deepEqual(
      faults(read).map((fault) => fault.split(' ')[0]),
      [code],
    );
    t.is(titles(read).length, 2);
  }
});

/** `next` as a splitter finds it. */
function nextIn(text: string, chunkBytes: number): string | null {
  const splitter = createPageSplitter(10_000);
  const bytes = Buffer.from(text);
  for (let i = 0; i < bytes.length; i += chunkBytes) {
    const chunk = Buffer.from(bytes.subarray(i, i + chunkBytes));
    Array.from(splitter.push(chunk));
    chunk.fill(0x78);
  }
  return isRefusal(splitter.next) ? splitter.next.code : splitter.next;
}

test('next is found before, between and after other members, whatever the chunks are', (t) => {
  const url = 'https://provider.example/é?after=1&"quoted"';
  const written = JSON.stringify(url).replace('é', String.raw`\u00e9`);
  const inner = page(item({ data: { ...data, next: 'https://wrong.example/' } }))
    .slice(1, -1)
    .replace(/^"next":"[^"]*",/, '');
  const cases: [text: string, next: string | null][] = [
    [`{"next":${written},${inner}}`, url],
    [`{${inner}, "next" :\n ${written}}`, url],
    [` \n{"license":{"next":"https://wrong.example/"},"next":${written},${inner}}`, url],
    [`{${inner}}`, null],
    [`{"next":7,${inner}}`, 'next_invalid'],
    [`{"next":null,${inner}}`, 'next_invalid'],
    [`{"next":["x"],${inner}}`, 'next_invalid'],
    [String.raw`{"next":"\x",${inner}}`, 'next_invalid'],
    [`{"next":"${'x'.repeat(9000)}",${inner}}`, 'next_invalid'],
    [`{"next":"${'x'.repeat(200_000)}`, 'next_invalid'],
    ['[{"next":"x"}]', null],
    ['', null],
  ];
  for (const [text, next] of cases)
    for (const chunkBytes of [1, 2, 3, 7, 50, 100_000]) {
      if (text.length / chunkBytes > 20_000) continue;
      t.is(nextIn(text, chunkBytes), next, `${text.slice(0, 60)}, chunks of ${chunkBytes}`);
    }
});
