// Feeds that are wrapped wrongly: compression that is cut, stacked or a bomb, and character sets that lie.

import { gzipSync } from 'node:zlib';
import test from 'ava';
import { base, feed, feedOf, record } from '../_support/feeds.ts';
import { first, knownBases, knownLine, last, saying, type Line } from './_line.ts';

const whole = feed([first, ...knownBases, last]);
const gzip = { 'content-encoding': 'gzip' };

test('a gzip feed is read', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear(saying(gzipSync(whole), gzip));
  t.like(row, { outcome: 'absorbed', code: null, counts: { added: 2 } });
  t.regex(String(line.asked.at(-1)?.['accept-encoding']), /^gzip$/);
});

test('a gzip feed that is cut anywhere is no whole feed, though its headers say that it is', async (t) => {
  const line = await knownLine(t);
  const bytes = gzipSync(whole);
  for (let cut = 1; cut < bytes.length; cut += 23) {
    const { row } = await line.hear(saying(bytes.subarray(0, cut), gzip));
    t.true(row.outcome === 'failed' || row.outcome === 'incomplete', `cut at ${cut}: ${row.outcome}`);
    t.is(row.code, 'feed_truncated', `cut at ${cut}`);
  }
});

test('a gzip feed whose checksum is wrong is no whole feed', async (t) => {
  const line = await knownLine(t);
  const bytes = gzipSync(whole);
  bytes.writeUInt32LE(bytes.readUInt32LE(bytes.length - 8) ^ 1, bytes.length - 8);
  const { row } = await line.hear(saying(bytes, gzip));
  t.is(row.code, 'gzip_invalid');
});

test('a body that only says it is gzip fails the run', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear(saying(whole, gzip));
  t.like(row, { outcome: 'failed', code: 'gzip_invalid' });
});

test('an empty body that says it is gzip is an empty feed', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear(saying('', gzip));
  t.is(row.outcome, 'failed');
  t.true(row.code === 'feed_empty' || row.code === 'feed_truncated', `${row.code}`);
});

test('ten encodings on top of each other are refused, in one header or in ten', async (t) => {
  const line = await knownLine(t);
  let bytes: Uint8Array = Buffer.from(whole);
  for (let i = 0; i < 10; i++) bytes = gzipSync(bytes);
  const ten = Array.from({ length: 10 }, () => 'gzip');
  for (const encodings of [ten.join(', '), ten]) {
    const { row } = await line.hear((_request, response) => {
      response.setHeader('content-encoding', encodings).writeHead(200).end(bytes);
    });
    t.like(row, { outcome: 'failed', code: 'encoding_refused' });
  }
});

for (const encoding of ['br', 'deflate', 'zstd', 'gzip, identity', 'sdch']) {
  test(`the encoding ${encoding} is refused`, async (t) => {
    const line = await knownLine(t);
    const { row } = await line.hear(saying(whole, { 'content-encoding': encoding }));
    t.like(row, { outcome: 'failed', code: 'encoding_refused' });
  });
}

test('a feed larger than allowed on the wire is given up', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear(saying(whole), { limits: { bytesMax: 1000 } });
  t.is(row.code, 'feed_too_large');
  const zipped = await line.hear(saying(gzipSync(whole), gzip), { limits: { bytesMax: 100 } });
  t.is(zipped.row.code, 'feed_too_large');
});

test('a feed larger than allowed after decompression is given up, and what was whole before is taken', async (t) => {
  const line = await knownLine(t);
  const long = feedOf([record(first), `<!--${' '.repeat(500_000)}-->`, record(last)]);
  const { row } = await line.hear(saying(gzipSync(long), gzip), { limits: { decodedBytesMax: 300_000 } });
  t.like(row, { outcome: 'incomplete', code: 'feed_too_large' });
  t.true((await line.titles()).includes('First'));
});

const strange = 'Ñandú «Café» €';

/** The feed with one more record, whose title needs a character set; `encoding` as the prolog says it. */
const accented = (encoding: string, title = strange): string =>
  feedOf(
    [first, ...knownBases, base({ id: 'accented', title }), last].map((one) => record(one)),
    'plan-list-xml',
  ).replace('UTF-8', encoding);

const windows1252 = (text: string): Buffer =>
  Buffer.from(Array.from(text, (character) => (character === '€' ? 0x80 : character.charCodeAt(0))));

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const marked = (mark: number[], bytes: Buffer): Buffer => Buffer.concat([Buffer.from(mark), bytes]);

const declared: Record<string, [body: Buffer, contentType: string]> = {
  'UTF-8, which nobody declares': [Buffer.from(accented('UTF-8').replace(/^<\?.*\n/, '')), ''],
  'UTF-8 with a byte order mark': [
    marked([0xef, 0xbb, 0xbf], Buffer.from(accented('UTF-8'))),
    'application/xml',
  ],
  'UTF-8 by its mark, against header and prolog': [
    marked([0xef, 0xbb, 0xbf], Buffer.from(accented('ISO-8859-1'))),
    'text/xml; charset=iso-8859-1',
  ],
  'Latin-1 by the prolog': [Buffer.from(accented('ISO-8859-1', 'Ñandú «Café»'), 'latin1'), 'application/xml'],
  'Latin-1 by the header': [
    Buffer.from(accented('UTF-8', 'Ñandú «Café»'), 'latin1'),
    'text/xml; charset=ISO-8859-1',
  ],
  'Windows-1252 by the prolog': [windows1252(accented('windows-1252')), 'application/xml'],
  'Windows-1252 by the header, quoted': [windows1252(accented('UTF-8')), 'text/xml; Charset="Windows-1252"'],
  'UTF-16LE by its mark': [
    marked([0xff, 0xfe], Buffer.from(accented('UTF-16'), 'utf16le')),
    'application/xml',
  ],
  'UTF-16BE by its mark': [marked([0xfe, 0xff], utf16be(accented('UTF-16'))), 'application/xml'],
  'UTF-16BE by its mark, where the header says UTF-16': [
    marked([0xfe, 0xff], utf16be(accented('UTF-16'))),
    'text/xml; charset=utf-16',
  ],
  'UTF-16LE by the header': [Buffer.from(accented('UTF-16'), 'utf16le'), 'text/xml; charset=utf-16le'],
};

for (const [how, [body, contentType]] of Object.entries(declared)) {
  test(`a feed in ${how} is read as what it is`, async (t) => {
    const line = await knownLine(t);
    const { row } = await line.hear(saying(body, { 'content-type': contentType }));
    t.like(row, { outcome: 'absorbed', code: null, counts: { added: 3, quarantined: 0 } });
    const title = how.startsWith('Latin-1') ? 'Ñandú «Café»' : strange;
    t.true((await line.titles()).includes(title));
  });
}

async function onlyTheAccentedIsRefused(line: Line, body: Buffer): Promise<string[]> {
  const { row } = await line.hear(body);
  const titles = await line.titles();
  return [String(row.outcome), String(row.code), ...titles.filter((title) => title !== knownBases[1]!.title)];
}

test('undeclared Latin-1 costs the records that are no UTF-8, and those alone', async (t) => {
  const line = await knownLine(t);
  const body = Buffer.from(accented('UTF-8', 'Ñandú'), 'latin1');
  t.deepEqual(await onlyTheAccentedIsRefused(line, body), [
    'incomplete',
    'utf8_invalid',
    'First',
    'Last',
    'The Night Tram',
  ]);
  const [refused] = await line.quarantine();
  t.like(refused, { code: 'utf8_invalid', baseId: null, line: 7, column: 7 });
});

test('undeclared Windows-1252 costs the records that are no UTF-8, and those alone', async (t) => {
  const line = await knownLine(t);
  const body = windows1252(accented('UTF-8', '€ 5'));
  t.deepEqual((await onlyTheAccentedIsRefused(line, body)).slice(0, 4), [
    'incomplete',
    'utf8_invalid',
    'First',
    'Last',
  ]);
});

test('undeclared UTF-16 without a mark fails the run', async (t) => {
  const line = await knownLine(t);
  for (const body of [Buffer.from(whole, 'utf16le'), utf16be(whole)]) {
    for (const format of ['auto', 'plan-list-xml'] as const) {
      const { row } = await line.hear(body, { format });
      t.is(row.outcome, 'failed');
      t.is(row.code, 'root_unexpected');
    }
  }
});

test('UTF-16 that is cut in the middle of a character is no whole feed', async (t) => {
  const line = await knownLine(t);
  const body = marked([0xff, 0xfe], Buffer.from(whole, 'utf16le'));
  const { row } = await line.hear(body.subarray(0, body.length - 1));
  t.is(row.code, 'charset_invalid');
  t.is(row.outcome, 'incomplete');
});

test('UTF-16 with half a surrogate pair in it is no whole feed', async (t) => {
  const line = await knownLine(t);
  const body = marked([0xff, 0xfe], Buffer.from(accented('UTF-16', 'half \ud83d'), 'utf16le'));
  const { row } = await line.hear(body);
  t.is(row.code, 'charset_invalid');
});

test('a character set that does not exist fails the run', async (t) => {
  const line = await knownLine(t);
  const header = await line.hear(saying(whole, { 'content-type': 'text/xml; charset=klingon' }));
  t.like(header.row, { outcome: 'failed', code: 'charset_unknown' });
  const prolog = await line.hear(whole.replace('UTF-8', 'EBCDIC-9000'));
  t.like(prolog.row, { outcome: 'failed', code: 'charset_unknown' });
});

test('a feed in ASCII that holds more than ASCII costs the records that are no UTF-8', async (t) => {
  const line = await knownLine(t);
  const body = Buffer.from(accented('US-ASCII', 'Ñandú'), 'latin1');
  t.is((await onlyTheAccentedIsRefused(line, body))[1], 'utf8_invalid');
});
