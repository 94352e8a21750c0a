// Hostile input in every format that is not XML: documents cut at each byte, values of wrong types, depth, huge values, encodings.
// Such a value costs its own event at most.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import test from 'ava';
import { openFeed } from '#/provider/feed.ts';
import { FeedFault } from '#/provider/fault.ts';
import { toUtf8 } from '#/provider/encoding/charset.ts';
import { formats } from '#/provider/formats/formats.ts';
import { mappingEntry } from '#/provider/mapping-entry.ts';
import type { FormatName } from '#/provider/provider.ts';
import { limits } from '../_support/limits.ts';
import { isLong } from '../_support/long.ts';
import { seededFor } from '../_support/random.ts';
import { readFeed, titles, type Read } from './_read-feed.ts';

const mapping = mappingEntry.parse({
  planId: 'id',
  title: 'title',
  start: 'start',
  end: 'end',
  zones: [{ name: 'zone', price: 'price', capacity: 'seats' }],
});

type Members = Readonly<Record<string, unknown>>;

interface Hostile {
  /** The members of one event. */
  readonly event: (id: string, title: string) => Members;
  /** A feed of these records, each as text. */
  readonly around: (records: readonly string[]) => string;
  readonly record?: (event: string, id: string) => string;
  /** Whether a feed that is cut here, behind so many complete records, cannot be told from a whole one; absent: never. */
  readonly looksWhole?: (cut: string, records: number) => boolean;
}

const day = '2021-06-30';
const node = (id: string, title: string): Members => ({
  '@type': 'Event',
  '@id': id,
  name: title,
  startDate: `${day}T20:00:00`,
  endDate: `${day}T22:00:00`,
  eventStatus: 'https://schema.org/EventScheduled',
  superEvent: { '@id': 'series' },
  organizer: { '@id': 'us' },
  offers: [{ '@id': '1', name: 'Stalls', price: '20.00', inventoryLevel: { value: 5 } }],
});
const flat = (id: string, title: string): Members => ({
  id,
  title,
  start: `${day}T20:00:00`,
  end: `${day}T22:00:00`,
  zone: 'Stalls',
  price: '20.00',
  seats: 5,
});

const columns = Object.keys(flat('', ''));
const quoted = (cell: unknown): string => {
  const text = typeof cell === 'string' ? cell : (JSON.stringify(cell) ?? '');
  return `"${text.replaceAll('"', '""')}"`;
};

const hostile: Partial<Record<FormatName, Hostile>> = {
  ndjson: {
    event: (id, title) => ({
      baseId: id,
      planId: id,
      title,
      sellMode: 'online',
      start: `${day}T20:00:00`,
      end: `${day}T22:00:00`,
      soldOut: false,
      zones: [{ zoneId: '1', name: 'Stalls', capacity: 5, price: '20.00', numbered: true }],
    }),
    around: (records) => records.map((one) => `${one}\n`).join(''),
    // The last line may lack its line end.
    looksWhole: (cut, records) => cut.trimEnd().split('\n').length === records,
  },
  jsonld: {
    event: node,
    around: (records) => `{"@context":"https://schema.org","@graph":[${records.join(',')}]}`,
  },
  json: { event: flat, around: (records) => `[${records.join(',\n')}]` },
  rpde: {
    event: node,
    record: (event, id) => `{"state":"updated","kind":"Event","id":"${id}","modified":7,"data":${event}}`,
    around: (records) =>
      `{"items":[${records.join(',')}],"next":"https://provider.example/feed?afterChangeNumber=7"}`,
  },
  csv: {
    event: flat,
    record(event) {
      const members = JSON.parse(event) as Members;
      return columns.map((column) => quoted(members[column])).join(',');
    },
    around: (records) => `${[columns.join(','), ...records].join('\r\n')}\r\n`,
    looksWhole: (cut) => cut.endsWith('\n'),
  },
};

const textOf = ({ event, record = (one) => one }: Hostile, id: string, title: string): string =>
  record(JSON.stringify(event(id, title)), id);
const read = (format: FormatName, feed: string | Uint8Array, chunkBytes = 1000): Read =>
  readFeed(format, feed, { chunkBytes, mapping, recordBytesMax: 400_000 });

/** What stands in place of a value, as JSON. */
const poisons = [
  'null', 'true', '0', '-1', '1e400', '1e-400', '99999999999999999999', '0.1', '""', '[]', '{}', '[[]]', '[{}]', '[null]', '"\\u0000"',
  '"\\ud800"', '"__proto__"', '{"__proto__":{"title":"x"}}', '{"@value":{"@value":1}}', `"${'x'.repeat(100_000)}"`,
  `[${'1,'.repeat(20_000)}1]`, `${'['.repeat(5000)}${']'.repeat(5000)}`, `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
  '"9999999999-01-01T00:00:00"', '"2021-06-31T20:00:00"', '"1e400"', '"١٢"', '"2021-06-30T20:00:00+99:99"', '"constructor"',
]; // prettier-ignore

for (const [name, shape] of Object.entries(hostile) as [FormatName, Hostile][]) {
  const [first, last] = [textOf(shape, 'a', 'First'), textOf(shape, 'z', 'Last')];

  test(`${name}: a value of any type, size or depth costs its own event at most`, (t) => {
    t.deepEqual(titles(read(name, shape.around([first, last]))), ['First', 'Last']);
    const names = [...Object.keys(shape.event('b', 'Between')), 'added'];
    for (const member of names)
      for (const poison of poisons) {
        const marked = JSON.stringify({ ...shape.event('b', 'Between'), [member]: '@@' });
        const poisoned = marked.replace('"@@"', () => poison);
        const record = shape.record?.(poisoned, 'b') ?? poisoned;
        const found = read(name, shape.around([first, record, last]));
        const place = `${member}: ${poison.slice(0, 40)}`;
        t.is(found.end, null, place);
        t.deepEqual([titles(found)[0], titles(found).at(-1)], ['First', 'Last'], place);
        for (const { facts } of found.records.flatMap(({ observations }) => observations)) {
          t.true(typeof facts.title === 'string' && facts.title.length <= 1000, place);
          t.true(Number.isFinite(facts.start) && facts.end >= facts.start, place);
          for (const number of [facts.minPrice, facts.maxPrice, facts.capacity ?? null])
            t.true(number === null || (Number.isSafeInteger(number) && number >= 0), place);
        }
      }
  });

  test(`${name}: a feed that is cut at any byte gives its complete records only, and is not complete`, (t) => {
    const bytes = Buffer.from(shape.around([first, textOf(shape, 'b', 'Sécond'), last]));
    const all = ['First', 'Sécond', 'Last'];
    const whole = bytes.toString('latin1').trimEnd().length;
    for (let length = 1; length < whole; length++) {
      const cut = bytes.subarray(0, length);
      const found = read(name, cut, (length % 50) + 1);
      const taken = titles(found);
      t.deepEqual(taken, all.slice(0, taken.length), `cut at ${length}`);
      const looksWhole = shape.looksWhole?.(cut.toString(), taken.length) ?? false;
      t.is(found.end === null, looksWhole, `cut at ${length}`);
    }
  });

  test(`${name}: changed bytes never throw, and the result does not depend on the chunks`, (t) => {
    const random = seededFor(t);
    const document = Buffer.from(shape.around([first, textOf(shape, 'b', 'Second'), last]));
    for (let i = 0; i < (isLong ? 3000 : 150); i++) {
      const bytes = Buffer.from(document);
      for (let edits = random.int(1, 3); edits > 0; edits--)
        bytes[random.int(0, bytes.length - 1)] = random.pick([
          ...Buffer.from('{}[]",:\\ \r\n\0x9'),
          0xff,
          0xc3,
        ]);
      const results = [1, random.int(2, 400), 10_000].map((chunkBytes) => {
        try {
          return read(name, bytes, chunkBytes);
        } catch (error) {
          t.true(error instanceof FeedFault);
          return (error as FeedFault).code;
        }
      });
      t.deepEqual(results[1], results[0], bytes.toString());
      t.deepEqual(results[2], results[0], bytes.toString());
    }
  });

  test(`${name}: a record that never ends is dropped in bounded memory`, (t) => {
    const splitter = formats[name].createSplitter(10_000, mapping);
    const [head = ''] = shape.around(['@@']).split('@@');
    const codes = (part: Uint8Array): string[] =>
      [...splitter.push(part)].flatMap(({ refusal }) => refusal?.code ?? []);
    codes(Buffer.from(`${head}{"a":"`));
    // One chunk for all: no other buffer is to be collected meanwhile.
    const chunk = Buffer.alloc(65_536, 'x');
    const found = codes(chunk);
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 500; i++) found.push(...codes(chunk));
    t.deepEqual(new Set(found.map((code) => code.replace('line', 'record'))), new Set(['record_too_large']));
    t.is(found.length, 1);
    t.true(process.memoryUsage().arrayBuffers - before < 5e6, 'of 33 MB nearly nothing is held');
  });

  test(`${name}: the same events in every encoding`, async (t) => {
    const text = shape.around([first, textOf(shape, 'b', 'Sécond'), last]);
    const swapped = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    const encoded: [bytes: Buffer, type: string][] = [
      [Buffer.from(text), 'application/json'],
      [Buffer.from(`\ufeff${text}`), 'application/json'],
      [Buffer.from(`\ufeff${text}`, 'utf16le'), 'application/json'],
      [swapped, 'application/json'],
      [Buffer.from(text, 'utf16le'), ''],
      [Buffer.from(text, 'utf16le').swap16(), ''],
      [Buffer.from(text, 'utf16le'), 'text/plain; charset=utf-8'],
      [Buffer.from(text, 'latin1'), 'application/json; charset=iso-8859-1'],
      [Buffer.from(text, 'latin1'), 'application/json'],
    ];
    for (const [bytes, type] of encoded) {
      const parts: Uint8Array[] = [];
      for await (const part of toUtf8(chunksOf(bytes), type)) parts.push(Buffer.from(part));
      const found = read(name, Buffer.concat(parts));
      t.deepEqual(titles(found), ['First', 'Sécond', 'Last'], type);
    }
  });
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** A feed of this many records, as it would arrive. */
async function* longFeed(
  head: string,
  record: string,
  between: string,
  tail: string,
  records: number,
): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from(head + record));
  const some = Buffer.from(`${between}${record}`.repeat(100));
  for (let i = 0; i < records; i += 100) yield some;
  yield Buffer.from(tail);
}

test('memory does not depend on the size of the feed, in any format', async (t) => {
  const many = isLong ? 60_000 : 24_000;
  for (const [format, shape] of Object.entries(hostile) as [FormatName, Hostile][]) {
    // What is before the first record, between two and behind the last one.
    const [head = '', between = '', tail = ''] = shape.around(['@@', '@@']).split('@@');
    const chunks = longFeed(head, textOf(shape, 'a', 'First'), between, tail, many);
    const { batches } = await openFeed({ contentType: '', chunks }, { format, limits, mapping });
    const sizes: number[] = [];
    let records = 0;
    for (;;) {
      const next = await batches.next();
      if (next.done === true) break;
      const before = records;
      records += next.value.records.length;
      next.value.release();
      if (Math.floor((before * 6) / many) === Math.floor((records * 6) / many)) continue;
      collect();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      sizes.push(heapUsed + arrayBuffers);
    }
    t.true(records > many && sizes.length >= 5, format);
    const growth = Math.max(...sizes) - sizes[0]!;
    t.true(growth < 8e6, `${format}: ${Math.round(growth / 1e6)} MB more`);
  }
});

async function* chunksOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += 7) yield await Promise.resolve(bytes.subarray(i, i + 7));
}

test('csv: a cell of any kind costs its own row at most', (t) => {
  const row = (members: Members): string => columns.map((column) => quoted(members[column])).join(',');
  const between = [
    ...poisons.map((poison) => quoted(poison)),
    '"', '"a"b', 'a"b', '""""', '\0', '\u{10ffff}', '=cmd()', ','.repeat(50), `"${'x\n'.repeat(1000)}"`,
  ]; // prettier-ignore
  for (const column of columns)
    for (const cell of between) {
      const cells = columns.map((one) => (one === column ? cell : quoted(flat('b', 'Between')[one])));
      const text = [
        columns.join(','),
        row(flat('a', 'First')),
        cells.join(','),
        row(flat('z', 'Last')),
        '',
      ].join('\r\n');
      const found = read('csv', text);
      t.true(titles(found).includes('First'), `${column}: ${cell.slice(0, 40)}`);
      // A quote that is not closed ends at a row that follows it.
      t.true(titles(found).includes('Last') || cell === '"', `${column}: ${cell.slice(0, 40)}`);
    }
});
