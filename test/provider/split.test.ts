// The splitter compared with an oracle: the same records, byte for byte and place for place, however the feed is chunked; and
// every truncation is noticed.

import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';
import type { Place } from '#/domain/record.ts';
import type { Refusal } from '#/domain/refusal.ts';
import { formats } from '#/provider/formats/formats.ts';
import type { Splitter } from '#/provider/record.ts';
import { createXmlSplitter } from '#/provider/xml/split.ts';
import { checkElement } from '#/provider/xml/well-formed.ts';
import { base, dialects, feed } from '../_support/feeds.ts';
import { isLong } from '../_support/long.ts';
import { seededFor, type Random } from '../_support/random.ts';
import { randomDocument, recordName, recordsOf, root } from './_documents.ts';

interface Split {
  readonly records: { text: string; place: Place; code: string | null }[];
  readonly end: Refusal | null;
}

function split(chunks: Iterable<Uint8Array>, splitter: Splitter): Split {
  const records: Split['records'] = [];
  for (const chunk of chunks) {
    for (const { bytes, place, refusal } of splitter.push(chunk)) {
      records.push({ text: Buffer.from(bytes).toString(), place, code: refusal?.code ?? null });
    }
  }
  return { records, end: splitter.end() };
}

const plans = (recordBytesMax = 1e6): Splitter => createXmlSplitter(root, recordName, recordBytesMax);

function* cutAtRandom(bytes: Buffer, random: Random): Generator<Buffer> {
  const most = random.pick([3, 20, 200]);
  for (let at = 0; at < bytes.length;) {
    const to = at + random.int(0, most);
    yield bytes.subarray(at, to);
    at = to;
  }
}

const everyByte = (bytes: Buffer): Buffer[] => Array.from(bytes, (_byte, i) => bytes.subarray(i, i + 1));

test('random documents are split into the records of a full parser, however they are chunked', (t) => {
  const random = seededFor(t);
  for (let i = 0; i < (isLong ? 400 : 150); i++) {
    const text = randomDocument(random);
    const bytes = Buffer.from(text);
    const expected = recordsOf(text).records.map((one) => ({ text: one.text, place: one.place, code: null }));
    for (const chunks of [[bytes], everyByte(bytes), [...cutAtRandom(bytes, random)]]) {
      const { records, end } = split(chunks, plans());
      t.deepEqual(records, expected, text);
      t.is(end, null, text);
    }
    for (const { text: record } of expected) t.is(checkElement(record), null, record);
  }
});

test('a random document that is truncated anywhere is incomplete, and its complete records are returned', (t) => {
  const random = seededFor(t);
  for (let i = 0; i < (isLong ? 25 : 8); i++) {
    const text = randomDocument(random);
    const bytes = Buffer.from(text);
    const { records, rootEnd } = recordsOf(text);
    for (let cut = 0; cut < rootEnd; cut++) {
      const { records: told, end } = split(cutAtRandom(bytes.subarray(0, cut), random), plans());
      const whole = records.filter(({ endOffset }) => endOffset <= cut);
      if (end === null || told.length !== whole.length) return t.fail(`cut at ${cut}: ${text}`);
    }
  }
  t.pass();
});

test('a record beyond the limit is reported once, without its bytes, and affects no other', (t) => {
  const random = seededFor(t);
  for (let i = 0; i < (isLong ? 400 : 150); i++) {
    const text = randomDocument(random);
    const bytes = Buffer.from(text);
    const limit = random.int(10, 120);
    const expected = recordsOf(text).records.map((record) => {
      const tooLarge = Buffer.byteLength(record.text) > limit;
      return {
        text: tooLarge ? '' : record.text,
        place: record.place,
        code: tooLarge ? 'record_too_large' : null,
      };
    });
    const { records, end } = split(cutAtRandom(bytes, random), plans(limit));
    t.deepEqual(records, expected, text);
    t.is(end, null, text);
  }
});

test('a record far beyond the limit is dropped, whatever its content and wherever the chunks end', (t) => {
  const random = seededFor(t);
  for (let i = 0; i < (isLong ? 60 : 20); i++) {
    const filling = Array.from({ length: 200 }, () =>
      random.pick([
        '<!-- </base_plan> -->',
        '<a/>',
        '</base_planX>',
        '<![CDATA[</base_plan>]]>',
        'text ',
        '<?x?>',
      ]),
    ).join('');
    const huge = `<${recordName} a=">">${filling}</${recordName}>`;
    const small = `<${recordName}/>`;
    const bytes = Buffer.from(`<${root}>${huge}${small}${huge}${small}</${root}>`);
    const { records, end } = split(cutAtRandom(bytes, random), plans(100));
    t.is(end, null);
    t.deepEqual(
      records.map(({ text, code }) => code ?? text),
      ['record_too_large', small, 'record_too_large', small],
    );
  }
});

test('an end tag can have spaces, but must have the name of its start tag', (t) => {
  for (const inside of ['</base_planX>', '</base_plan2 >', '</xbase_plan>', '</BASE_PLAN>']) {
    const text = `<${root}><${recordName}>${inside}</${recordName}\r\n\t ><${recordName}/></${root}>`;
    t.deepEqual(
      split(everyByte(Buffer.from(text)), plans()).records.map((record) => record.text),
      [`<${recordName}>${inside}</${recordName}\r\n\t >`, `<${recordName}/>`],
    );
  }
});

test('a document is complete only with nothing but comments, instructions and spaces around it', (t) => {
  const document = `<${root}><${recordName}/></${root}>`;
  const wholly = (text: string): Refusal | null => split([Buffer.from(text)], plans()).end;
  t.is(wholly(`<?xml version="1.0"?><!-- a --> ${document}<!-- b --><?c?>\n`), null);
  const around = ['x', '<', '<a>', '<a/>', '</a>', '<!--', '<![CDATA[]]>', '&amp;', '\0', '</planList>'];
  for (const tail of [...around, document]) t.not(wholly(document + tail), null, tail);
  for (const head of [...around, '<!DOCTYPE planList [<!ENTITY a "b">]>'])
    t.not(wholly(head + document), null, head);
});

test('a document with wrappers closed in the wrong order is incomplete', (t) => {
  for (const text of [
    '<planList><output></planList></output>',
    '<planList><output></outputs></planList>',
    '<planList></output></planList>',
    '<planList><output a=1></output></planList>',
    '<planList><output a="<"></output></planList>',
    '<planList><output a="1" a="2"/></planList>',
    '<planList><1/></planList>',
    '<planList>< output/></planList>',
    '<planList></planList >x',
    '<planList/><planList/>',
    '<planList><!-- a -- b --></planList>',
    '<planList><!--></planList>',
    '',
    ' ',
  ]) {
    t.not(split([Buffer.from(text)], plans()).end, null, text);
  }
});

for (const dialect of dialects) {
  test(`a feed that is truncated at any byte is incomplete (${dialect})`, (t) => {
    noticesEveryCut(t.fail, Buffer.from(feed([base(), base({ id: '2' })], dialect)), formats[dialect]);
    t.pass();
  });
}

const samples = new URL('../../../shared/challenge/samples/', import.meta.url);
for (const number of [1, 2, 3]) {
  for (const [folder, dialect] of [
    ['plans', dialects[0]!],
    ['events', dialects[1]!],
  ] as const) {
    const file = new URL(`${folder}/response_${number}.xml`, samples);
    (existsSync(file) ? test : test.skip)(
      `the reference sample ${folder} ${number} is incomplete when truncated`,
      (t) => {
        noticesEveryCut(t.fail, readFileSync(file), formats[dialect]);
        t.pass();
      },
    );
  }
}

function noticesEveryCut(
  fail: (message: string) => void,
  body: Buffer,
  format: (typeof formats)['plan-list-xml'],
): void {
  const end = body.toString('latin1').trimEnd().length;
  for (let cut = 0; cut <= body.length; cut++) {
    const whole = split([body.subarray(0, cut)], format.createSplitter(1e6)).end === null;
    if (whole !== cut >= end) fail(`cut at ${cut}: ${whole ? 'whole' : 'not whole'}`);
  }
}
