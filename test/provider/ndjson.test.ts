// Feeds of one JSON object per line: how they are split, the effect of a fault, and when they are complete.

import {
  array,
  assert as always,
  constantFrom,
  dictionary,
  jsonValue,
  nat,
  oneof,
  property,
  string,
  tuple,
} from 'fast-check';
import test from 'ava';
import type { ParsedRecord } from '#/domain/record.ts';
import { zonesIn } from '#/domain/zones.ts';
import { readBatches } from '#/provider/batches.ts';
import { FeedFault } from '#/provider/fault.ts';
import { formats } from '#/provider/formats/formats.ts';
import { checkObject } from '#/provider/ndjson/well-formed.ts';
import { unpackAll } from '#/domain/packed/records.ts';
import { packTask } from '#/provider/parse-task.ts';
import parseBatch from '#/provider/parse.thread.ts';
import { openPipeline } from '../_support/pipeline.ts';

const zone = { zoneId: '40', name: 'Stalls', capacity: 12, price: '20.00', numbered: true };
const event = {
  baseId: '291',
  planId: '1642',
  title: 'The Night Tram',
  sellMode: 'online',
  start: '2021-06-30T21:00:00',
  end: '2021-06-30T22:00:00',
  zones: [zone],
};
const line = (given: Record<string, unknown> = {}): string => JSON.stringify({ ...event, ...given });
const lines = (...all: string[]): string => all.map((one) => `${one}\n`).join('');

interface Read {
  /** The result of each record, in the order of the feed. */
  readonly records: ParsedRecord[];
  /** Why the feed was incomplete; null when it was complete. */
  readonly end: string | null;
}

async function readFeed(
  feed: string | Uint8Array,
  chunkBytes = 65_536,
  recordBytesMax = 1e6,
  strict = false,
): Promise<Read> {
  const bytes = Buffer.from(feed as string);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    // Each chunk is overwritten when the next is requested, as a socket may do.
    for (let i = 0; i < bytes.length; i += chunkBytes) {
      const chunk = Buffer.from(bytes.subarray(i, i + chunkBytes));
      yield chunk;
      chunk.fill(0x78);
    }
  }
  const records: ParsedRecord[] = [];
  const batches = readBatches(chunks(), formats.ndjson.createSplitter(recordBytesMax));
  const reading = { provider: 'p', timeZone: 'UTC', priceZones: 'all', strict } as const;
  for (;;) {
    const next = await batches.next();
    if (next.done === true) return { records, end: next.value?.code ?? null };
    for (const { refusal, ...record } of next.value.records) {
      if (refusal !== null) records.push(refusedAs(refusal, record.place));
      else
        records.push(
          ...unpackAll(
            parseBatch(packTask({ format: 'ndjson', reading, bytes: next.value.bytes, records: [record] })),
          ),
        );
    }
  }
}

const refusedAs = (
  refusal: ParsedRecord['faults'][number]['refusal'],
  place: ParsedRecord['faults'][number]['place'],
): ParsedRecord => ({
  key: null,
  observations: [],
  faults: [{ refusal, baseId: null, planId: null, place }],
  irregularClocks: 0,
  duplicates: 0,
});

const titles = ({ records }: Read): string[] =>
  records.flatMap(({ observations }) => observations.map(({ facts }) => facts.title));

/** `code line:column` of each fault. */
const faults = ({ records }: Read): string[] =>
  records.flatMap((record) =>
    record.faults.map(({ refusal, place }) => `${refusal.code} ${place.line}:${place.column}`),
  );

test('a line has all fields of an event', async (t) => {
  const said = {
    ...event,
    organizerCompanyId: '1',
    sellFrom: '2020-07-01T00:00:00',
    sellTo: '2021-06-30T20:00:00',
    soldOut: true,
    zones: [zone, { zoneId: '041', capacity: 0, price: '15.5' }],
  };
  const { records, end } = await readFeed(lines(line(said)));
  t.is(end, null);
  const [{ key, observations }] = records as [ParsedRecord];
  t.is(key, '["291","1642"]');
  const [{ facts, zonesText }] = observations as [ParsedRecord['observations'][number]];
  const { title, sellMode, organizerCompanyId, sellFrom, sellTo, soldOut, minPrice, maxPrice } = facts;
  t.deepEqual([title, sellMode, organizerCompanyId], ['The Night Tram', 'online', '1']);
  t.deepEqual([sellFrom, sellTo, soldOut], [said.sellFrom, said.sellTo, true]);
  t.deepEqual([minPrice, maxPrice], [1550, 2000]);
  t.deepEqual(zonesIn(zonesText), [
    { ...zone, price: 2000 },
    { zoneId: '041', name: null, capacity: 0, price: 1550, numbered: false },
  ]);
});

test('an event is the same from XML and from a line', async (t) => {
  const xml =
    '<base_plan base_plan_id="291" sell_mode="online" title="The Night Tram"><plan plan_id="1642" ' +
    'plan_start_date="2021-06-30T21:00:00" plan_end_date="2021-06-30T22:00:00">' +
    '<zone zone_id="40" name="Stalls" capacity="12" price="20.00" numbered="true"/></plan></base_plan>';
  const reading = { provider: 'p', timeZone: 'UTC', priceZones: 'all', strict: false } as const;
  const [fromXml] = formats['plan-list-xml'].read(xml, reading);
  const { records } = await readFeed(lines(line()));
  t.deepEqual(records[0]!.observations, fromXml!.observations);
});

test('the key distinguishes ids, however they are written', async (t) => {
  const { records } = await readFeed(
    lines(line({ baseId: '1,2', planId: '3' }), line({ baseId: '1', planId: '2,3' })),
  );
  t.is(new Set(records.map(({ key }) => key)).size, 2);
});

const mixed = [
  '',
  line({ title: 'first "quoted" \\ {[ é 🎭' }),
  '  \t\r',
  `  ${line({ planId: '2', title: 'second' })}  \r`,
  '{"baseId": "291", "planId": }',
  line({ planId: '3', title: 'third }' }),
  'not JSON at all',
  `${line({ planId: '4', title: 'fourth' })} {"and":"more"}`,
  line({ planId: '5', title: 'x'.repeat(600) }),
  '{"title":"never closed',
  '{"title":"ends with a backslash\\',
  '{"a":[[1,2],{"b":{}}]}',
].join('\n');

test('the result does not depend on the chunks of a feed', async (t) => {
  const feed = `${mixed}\n${line({ planId: '6', title: 'last' })}`;
  const whole = await readFeed(feed, 65_536, 700);
  t.deepEqual(titles(whole), ['first "quoted" \\ {[ é 🎭', 'second', 'third }', 'fourth', 'last']);
  t.deepEqual(faults(whole), [
    'json_malformed 5:29',
    'json_malformed 7:1',
    `json_malformed 8:${line({ planId: '4', title: 'fourth' }).length + 2}`,
    'record_too_large 9:1',
    'json_malformed 10:10',
    'json_malformed 11:32',
    'id_missing 12:1',
  ]);
  t.is(whole.end, null);
  for (let chunkBytes = 1; chunkBytes < 300; chunkBytes++) {
    t.deepEqual(await readFeed(feed, chunkBytes, 700), whole, `chunks of ${chunkBytes}`);
  }
});

test('a feed that is truncated at any byte gives its complete records, and reports the truncation', async (t) => {
  const all = ['first', 'sécond', 'third'].map((title, i) => line({ planId: String(i), title }));
  const feed = Buffer.from(all.join('\n\n'));
  for (let bytes = 0; bytes <= feed.length; bytes++) {
    for (const chunkBytes of [bytes || 1, 7]) {
      const read = await readFeed(feed.subarray(0, bytes), chunkBytes);
      const last = feed.subarray(0, bytes).toString().split('\n').at(-1)!;
      const isWhole = last === '' || all.includes(last);
      const got = titles(read);
      t.deepEqual(got, ['first', 'sécond', 'third'].slice(0, got.length), `cut at ${bytes}`);
      t.is(read.end, bytes === 0 ? 'feed_empty' : isWhole ? null : 'feed_truncated', `cut at ${bytes}`);
      t.deepEqual(faults(read), []);
    }
  }
});

test('a last line without a line end counts when it is complete', async (t) => {
  const read = await readFeed(`${lines(line())}${line({ planId: '2', title: 'last' })}`);
  t.deepEqual([titles(read), read.end], [['The Night Tram', 'last'], null]);
});

test('a malformed line refuses only itself', async (t) => {
  const broken: Record<string, string> = {
    '{"a":1,}': '8 expected a name in quotes',
    '{"a" 1}': '6 expected ":"',
    '{"a":01}': '7 expected "," or "}"',
    '{"a":tru}': '6 expected a value',
    "{'a':1}": '2 expected a name in quotes',
    '{"a":"\t"}': '7 expected no control character',
    '{"a":"\\x"}': '7 expected an escape',
    '{"a":"\\u12"}': '7 expected an escape',
    '{"a":NaN}': '6 expected a value',
    '{"a":1]': '7 expected "," or "}"',
    '{"a":[1}': '8 expected "," or "]"',
    '[{"a":1}]': '1 expected a line that begins',
    '"text"': '1 expected a line that begins',
    '42': '1 expected a line that begins',
    '{"a":1} x': '9 expected the end of the line',
    [`{"a":${'['.repeat(20_000)}`]: '21 nested deeper',
    [`{"a":${'{"a":'.repeat(20_000)}`]: '81 nested deeper',
  };
  for (const [text, wanted] of Object.entries(broken)) {
    const read = await readFeed(
      lines(line({ title: 'before' }), text, line({ planId: '2', title: 'behind' })),
    );
    t.deepEqual(titles(read), ['before', 'behind'], text);
    const fault = read.records
      .flatMap((record) => record.faults)
      .find(({ refusal }) => refusal.code === 'json_malformed');
    const [column, message] = [wanted.split(' ')[0], wanted.slice(wanted.indexOf(' ') + 1)];
    t.is(`${fault!.place.line}:${fault!.place.column}`, `2:${column}`, text.slice(0, 60));
    t.true(fault!.refusal.message.includes(message), `${text.slice(0, 60)}: ${fault!.refusal.message}`);
    t.is(
      read.records.find((record) => record.faults.includes(fault!))!.key,
      null,
      'so the feed is not complete',
    );
  }
});

test('in strict mode, every value has a limit and a reason for its refusal', async (t) => {
  const zoneOf = (given: Record<string, unknown>): Record<string, unknown> => ({
    zones: [{ ...zone, ...given }],
  });
  const refused: [code: string, given: Record<string, unknown>][] = [
    ['id_missing', { baseId: undefined }],
    ['id_missing', { baseId: '' }],
    ['id_missing', { planId: null }],
    ['text_invalid', { planId: 1642 }],
    ['id_too_long', { planId: 'x'.repeat(201) }],
    ['text_invalid', { baseId: 'a\0b' }],
    ['text_missing', { title: undefined }],
    ['text_too_long', { title: 'x'.repeat(1001) }],
    ['text_invalid', { title: 'lone \ud800' }],
    ['text_invalid', { title: ['a'] }],
    ['sell_mode_unknown', { sellMode: undefined }],
    ['sell_mode_unknown', { sellMode: 'ONLINE' }],
    ['date_unreadable', { start: undefined }],
    ['date_unreadable', { start: '2021-06-30T21:00:00Z' }],
    ['text_invalid', { start: 1_625_000_000 }],
    ['date_impossible', { end: '2021-09-31T20:00:00' }],
    ['time_impossible', { end: '2021-06-30T24:00:00' }],
    ['end_before_start', { end: '2021-06-30T20:59:59' }],
    ['text_invalid', { sellFrom: 5 }],
    ['boolean_invalid', { soldOut: 'true' }],
    ['array_invalid', { zones: undefined }],
    ['array_invalid', { zones: {} }],
    ['array_invalid', { zones: [zone, null] }],
    ['array_invalid', { zones: [[]] }],
    ['id_missing', zoneOf({ zoneId: undefined })],
    ['capacity_invalid', zoneOf({ capacity: undefined })],
    ['capacity_invalid', zoneOf({ capacity: '12' })],
    ['capacity_invalid', zoneOf({ capacity: -1 })],
    ['capacity_invalid', zoneOf({ capacity: 1.5 })],
    ['capacity_invalid', zoneOf({ capacity: 1_000_000_001 })],
    ['price_invalid', zoneOf({ price: undefined })],
    ['price_invalid', zoneOf({ price: 20.5 })],
    ['boolean_invalid', zoneOf({ numbered: 1 })],
    ...['1e3', '-5', 'NaN', '12,50', '0.1+', '', '20.123'].map((price): [string, Record<string, unknown>] => [
      'price_invalid',
      zoneOf({ price }),
    ]),
  ];
  for (const [code, given] of refused) {
    const read = await readFeed(lines(line(), line(given)), 65_536, 1e6, true);
    t.deepEqual(
      [titles(read), faults(read), read.end],
      [['The Night Tram'], [`${code} 2:1`], null],
      JSON.stringify(given),
    );
    const isKnown = !('baseId' in given) && !('planId' in given);
    t.is(read.records[1]!.key !== null, isKnown, 'a line is known by its ids, whatever else it says');
  }
});

test('members of a line that the schema does not have are ignored', async (t) => {
  const harmless = [
    line().replace('{', '{"__proto__":{"title":"polluted"},'),
    line({ planId: '2' }).replace('{', '{"constructor":{"prototype":{"title":"polluted"}},"toString":1,'),
    line({ planId: '3' }).replace('{', '{"title":"not this one","planId":"9",'),
    line({ planId: '4' }).replace('{', `{"note":"\\u0000","deep":${'['.repeat(15)}${']'.repeat(15)},`),
    line({ planId: '5' }).replace('"planId"', String.raw`"plan\u0049d"`),
  ];
  const read = await readFeed(lines(...harmless));
  t.deepEqual(faults(read), []);
  t.deepEqual(
    read.records.map(({ key }) => key),
    ['1642', '2', '3', '4', '5'].map((id) => JSON.stringify(['291', id])),
  );
  t.deepEqual(new Set(titles(read)), new Set(['The Night Tram']));
  t.is(({} as Record<string, unknown>)['title'], undefined);
});

test('bytes that are not text refuse their line; bytes that are only not UTF-8 do not', async (t) => {
  for (const bytes of [[0xff, 0xfe], [0xe9], [0xc0, 0x80], [0x00], [0x1b]]) {
    const bad = Buffer.concat([Buffer.from('{"title":"'), Buffer.from(bytes), Buffer.from('"}\n')]);
    const read = await readFeed(
      Buffer.concat([Buffer.from(lines(line())), bad, Buffer.from(lines(line({ planId: '2' })))]),
    );
    t.is(titles(read).length, 2);
    // The line has no ids, which is found only when it can be read.
    t.regex(faults(read).join(' '), /^(id_missing|json_malformed) 2:\d+$/);
  }
});

test('a line that is too long is dropped, and its neighbours are taken', async (t) => {
  const splitter = formats.ndjson.createSplitter(10_000);
  const push = (text: string): string[] =>
    [...splitter.push(Buffer.from(text))].map(({ refusal, bytes }) => refusal?.code ?? String(bytes.length));
  t.deepEqual(push(`${line()}\n{"title":"`), [String(line().length)]);
  const before = process.memoryUsage().arrayBuffers;
  const told: string[] = [];
  for (let i = 0; i < 3000; i++) told.push(...push('x'.repeat(65_536)));
  t.deepEqual(told, ['record_too_large'], 'once');
  t.true(process.memoryUsage().arrayBuffers - before < 50e6, 'of 200 MB nearly nothing is held');
  t.is(splitter.end()?.code, 'feed_truncated');
  t.deepEqual(push(`"}\n${line()}`), [String(line().length)]);
  t.is(splitter.end(), null);
});

test('a page, an XML document or an array is not a feed of lines', async (t) => {
  for (const feed of ['<!doctype html><p>Sorry', '  \n<planList/>', `[${line()}]`]) {
    for (const chunkBytes of [1, 1000]) {
      const error = await t.throwsAsync(readFeed(feed, chunkBytes), { instanceOf: FeedFault });
      t.is(error.code, 'root_unexpected');
    }
  }
});

test('a feed without a line is empty, not complete', async (t) => {
  for (const feed of ['', '\n', ' \r\n\t\n']) t.is((await readFeed(feed)).end, 'feed_empty');
});

test('a line is accepted as an object exactly when JSON.parse accepts it', (t) => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const parses = (text: string): boolean => {
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    } catch {
      return false;
    }
  };
  const piece = constantFrom(
    ...'{}[]",:\\ -.eE+0123456789utrlfanbs\t\u0000\u00e9'.split(''),
    'true',
    'null',
    '\\u00e9',
    '""',
    '"a":',
    '1.5',
  );
  const mutated = tuple(
    dictionary(string(), jsonValue({ maxDepth: 4 })),
    array(tuple(nat(), nat(2), piece), { maxLength: 3 }),
  ).map(([value, edits]) =>
    edits.reduce((text, [at, cut, insert]) => {
      const i = at % (text.length + 1);
      return text.slice(0, i) + insert + text.slice(i + cut);
    }, JSON.stringify(value)),
  );
  const built = array(piece, { maxLength: 12 }).map((pieces) => `{${pieces.join('')}}`);
  always(
    property(oneof(mutated, built), (text) => (checkObject(text) === null) === parses(text)),
    { seed, numRuns: 5000 },
  );
  t.pass(`seed ${seed}`);
});

test('the whole pipeline: lines are searchable, and a truncated or malformed feed withdraws nothing', async (t) => {
  const feed = await openPipeline(t);
  const all = ['1', '2', '3'].map((planId) => line({ planId, title: planId }));
  const searchable = (): string[] =>
    feed
      .events()
      .map(({ title }) => title)
      .toSorted();

  const first = await feed.tell(lines(...all));
  t.deepEqual([first.outcome, first.counts['records'], first.counts['added']], ['absorbed', 3, 3]);
  t.deepEqual(searchable(), ['1', '2', '3']);

  const cut = await feed.tell(lines(...all).slice(0, -20));
  t.deepEqual([cut.outcome, cut.code, cut.counts['withdrawn']], ['incomplete', 'feed_truncated', 0]);
  const broken = await feed.tell(lines(all[0]!, all[1]!, '{"broken"'));
  t.deepEqual([broken.outcome, broken.code, broken.counts['withdrawn']], ['incomplete', 'json_malformed', 0]);
  t.deepEqual(
    feed.quarantine().map(({ code }) => code),
    ['json_malformed'],
  );

  const refused = await feed.tell(lines(all[0]!, line({ planId: '2', title: '2', end: '' }), all[2]!));
  t.deepEqual(
    [refused.counts['quarantined'], refused.counts['withdrawn']],
    [1, 0],
    'known by its ids, it is still listed',
  );
  const fewer = await feed.tell(lines(all[0]!, line({ planId: '2', title: 'two' })));
  t.deepEqual([fewer.outcome, fewer.counts['changed'], fewer.counts['withdrawn']], ['absorbed', 1, 1]);
  t.deepEqual(searchable(), ['1', '3', 'two'], 'withdrawn is not gone');
  t.deepEqual(feed.quarantine(), []);
});
