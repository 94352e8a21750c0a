// Events of schema.org as JSON-LD: what is read of them, how a document is split, and what hostile documents do.

import test from 'ava';
import { zonesIn } from '#/domain/zones.ts';
import { titleOfPlace } from '#/snapshot/places.ts';
import { statusAt } from '#/snapshot/statuses.ts';
import { editionOf } from '#/search/events/edition.ts';
import { FeedFault } from '#/provider/fault.ts';
import { formats } from '#/provider/formats/formats.ts';
import { openPipeline } from '../_support/pipeline.ts';
import { seededFor } from '../_support/random.ts';
import { faults, readFeed, titles, type ReadOptions } from './_read-feed.ts';

type Node = Record<string, unknown>;

const offer = { '@type': 'Offer', '@id': '40', name: 'Stalls', price: '20.00', priceCurrency: 'EUR' };
const event: Node = {
  '@context': 'https://schema.org',
  '@type': 'MusicEvent',
  '@id': 'https://provider.example/events/1642',
  name: 'The Night Tram',
  startDate: '2021-06-30T21:00:00+02:00',
  endDate: '2021-06-30T23:00:00+02:00',
  offers: [offer],
};
const node = (given: Node = {}): Node => ({ ...event, ...given });
const named = (name: string): Node => node({ '@id': name, name });
const graph = (...nodes: readonly unknown[]): string =>
  JSON.stringify({ '@context': 'https://schema.org', '@graph': nodes });

/** The only event of a feed, or the codes of its faults. */
function only(given: Node, options: ReadOptions = {}): Node {
  const { records } = readFeed('jsonld', JSON.stringify(node(given)), {
    timeZone: 'Europe/Madrid',
    ...options,
  });
  const [record] = records;
  const [observation] = record!.observations;
  if (observation === undefined) return { refused: record!.faults.map(({ refusal }) => refusal.code) };
  const { baseId, planId, facts, zonesText } = observation;
  const remarks = (record!.remarks ?? []).map(({ code }) => code);
  return { baseId, planId, remarks, ...facts, zones: zonesIn(zonesText) };
}

const instant = (text: string): number => Date.parse(text);

test('an event has the facts that its properties give', (t) => {
  const told = only({
    organizer: { '@type': 'Organization', '@id': 'https://provider.example/' },
    superEvent: { '@type': 'EventSeries', '@id': 'series' },
    offers: [
      {
        ...offer,
        inventoryLevel: { '@type': 'QuantitativeValue', value: 12 },
        validFrom: '2020-07-01T00:00:00+02:00',
      },
      {
        '@type': 'Offer',
        price: 15.5,
        availability: 'https://schema.org/SoldOut',
        validThrough: '2021-06-30T20:00',
      },
    ],
  });
  t.like(told, {
    baseId: 'series',
    planId: event['@id'],
    title: 'The Night Tram',
    sellMode: 'online',
    organizerCompanyId: 'https://provider.example/',
    startLocal: '2021-06-30T21:00:00',
    start: instant('2021-06-30T19:00:00Z'),
    sellFrom: '2020-07-01T00:00:00',
    sellTo: '2021-06-30T20:00:00',
    soldOut: false,
    minPrice: 1550,
    maxPrice: 2000,
    remarks: [],
  } as Node);
  t.deepEqual(told['zones'], [
    { zoneId: '40', name: 'Stalls', capacity: 12, price: 2000, numbered: null },
    { zoneId: '2', name: null, capacity: 0, price: 1550, numbered: null },
  ]);
});

test('a value may be an object, an array, or written with a prefix', (t) => {
  const forms: [given: Node, expected: Node][] = [
    [{ name: [{ '@language': 'en', '@value': 'Tram' }, { '@value': 'Tranvía' }] }, { title: 'Tram' }],
    [{ name: undefined, 'schema:name': 'Tram' }, { title: 'Tram' }],
    [{ name: undefined, 'http://schema.org/name': [{ '@value': 'Tram' }] }, { title: 'Tram' }],
    [{ '@type': ['Thing', 'http://schema.org/Festival'] }, { planId: event['@id'] }],
    [{ '@type': 'schema:Event' }, { planId: event['@id'] }],
    [{ '@id': undefined, identifier: 42 }, { planId: '42', baseId: '42' }],
    [{ '@id': undefined, identifier: { '@type': 'PropertyValue', value: 'x7' } }, { planId: 'x7' }],
    [{ '@id': undefined, url: 'https://provider.example/1' }, { planId: 'https://provider.example/1' }],
    [{ superEvent: { '@id': 's' } }, { baseId: 's' }],
    [{ superEvent: 's' }, { baseId: 's' }],
    [{ eventStatus: 'https://schema.org/EventCancelled' }, { sellMode: 'offline', status: 'cancelled', remarks: [] }],
    [{ eventStatus: { '@id': 'schema:EventCancelled' } }, { sellMode: 'offline', status: 'cancelled' }],
    [{ eventStatus: 'EventPostponed' }, { sellMode: 'online', status: 'postponed', remarks: [] }],
    [{ eventStatus: 'schema:EventRescheduled' }, { sellMode: 'online', status: 'rescheduled' }],
    [{ eventStatus: 'http://schema.org/EventScheduled' }, { status: undefined, remarks: [] }],
    [{ eventStatus: 'EventMovedOnline' }, { status: undefined, remarks: [] }],
    [{ eventStatus: 'Perhaps' }, { sellMode: 'online', status: null, remarks: ['status_unknown'] }],
    [{ eventStatus: 'EventPostponed' }, { sellMode: 'online' }],
    [{ offers: offer }, { minPrice: 2000, maxPrice: 2000, soldOut: false }],
    [{ offers: { '@type': 'AggregateOffer', lowPrice: 10, highPrice: '30.5' } }, { minPrice: 1000, maxPrice: 3050 }],
    [{ offers: { '@type': 'AggregateOffer', lowPrice: 1, offers: [offer] } }, { minPrice: 2000 }],
    [{ offers: { ...offer, price: undefined, priceSpecification: { price: 7 } } }, { minPrice: 700 }],
    [{ offers: { '@type': 'Offer', url: 'https://provider.example/buy' } }, { minPrice: null }],
    [{ offers: { '@id': '#elsewhere' } }, { minPrice: null }],
    [{ offers: undefined, isAccessibleForFree: true }, { minPrice: 0, maxPrice: 0 }],
    [{ offers: [{ ...offer, availability: 'InStock' }, { ...offer, availability: 'SoldOut' }] }, { soldOut: false }],
    [{ offers: { ...offer, availability: 'https://schema.org/SoldOut' } }, { soldOut: true, minPrice: 2000 }],
    [{ offers: { ...offer, price: '12,50' } }, { minPrice: 1250, remarks: ['price_repaired'] }],
  ]; // prettier-ignore
  for (const [given, expected] of forms) t.like(only(given), expected, JSON.stringify(given));
});

test('a start with an offset or a zone is an instant, shown in the time zone of the provider', (t) => {
  const forms: [text: string, local: string, utc: string][] = [
    ['2021-06-30T21:00:00+02:00', '2021-06-30T21:00:00', '2021-06-30T19:00:00Z'],
    ['2021-06-30T21:00+0200', '2021-06-30T21:00:00', '2021-06-30T19:00:00Z'],
    ['2021-06-30T19:00:00.000Z', '2021-06-30T21:00:00', '2021-06-30T19:00:00Z'],
    ['2021-06-30T21:00:00', '2021-06-30T21:00:00', '2021-06-30T19:00:00Z'],
    ['2021-06-30T21:00', '2021-06-30T21:00:00', '2021-06-30T19:00:00Z'],
    ['2021-06-30T20:00:00[Europe/London]', '2021-06-30T21:00:00', '2021-06-30T19:00:00Z'],
    ['2021-06-30T20:00:00+01:00[Europe/London]', '2021-06-30T21:00:00', '2021-06-30T19:00:00Z'],
    // The repeated hour of a set back clock: the offset decides.
    ['2021-10-31T02:30:00+02:00', '2021-10-31T02:30:00', '2021-10-31T00:30:00Z'],
    ['2021-10-31T02:30:00+01:00', '2021-10-31T02:30:00', '2021-10-31T01:30:00Z'],
  ];
  for (const strict of [false, true]) {
    for (const [startDate, startLocal, utc] of forms) {
      const told = only({ startDate, endDate: '2021-12-01T00:00:00Z' }, { strict });
      t.like(told, { startLocal, start: instant(utc), remarks: [] }, startDate);
    }
  }
  t.like(only({ endDate: undefined, duration: 'PT1H30M' }), { endLocal: '2021-06-30T22:30:00' });
});

test('a wrong value costs its event only, with the code of every format', (t) => {
  const wrong: [code: string, given: Node][] = [
    ['id_missing', { '@id': undefined }],
    ['id_missing', { '@id': '' }],
    ['id_too_long', { '@id': 'x'.repeat(201) }],
    ['text_missing', { name: undefined }],
    ['text_missing', { name: [] }],
    ['text_too_long', { name: 'x'.repeat(1001) }],
    ['text_invalid', { name: 'a\0b' }],
    ['text_invalid', { name: true }],
    ['date_unreadable', { startDate: undefined }],
    ['date_unreadable', { startDate: 'soon' }],
    ['date_unreadable', { startDate: '2021-06-30T21:00:00[Mars/Olympus]' }],
    ['date_unreadable', { startDate: '2021-06-30T21:00:00+99:00' }],
    ['text_invalid', { startDate: 1_625_000_000 }],
    ['date_impossible', { startDate: '2021-02-30T21:00:00Z' }],
    ['time_impossible', { startDate: '2021-06-30T25:00:00Z' }],
    ['end_before_start', { endDate: '2021-06-30T20:59:59+02:00' }],
    ['price_invalid', { offers: { ...offer, price: 'from €20' } }],
    ['price_invalid', { offers: { ...offer, price: -5 } }],
    ['price_invalid', { offers: { ...offer, price: 1e21 } }],
    ['price_invalid', { offers: { ...offer, price: { '@value': true } } }],
    ['type_missing', { '@type': undefined }],
    ['type_missing', { '@type': 7 }],
    ['json_malformed', { deep: JSON.parse(`${'['.repeat(20)}${']'.repeat(20)}`) }],
  ];
  for (const [code, given] of wrong) {
    const read = readFeed('jsonld', graph(named('before'), node(given), named('behind')));
    t.deepEqual(titles(read), ['before', 'behind'], code);
    t.regex(
      faults(read).join(' '),
      new RegExp(String.raw`^${code} 1:\d+$`),
      JSON.stringify(given).slice(0, 80),
    );
    t.is(read.end, null);
  }
});

const other = { '@type': 'Place', '@id': '#hall', name: 'The Hall' };

test('the events of a document are found wherever they may be', (t) => {
  const [a, b] = [named('a'), named('b')];
  const listed = [a, b].map((item, position) => ({ '@type': 'ListItem', position, item }));
  const documents: Record<string, unknown> = {
    'an array': [a, b],
    'nested arrays': [[a], [[b]]],
    'an array with blanks': [a, b],
    'a graph': { '@context': {}, '@graph': [other, a, b] },
    'a graph before its context': { '@graph': [a, other, b], '@context': { '@graph': [1] } },
    'graphs in an array': [{ '@graph': [a] }, { '@graph': [b] }],
    'a graph of one, and an event': [{ '@graph': a }, b],
    'a list': { '@type': 'ItemList', itemListElement: listed },
    'a data feed': { '@type': 'DataFeed', dataFeedElement: listed },
    'an array with another node': [other, a, b],
  };
  for (const [what, document] of Object.entries(documents)) {
    for (const text of [
      JSON.stringify(document),
      JSON.stringify(document, null, 2),
      `\n\t${JSON.stringify(document, null, 1)}\r\n`,
    ]) {
      for (const chunkBytes of [1, 7, 65_536]) {
        const read = readFeed('jsonld', text, { chunkBytes });
        t.deepEqual([titles(read), faults(read), read.end], [['a', 'b'], [], null], what);
        t.true(read.records.every(({ key }) => key !== null));
      }
    }
  }
  t.deepEqual(titles(readFeed('jsonld', JSON.stringify(a), { chunkBytes: 3 })), ['a']);
  for (const empty of ['[]', '{"@graph":[]}', ' [ ] ']) {
    const read = readFeed('jsonld', empty);
    t.deepEqual([read.records.length, read.end], [0, null], empty);
  }
});

const text = (name: string): string => JSON.stringify(named(name));
const seven = [
  text('first'),
  '{"@type":"Event","name":}',
  text('third "quoted" \\ {[ é 🎭'),
  '{"@type":"Event","list":[1}',
  text('fifth').replace('fifth', 'x'.repeat(2000)),
  '{"@type":"Event","name":"not closed\n}',
  text('last'),
];

test('the result does not depend on the chunks, and a malformed record refuses only itself', (t) => {
  for (const document of [`[${seven.join(',\n')}]`, `{"@context":"x","@graph":[${seven.join(' , ')}]}`]) {
    const whole = readFeed('jsonld', document, { recordBytesMax: 1500 });
    t.deepEqual(titles(whole), ['first', 'third "quoted" \\ {[ é 🎭', 'last']);
    t.deepEqual(
      faults(whole).map((fault) => fault.split(' ')[0]),
      ['json_malformed', 'json_malformed', 'record_too_large', 'json_malformed'],
    );
    t.is(whole.end, null);
    for (let chunkBytes = 1; chunkBytes < 400; chunkBytes += chunkBytes < 60 ? 1 : 37)
      t.deepEqual(readFeed('jsonld', document, { chunkBytes, recordBytesMax: 1500 }), whole, `${chunkBytes}`);
  }
});

test('what is missing or too much between records makes the feed incomplete, and costs no record', (t) => {
  const [a, b] = [text('a'), text('b')];
  const cases: [document: string, end: string, found: string[]][] = [
    [`[${a} ${b}]`, 'json_malformed', ['a', 'b']],
    [`[${a};${b}]`, 'json_malformed', ['a', 'b']],
    [`[${a},,${b}]`, 'null', ['a', 'b']],
    [`[${a},${b},]`, 'json_malformed', ['a', 'b']],
    [`[${a},${b}] trailing`, 'json_malformed', ['a', 'b']],
    [`[${a}][${b}]`, 'json_malformed', ['a']],
    [`{"@graph":[${a},${b}}`, 'feed_truncated', ['a', 'b']],
    [`[${a},"${'x'.repeat(50)}",null,7,${b}]`, 'null', ['a', 'b']],
    [`[${a.slice(0, -1)}]`, 'null', []],
    [`{"@graph":[${a},${b}]`, 'feed_truncated', ['a', 'b']],
    ['[', 'feed_truncated', []],
    [`[${'7,'.repeat(5000)}${a}]`, 'null', ['a']],
    [`${'['.repeat(100_000)}${a}`, 'feed_truncated', []],
  ];
  for (const [document, end, found] of cases) {
    const read = readFeed('jsonld', document);
    t.deepEqual([titles(read), String(read.end)], [found, end], document.slice(0, 40));
    const isComplete = read.end === null && read.records.every(({ key }) => key !== null);
    t.false(isComplete, document.slice(0, 40));
    t.true(read.records.length <= 102);
  }
});

test('a document that is truncated at any byte gives its complete records, and reports the truncation', (t) => {
  const names = ['first', 'sécond', 'third'];
  for (const document of [graph(...names.map(named)), JSON.stringify(names.map(named), null, 1)]) {
    const bytes = Buffer.from(document);
    for (let length = 0; length < bytes.length; length++) {
      const read = readFeed('jsonld', bytes.subarray(0, length), { chunkBytes: (length % 50) + 1 });
      t.deepEqual(titles(read), names.slice(0, titles(read).length), `cut at ${length}`);
      t.deepEqual(
        [read.end, faults(read)],
        [length === 0 ? 'feed_empty' : 'feed_truncated', []],
        `cut at ${length}`,
      );
    }
  }
});

test('changed bytes never throw, and never let a feed with fewer records count as complete', (t) => {
  const random = seededFor(t);
  const document = Buffer.from(graph(named('a'), other, named('b'), named('c')));
  for (let i = 0; i < 600; i++) {
    const bytes = Buffer.from(document);
    for (let edits = random.int(1, 3); edits > 0; edits--)
      bytes[random.int(0, bytes.length - 1)] = random.pick([...Buffer.from('{}[]",:\\ \n\0x9'), 0xff, 0xc3]);
    try {
      const read = readFeed('jsonld', bytes, { chunkBytes: random.int(1, 500) });
      const isComplete = read.end === null && read.records.every(({ key }) => key !== null);
      t.true(!isComplete || read.records.length >= 4, bytes.toString());
    } catch (error) {
      t.true(error instanceof FeedFault);
    }
  }
});

test('a record that never ends is dropped in bounded memory, and reported once', (t) => {
  for (const beginning of ['[', '{"@graph":[', '']) {
    const splitter = formats.jsonld.createSplitter(10_000);
    const push = (part: string): string[] =>
      [...splitter.push(Buffer.from(part))].map(
        ({ refusal, bytes }) => refusal?.code ?? String(bytes.length),
      );
    t.deepEqual(push(`${beginning}{"name":"`), []);
    const before = process.memoryUsage().arrayBuffers;
    const told: string[] = [];
    for (let i = 0; i < 1000; i++) told.push(...push('x'.repeat(65_536)));
    t.deepEqual(told, ['record_too_large'], 'once');
    t.true(process.memoryUsage().arrayBuffers - before < 50e6, 'of 65 MB nearly nothing is held');
    t.is(splitter.end()?.code, 'feed_truncated');
    if (beginning !== '') t.deepEqual(push(`"},{"a":1}`), ['7']);
  }
});

test('another kind of document is not a feed, whatever the chunks are', (t) => {
  for (const feed of ['<!doctype html><p>Sorry', '"quota exceeded"', 'Service unavailable', '\0\0\0']) {
    for (const chunkBytes of [1, 1000]) {
      const error = t.throws(() => readFeed('jsonld', feed, { chunkBytes }), { instanceOf: FeedFault });
      t.is(error.code, 'root_unexpected');
    }
  }
  t.deepEqual(faults(readFeed('jsonld', '{"error":"quota exceeded"}')), ['type_missing 1:1']);
  t.is(readFeed('jsonld', ' \n').end, 'feed_empty');
});

test('the whole pipeline: events are searchable, unchanged ones are skipped, and a damaged feed withdraws nothing', async (t) => {
  const feed = await openPipeline(t);
  const searchable = (): string[] =>
    feed
      .events()
      .map(({ title }) => title)
      .toSorted();
  const first = await feed.tell(graph(other, named('a'), named('b'), named('c')));
  t.deepEqual([first.outcome, first.code, first.counts['added']], ['absorbed', null, 3]);
  t.deepEqual(searchable(), ['a', 'b', 'c']);
  const again = await feed.tell(graph(other, named('a'), named('b'), named('c')));
  t.deepEqual([again.outcome, again.counts['unchanged'], again.counts['parsed']], ['unchanged', 4, 0]);

  const cut = await feed.tell(graph(named('a')).slice(0, -1));
  t.deepEqual([cut.outcome, cut.code, cut.counts['withdrawn']], ['incomplete', 'feed_truncated', 0]);
  const broken = await feed.tell(graph(named('a'), { broken: true }));
  t.deepEqual([broken.outcome, broken.code, broken.counts['withdrawn']], ['incomplete', 'type_missing', 0]);
  t.deepEqual(
    feed.quarantine().map(({ code }) => code),
    ['type_missing'],
  );

  const cancelled = { ...named('a'), eventStatus: 'https://schema.org/EventCancelled' };
  const fewer = await feed.tell(Buffer.from(graph(cancelled, named('b')), 'utf16le'));
  t.deepEqual([fewer.outcome, fewer.counts['changed'], fewer.counts['withdrawn']], ['absorbed', 1, 1]);
  t.deepEqual(searchable(), ['a', 'b', 'c'], 'cancelled and withdrawn events stay searchable');
  t.deepEqual(feed.quarantine(), []);
  const statusesNow = (): string[] =>
    editionOf(feed.view)!.segments.flatMap((segment) =>
      Array.from(
        { length: segment.events },
        (_, place) => `${titleOfPlace(segment, place)} ${statusAt(segment.details, place)}`,
      ).toSorted(),
    );
  t.deepEqual(statusesNow(), ['a cancelled', 'b scheduled', 'c scheduled']);
  const postponed = { ...named('a'), eventStatus: 'EventPostponed' };
  await feed.tell(Buffer.from(graph(postponed, named('b')), 'utf16le'));
  t.deepEqual(statusesNow(), ['a postponed', 'b scheduled', 'c scheduled']);
  t.deepEqual(searchable(), ['a', 'b', 'c']);
});
