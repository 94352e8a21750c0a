// JSON documents and CSV by the mapping of a provider's entry: values, splitting, hostile feeds, and a feed of Ticketmaster's
// shape by configuration alone.

import { gzipSync } from 'node:zlib';
import test from 'ava';
import { zonesIn } from '#/domain/zones.ts';
import { FeedFault } from '#/provider/fault.ts';
import { formats } from '#/provider/formats/formats.ts';
import { noSecrets } from '#/provider/http/credentials.ts';
import type { Mapping } from '#/provider/mapping.ts';
import { mappingEntry } from '#/provider/mapping-entry.ts';
import { parseProviders } from '#/provider/providers-file.ts';
import { openPipeline } from '../_support/pipeline.ts';
import { seededFor } from '../_support/random.ts';
import { faults, readFeed, titles, type ReadOptions } from './_read-feed.ts';

type Given = Record<string, unknown>;

const mapping = (given: Given = {}): Mapping =>
  mappingEntry.parse({
    records: 'data.shows',
    planId: 'id',
    title: 'name',
    start: 'from',
    end: 'to',
    zones: [{ price: 'price' }],
    ...given,
  });
const show: Given = {
  id: 1642,
  name: 'The Night Tram',
  from: '2021-06-30T21:00:00',
  to: '2021-06-30T22:00:00',
  price: 20.5,
};
const document = (...shows: readonly unknown[]): string =>
  JSON.stringify({ meta: { total: 3 }, data: { page: 1, shows }, links: [] });

/** The only event of a feed with these fields, or the codes of its faults. */
function only(given: Given, mapped: Given, options: ReadOptions = {}): Given {
  const all = { timeZone: 'Europe/Madrid', mapping: mapping(mapped), ...options };
  const [record] = readFeed('json', document({ ...show, ...given }), all).records;
  const [observation] = record!.observations;
  if (observation === undefined) return { refused: record!.faults.map(({ refusal }) => refusal.code) };
  const { baseId, planId, facts, zonesText } = observation;
  const remarks = (record!.remarks ?? []).map(({ code }) => code);
  return { baseId, planId, remarks, ...facts, zones: zonesIn(zonesText) };
}

test('each value comes from a path, a constant, a table, a join or the first of several', (t) => {
  const sell = { path: 'status', values: { onsale: 'online', off: 'offline' }, otherwise: 'offline' };
  const cases: [given: Given, mapped: Given, expected: Given][] = [
    [{}, {}, { baseId: '1642', planId: '1642', sellMode: 'online', minPrice: 2050, remarks: [] }],
    [{ a: { b: [{ c: 'x' }] } }, { baseId: 'a.b.0.c' }, { baseId: 'x' }],
    [{ 'a.b': 'dotted', a: { b: 'nested' } }, { baseId: 'a.b' }, { baseId: 'dotted' }],
    [{}, { baseId: 'a.b.c' }, { baseId: '1642' }],
    [{ status: 'onsale' }, { sellMode: sell }, { sellMode: 'online' }],
    [{ status: 'toString' }, { sellMode: sell }, { sellMode: 'offline' }],
    [{}, { sellMode: sell }, { sellMode: 'offline' }],
    [{ status: 7 }, { sellMode: { path: 'status', values: { 7: 'online' } } }, { sellMode: 'online' }],
    [{}, { sellMode: { constant: 'offline' } }, { sellMode: 'offline' }],
    [{ alt: '', name: 'Tram' }, { title: ['alt', 'name'] }, { title: 'Tram' }],
    [{}, { title: ['alt', { constant: 'Untitled' }] }, { title: 'Untitled' }],
    [{ day: '2021-06-30', at: '20:00' }, { start: { join: ['day', 'at'], with: 'T' } }, { startLocal: '2021-06-30T20:00:00' }],
    [{ from: '2021-06-30T19:30:00Z' }, {}, { startLocal: '2021-06-30T21:30:00', remarks: [] }],
    [{ tz: 'Europe/London', from: '2021-06-30T19:00:00', to: '2021-06-30T21:00:00' }, { timeZone: 'tz' }, { startLocal: '2021-06-30T20:00:00', endLocal: '2021-06-30T22:00:00' }],
    [{ price: 2050 }, { priceUnit: 'minor' }, { minPrice: 2050 }],
    [{ price: '5' }, { priceUnit: 'minor' }, { minPrice: 5 }],
    [{ price: '20.50' }, { priceUnit: 'minor' }, { refused: ['price_invalid'] }],
    [{ price: null }, {}, { minPrice: null, zones: [] }],
    [{ out: 'true' }, { soldOut: 'out' }, { soldOut: true }],
    [{ state: 'postponed' }, { status: 'state' }, { status: 'postponed', remarks: [] }],
    [{ state: 'Canceled' }, { status: 'state' }, { status: 'cancelled', remarks: ['status_repaired'] }],
    [{ state: 'gone' }, { status: { path: 'state', values: { gone: 'cancelled' } } }, { status: 'cancelled', remarks: [] }],
    [{ state: 'sold_out' }, { status: 'state' }, { status: undefined, soldOut: true, remarks: [] }],
    [{ state: 'offsale?' }, { status: 'state' }, { status: null, remarks: ['status_unknown'] }],
    [{}, { status: 'state' }, { status: undefined, remarks: [] }],
    [{ ranges: [{ min: 1, max: 5 }, { min: 2 }] }, { zones: [{ each: 'ranges', price: 'min' }, { each: 'ranges', price: 'max' }] }, { minPrice: 100, maxPrice: 500 }],
    [{ ranges: 'free' }, { zones: [{ each: 'ranges', price: 'min' }] }, { zones: [] }],
    [{ seats: '12', area: 'A' }, { zones: [{ price: 'price', capacity: 'seats', name: 'area', zoneId: 'area' }] }, { zones: [{ zoneId: 'A', name: 'A', capacity: 12, price: 2050, numbered: null }] }],
    [{ name: { first: 'x' } }, {}, { refused: ['text_invalid'] }],
    [{ name: undefined }, {}, { refused: ['text_missing'] }],
    [{ id: undefined }, {}, { refused: ['id_missing'] }],
    [{ from: 'soon' }, {}, { refused: ['date_unreadable'] }],
    [{ tz: 'Mars/Olympus' }, { timeZone: 'tz' }, { refused: ['date_unreadable'] }],
    [{ to: '2021-06-30T20:00:00' }, {}, { refused: ['end_before_start'] }],
    [{ price: 'from €20' }, {}, { refused: ['price_invalid'] }],
  ]; // prettier-ignore
  for (const [given, mapped, expected] of cases)
    t.like(only(given, mapped), expected, JSON.stringify([given, mapped]));
});

test('records are found at their path only', (t) => {
  const [a, b] = ['a', 'b'].map((name) => ({ ...show, id: name, name }));
  const found: [records: string, feed: unknown, end: string | null][] = [
    ['', [a, b], null],
    ['data.shows', JSON.parse(document(a, b)), null],
    ['data.shows', { data: [{ shows: [a] }, { shows: [] }, { none: [1] }, { shows: b }] }, null],
    ['data', [{ data: [a] }, { data: [b] }], null],
  ];
  for (const [records, feed, end] of found) {
    for (const chunkBytes of [1, 5, 1000]) {
      const read = readFeed('json', JSON.stringify(feed), { chunkBytes, mapping: mapping({ records }) });
      t.deepEqual([titles(read), faults(read), read.end], [['a', 'b'], [], end], records);
    }
  }
  for (const [feed, end] of [
    ['{"error":"quota exceeded"}', 'records_missing'],
    ['{"data":{"rows":[]}}', 'records_missing'],
    ['{"shows":[{"data":1}],"data":{}}', 'records_missing'],
    ['{"data":{"shows":[]}}', null],
  ] as const) {
    const read = readFeed('json', feed, { mapping: mapping() });
    t.deepEqual([read.records.length, read.end], [0, end], feed);
  }
  const nothing = readFeed('json', '{"data":{"shows":null}}', { mapping: mapping() });
  t.deepEqual(faults(nothing), ['record_unexpected 1:18']);
});

const header = 'id,name,from,to,price';
const row = (name: string, id = name): string =>
  `${id},"${name.replaceAll('"', '""')}",2021-06-30T21:00:00,2021-06-30T22:00:00,20.50`;
const readCsv = (feed: string | Uint8Array, options: ReadOptions = {}) =>
  readFeed('csv', feed, { mapping: mapping(), ...options });

test('a row is an event, however it is quoted and wherever the chunks are cut', (t) => {
  const feed = [
    header,
    row('first'),
    '',
    row('with "quotes", a comma and\r\na line end', '2'),
    'too,few',
    `3,5" pipe,2021-06-30T21:00:00,2021-06-30T22:00:00,1`,
    row('x'.repeat(900), '4'),
    '5,"bad"quote,2021-06-30T21:00:00,2021-06-30T22:00:00,1',
    row('é 🎭', '6'),
  ].join('\r\n');
  const whole = readCsv(`${feed}\r\n`, { recordBytesMax: 600 });
  t.deepEqual(titles(whole), ['first', 'with "quotes", a comma and\r\na line end', '5" pipe', 'é 🎭']);
  t.deepEqual(faults(whole), ['csv_malformed 6:1', 'record_too_large 8:1', 'csv_malformed 9:1']);
  t.is(whole.end, null);
  for (let chunkBytes = 1; chunkBytes < 200; chunkBytes++)
    t.deepEqual(readCsv(`${feed}\r\n`, { recordBytesMax: 600, chunkBytes }), whole, `${chunkBytes}`);
  t.is(readCsv(feed).end, 'feed_truncated', 'a last row without a line end may be cut');
});

test('columns may be in another order, and with another delimiter', (t) => {
  const cells = ['20.50', 'Tram', '7', '2021-06-30T22:00:00', '2021-06-30T21:00:00'];
  const names = ['price', 'name', 'id', 'to', 'from'];
  for (const delimiter of [';', '\t', '|', ',']) {
    const feed = `${names.join(delimiter)}\n${cells.join(delimiter)}\n`;
    t.deepEqual(titles(readCsv(feed, { mapping: mapping({ delimiter }) })), ['Tram']);
  }
  const twice = `${header},name,__proto__\n${row('first')},second,third\n`;
  t.deepEqual(titles(readCsv(twice)), ['first'], 'of two columns with one name the first counts');
});

test('a row whose quotes are not closed costs itself, and the rows that follow are taken', (t) => {
  const open = '9,"never closed,2021-06-30T21:00:00,2021-06-30T22:00:00,1';
  const read = readCsv(`${[header, row('before'), open, row('behind'), row('last')].join('\n')}\n`);
  t.deepEqual(titles(read), ['before', 'behind', 'last']);
  t.is(faults(read)[0], 'csv_malformed 3:1');
  t.true(
    read.records.some(({ key }) => key === null),
    'so the feed is not complete',
  );
});

test('a CSV that is truncated at any byte gives its complete rows, and never a row that was cut', (t) => {
  const names = ['first', 'sécond, "quoted"\n', 'third'];
  const feed = Buffer.from(
    `${[header, ...names.map((name) => row(name, name.slice(0, 3)))].join('\r\n')}\r\n`,
  );
  for (let length = 0; length < feed.length; length++) {
    const bytes = feed.subarray(0, length);
    const ended = bytes.at(-1) === 10 && bytes.toString().split('"').length % 2 === 1;
    const headed = length > header.length + 1;
    const expected = length === 0 ? 'feed_empty' : ended && headed ? null : 'feed_truncated';
    const read = readCsv(bytes, { chunkBytes: (length % 30) + 1 });
    t.deepEqual(titles(read), names.slice(0, titles(read).length), `cut at ${length}`);
    t.deepEqual([read.end, faults(read)], [expected, []], `cut at ${length}`);
  }
});

test('another kind of document is not a feed of rows', (t) => {
  const code = (feed: string): string => {
    const error = t.throws(() => readCsv(feed), { instanceOf: FeedFault });
    return error.code;
  };
  for (const feed of ['<html>\n', '{"id":1}\n', '[1]\n']) t.is(code(feed), 'root_unexpected');
  for (const feed of ['Service unavailable\n', 'id,from,to\n', `${'x'.repeat(2e6)}\n`])
    t.is(code(feed), 'columns_missing', feed.slice(0, 20));
  t.is(code('\0\0\n'), 'charset_refused');
  t.is(readCsv('').end, 'feed_empty');
  t.deepEqual([readCsv(`${header}\n`).end, readCsv(`${header}\n`).records], [null, []]);
});

test('changed bytes never throw, in JSON and in CSV', (t) => {
  const random = seededFor(t);
  const shows = ['a', 'b', 'c'].map((name) => ({ ...show, id: name, name }));
  const feeds = { json: document(...shows), csv: `${[header, row('a'), row('b'), row('c')].join('\n')}\n` };
  for (const [format, text] of Object.entries(feeds) as ['json' | 'csv', string][]) {
    for (let i = 0; i < 600; i++) {
      const bytes = Buffer.from(text);
      for (let edits = random.int(1, 3); edits > 0; edits--)
        bytes[random.int(0, bytes.length - 1)] = random.pick([
          ...Buffer.from('{}[]",:\\ \n\r\0x9'),
          0xff,
          0xc3,
        ]);
      try {
        const read = readFeed(format, bytes, { chunkBytes: random.int(1, 200), mapping: mapping() });
        t.true(read.records.length <= 103, bytes.toString());
      } catch (error) {
        t.true(error instanceof FeedFault, String(error));
      }
    }
  }
});

test('a row that never ends is dropped in bounded memory, and reported once', (t) => {
  const splitter = formats.csv.createSplitter(10_000, mapping());
  const push = (part: string): string[] =>
    [...splitter.push(Buffer.from(part))].map(({ refusal, bytes }) => refusal?.code ?? String(bytes.length));
  t.deepEqual(push(`${header}\n1,"`), []);
  const before = process.memoryUsage().arrayBuffers;
  const told: string[] = [];
  for (let i = 0; i < 1000; i++) told.push(...push('x'.repeat(65_536)));
  t.deepEqual(told, ['record_too_large'], 'once');
  t.true(process.memoryUsage().arrayBuffers - before < 50e6, 'of 65 MB nearly nothing is held');
  t.is(splitter.end()?.code, 'feed_truncated');
  t.deepEqual(push(`"\n2,b\n`), [String(header.length + 4)]);
  t.is(splitter.end(), null);
});

test('a fault of a mapping is reported with its place, and a format that needs none refuses it', (t) => {
  const entry = (given: Given): string[] =>
    parseProviders(
      { providers: [{ name: 'p', url: 'https://provider.example/', format: 'json', ...given }] },
      noSecrets,
    ).faults.map(({ at, wanted }) => `${at}: ${wanted.split(',')[0]}`);
  const plain = { planId: 'id', title: 'name', start: 'from' };
  t.deepEqual(entry({ mapping: plain }), []);
  t.regex(entry({}).join(), /^providers\.0\.mapping: expected a mapping with the format json or csv/);
  t.regex(entry({ format: 'ndjson', mapping: plain }).join(), /^providers\.0\.mapping: expected a mapping/);
  t.deepEqual(entry({ mapping: { ...plain, title: 7 } }), ['providers.0.mapping.title: expected a path']);
  t.deepEqual(entry({ mapping: { ...plain, priceUnit: 'euros' } }), [
    'providers.0.mapping.priceUnit: expected major or minor',
  ]);
  t.regex(
    entry({ mapping: { ...plain, titel: 'x' } }).join(),
    /^providers\.0\.mapping\.titel: expected no such field/,
  );
  t.deepEqual(entry({ mapping: { ...plain, delimiter: ';;' } }), [
    'providers.0.mapping.delimiter: expected one character of ASCII',
  ]);
});

// The shape of Ticketmaster's Discovery Feed: one file per country, compressed, without Content-Encoding.
const discovery = {
  records: 'events',
  planId: 'eventId',
  baseId: ['attractions.0.attraction.attractionId', 'eventId'],
  title: 'eventName',
  sellMode: {
    path: 'eventStatus',
    values: { onsale: 'online', rescheduled: 'online' },
    otherwise: 'offline',
  },
  start: 'eventStartDateTime',
  end: 'eventEndDateTime',
  sellFrom: 'onsaleStartDateTime',
  sellTo: 'onsaleEndDateTime',
  zones: [
    { price: 'minPrice', name: { constant: 'lowest' } },
    { price: 'maxPrice', name: { constant: 'highest' } },
  ],
};
const tour = (given: Given = {}): Given => ({
  eventId: 'G5vYZ9',
  eventName: 'The Night Tram',
  eventStatus: 'onsale',
  eventStartDateTime: '2021-06-30T19:00:00Z',
  onsaleStartDateTime: '2020-07-01T08:00:00Z',
  minPrice: 15.5,
  maxPrice: 80,
  attractions: [{ attraction: { attractionId: 'K8vZ91' } }],
  ...given,
});

test('a Discovery Feed is taken by configuration alone, as JSON and as CSV, and compressed', async (t) => {
  const columns = {
    ...discovery,
    records: '',
    planId: 'EVENT_ID',
    baseId: 'ATTRACTION_ID',
    title: 'EVENT_NAME',
    sellMode: undefined,
    start: 'EVENT_START_DATETIME',
    end: 'EVENT_START_DATETIME',
    zones: [{ price: 'MIN_PRICE' }, { price: 'MAX_PRICE' }],
  };
  const entry = { url: 'https://provider.example/', timeZone: 'Europe/Madrid' };
  const { providers, faults: wrong } = parseProviders(
    { providers: [
      { ...entry, name: 'one', format: 'json', mapping: discovery },
      { ...entry, name: 'two', format: 'csv', mapping: columns },
    ] },
    noSecrets,
  ); // prettier-ignore
  t.deepEqual(wrong, []);
  const line = await openPipeline(
    t,
    providers.map(({ name, format, timeZone, mapping: given }) => ({
      name,
      format,
      timeZone,
      mapping: given,
    })),
  );
  const events = [
    tour(),
    tour({ eventId: 'off', eventStatus: 'cancelled' }),
    tour({ eventId: 'bad', eventStartDateTime: 'TBA' }),
  ];
  const feed = JSON.stringify({ events });
  const told = await line.tell(gzipSync(feed), 'one');
  t.like(told, { outcome: 'absorbed', code: null, counts: { records: 3, added: 2, quarantined: 1 } });
  t.like(await line.absorb(gzipSync(feed), 'one'), { counts: { unchanged: 2, added: 0, quarantined: 1 } });
  const rows =
    'EVENT_ID,ATTRACTION_ID,EVENT_NAME,EVENT_START_DATETIME,MIN_PRICE,MAX_PRICE\n"G5vYZ9",K8vZ91,"The Night Tram",2021-06-30T19:00:00Z,15.5,80\n';
  t.like(await line.tell(gzipSync(rows), 'two'), { outcome: 'absorbed', code: null, counts: { added: 1 } });
  t.like(await line.absorb(rows, 'two'), { outcome: 'unchanged', counts: { unchanged: 1, parsed: 0 } });
  const moved = rows.replace('MIN_PRICE,MAX_PRICE', 'MAX_PRICE,MIN_PRICE');
  t.like(
    await line.absorb(moved, 'two'),
    { counts: { parsed: 1 } },
    'other names of columns are another row',
  );
  const shown = {
    title: 'The Night Tram',
    start_date: '2021-06-30',
    start_time: '21:00:00',
    min_price: 15.5,
    max_price: 80,
  };
  t.is(line.events().length, 2);
  for (const event of line.events()) t.like(event, shown);
});
