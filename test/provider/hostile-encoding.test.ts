// Feeds with wrong encodings: truncated, stacked and bomb compression, and wrong character sets.

import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import test from 'ava';
import { mappingEntry } from '#/provider/mapping-entry.ts';
import { documents, feedMapping } from '../_support/feed-formats.ts';
import { isLong } from '../_support/long.ts';
import { base, feed, feedOf, record } from '../_support/feeds.ts';
import { first, knownBases, knownLine, last, lineFor, saying } from './_line.ts';

const whole = feed([first, ...knownBases, last]);
const gzip = { 'content-encoding': 'gzip' };

test('a gzip feed is read', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear(saying(gzipSync(whole), gzip));
  t.like(row, { outcome: 'absorbed', code: null, counts: { added: 2 } });
  t.regex(String(line.asked.at(-1)?.['accept-encoding']), /^gzip$/);
});

test('a gzip feed that is truncated anywhere is incomplete, although its headers are consistent', async (t) => {
  const line = await knownLine(t);
  const bytes = gzipSync(whole);
  for (let cut = 1; cut < bytes.length; cut += isLong ? 23 : 101) {
    const { row } = await line.hear(saying(bytes.subarray(0, cut), gzip));
    t.true(row.outcome === 'failed' || row.outcome === 'incomplete', `cut at ${cut}: ${row.outcome}`);
    t.is(row.code, 'feed_truncated', `cut at ${cut}`);
  }
});

test('a gzip feed with a wrong checksum is incomplete', async (t) => {
  const line = await knownLine(t);
  const bytes = gzipSync(whole);
  bytes.writeUInt32LE(bytes.readUInt32LE(bytes.length - 8) ^ 1, bytes.length - 8);
  const { row } = await line.hear(saying(bytes, gzip));
  t.is(row.code, 'gzip_invalid');
});

test('bytes that are neither text nor in the encoding of their header fail the run', async (t) => {
  const line = await knownLine(t);
  const noise = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919 + (i >> 3)) & 255));
  for (const [encoding, code] of [
    ['gzip', 'gzip_invalid'],
    ['deflate', 'deflate_invalid'],
    ['br', 'br_invalid'],
    ['zstd', 'zstd_invalid'],
  ] as const) {
    const { row } = await line.hear(saying(noise, { 'content-encoding': encoding }));
    t.like(row, { outcome: 'failed', code }, encoding);
  }
});

test('an empty body with the header of gzip is an empty feed', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear(saying('', gzip));
  t.is(row.outcome, 'failed');
  t.true(row.code === 'feed_empty' || row.code === 'feed_truncated', `${row.code}`);
});

test('ten stacked encodings are refused, in one header or in ten', async (t) => {
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

const compressions: Record<string, (text: string | Uint8Array) => Buffer> = {
  gzip: gzipSync,
  'deflate (zlib)': deflateSync,
  'deflate (raw)': deflateRawSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
};
const nameOf = (compression: string): string => compression.split(' ')[0]!;

for (const [compression, compress] of Object.entries(compressions)) {
  const headers = { 'content-encoding': nameOf(compression) };

  test(`a feed in ${compression} is read, with and without padding of spaces or zero bytes`, async (t) => {
    const line = await knownLine(t);
    for (const padding of ['', ' \r\n\t', '\0'.repeat(70_000)]) {
      const body = Buffer.concat([compress(whole), Buffer.from(padding)]);
      const { row } = await line.hear(saying(body, headers));
      t.is(row.code, null, JSON.stringify(padding.slice(0, 5)));
      t.is(row.counts['records'], 4);
    }
  });

  test(`a feed in ${compression} that is truncated anywhere is never complete`, async (t) => {
    const line = await knownLine(t);
    const bytes = compress(whole);
    for (let cut = 1; cut < bytes.length; cut += isLong ? 31 : 101) {
      const { row } = await line.hear(saying(bytes.subarray(0, cut), headers));
      t.true(row.outcome === 'failed' || row.outcome === 'incomplete', `cut at ${cut}: ${row.outcome}`);
      t.is(row.code, 'feed_truncated', `cut at ${cut}`);
    }
    const short = await line.hear(saying(bytes.subarray(0, -1), headers));
    t.is(short.row.code, 'feed_truncated');
  });

  test(`a bomb in ${compression} is stopped at the limit`, async (t) => {
    const line = await knownLine(t);
    const bomb = compress(feedOf([record(first), `<!--${' '.repeat(20_000_000)}-->`]));
    t.true(bomb.length < 100_000);
    const { row } = await line.hear(saying(bomb, headers), { limits: { decodedBytesMax: 1_000_000 } });
    t.is(row.code, 'feed_too_large');
    const twice = saying(gzipSync(bomb), { 'content-encoding': `${nameOf(compression)}, gzip` });
    t.is((await line.hear(twice, { limits: { decodedBytesMax: 1_000_000 } })).row.code, 'feed_too_large');
  });

  test(`bytes other than padding after a feed in ${compression} make it incomplete`, async (t) => {
    const line = await knownLine(t);
    const body = Buffer.concat([compress(whole), Buffer.from('<planList/>')]);
    t.like((await line.hear(saying(body, headers))).row, {
      outcome: 'incomplete',
      code: `${nameOf(compression)}_invalid`,
    });
  });
}

for (const compression of ['gzip', 'deflate (zlib)', 'zstd']) {
  test(`${compression} is detected without a header, and with a wrong one`, async (t) => {
    const line = await knownLine(t);
    const body = compressions[compression]!(whole);
    for (const encoding of ['', 'identity', 'none', 'br', 'aws-chunked', 'utf-8', 'gzip, gzip']) {
      const headers = { 'content-type': 'application/gzip', 'content-encoding': encoding };
      const { row } = await line.hear(saying(body, headers));
      t.is(row.code, null, encoding);
      t.is(row.counts['records'], 4, encoding);
    }
  });
}

for (const encoding of [
  'none',
  'identity',
  'utf-8',
  'UTF-8, identity',
  'aws-chunked',
  'sdch',
  'constructor',
  'gzip',
  'gzip, gzip',
  'gzip, identity',
  'br',
  'deflate',
  'zstd',
]) {
  test(`a plain feed with the header encoding ${encoding} is read as plain`, async (t) => {
    const line = await knownLine(t);
    const utf16 = Buffer.from(`\ufeff${whole}`, 'utf16le');
    for (const body of [whole, `\ufeff\n${whole}`, utf16, `\n\n  ${whole}`]) {
      const { row } = await line.hear(saying(body, { 'content-encoding': encoding }));
      t.is(row.code, null);
      t.is(row.counts['records'], 4);
    }
  });
}

test('several members of gzip and frames of zstd are read as one feed', async (t) => {
  const line = await knownLine(t);
  const half = whole.length >> 1;
  for (const compress of [gzipSync, zstdCompressSync]) {
    const pieces = [whole.slice(0, half), whole.slice(half)].map((piece) => compress(piece));
    const { row } = await line.hear(saying(Buffer.concat(pieces)));
    t.like(row, { code: null, counts: { records: 4 } });
    const cut = await line.hear(saying(Buffer.concat(pieces).subarray(0, -3)));
    t.is(cut.row.code, 'feed_truncated');
  }
});

test('a gzip header with a name, a comment and extra fields is read', async (t) => {
  const line = await knownLine(t);
  const bytes = gzipSync(whole);
  const header = Buffer.from(bytes.subarray(0, 10));
  header[3] = 4 | 8 | 16 | 2;
  const more = Buffer.from('\x03\0abcfeed.xml\0a comment\0\x01\x02', 'latin1');
  const { row } = await line.hear(saying(Buffer.concat([header, more, bytes.subarray(10)])));
  t.like(row, { code: null, counts: { records: 4 } });
});

for (const [what, head] of [
  ['a ZIP archive', 'PK\x03\x04'],
  ['bzip2', 'BZh91AY'],
  ['xz', '\xfd7zXZ\0'],
] as const) {
  test(`${what} is refused by name`, async (t) => {
    const line = await knownLine(t);
    for (const encoding of ['identity', 'gzip']) {
      const body = Buffer.from(head + 'x'.repeat(100), 'latin1');
      const { row } = await line.hear(saying(body, { 'content-encoding': encoding }));
      t.like(row, { outcome: 'failed', code: 'encoding_refused' });
      t.regex(String(row.message), new RegExp(`Got ${what}, expected`));
    }
  });
}

test('a feed that is too large on the wire is stopped', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear(saying(whole), { limits: { bytesMax: 1000 } });
  t.is(row.code, 'feed_too_large');
  const zipped = await line.hear(saying(gzipSync(whole), gzip), { limits: { bytesMax: 100 } });
  t.is(zipped.row.code, 'feed_too_large');
});

test('a feed that is too large after decompression is stopped, and the complete records before are taken', async (t) => {
  const line = await knownLine(t);
  const long = feedOf([record(first), `<!--${' '.repeat(500_000)}-->`, record(last)]);
  const { row } = await line.hear(saying(gzipSync(long), gzip), { limits: { decodedBytesMax: 300_000 } });
  t.like(row, { outcome: 'incomplete', code: 'feed_too_large' });
  t.true((await line.titles()).includes('First'));
});

const strange = 'Ñandú «Café» €';

/** The feed with one more record, whose title needs a character set; `encoding` is that of the prolog. */
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
  'UTF-8 without a declaration': [Buffer.from(accented('UTF-8').replace(/^<\?.*\n/, '')), ''],
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
  test(`a feed in ${how} is read in its real encoding`, async (t) => {
    const line = await knownLine(t);
    const { row } = await line.hear(saying(body, { 'content-type': contentType }));
    t.like(row, { outcome: 'absorbed', code: null, counts: { added: 3, quarantined: 0 } });
    const title = how.startsWith('Latin-1') ? 'Ñandú «Café»' : strange;
    t.true((await line.titles()).includes(title));
  });
}

const named = (contentType: string, prolog = 'UTF-8'): [Buffer, string] => [
  Buffer.from(accented(prolog)),
  contentType,
];
const bom = '\ufeff';

/** Each is UTF-8, or has an unambiguous mark, whatever its headers say. */
const lying: Record<string, [body: Buffer, contentType: string]> = {
  'two byte order marks': [Buffer.from(`${bom}${bom}${accented('UTF-8')}`), ''],
  'a mark behind a line break': [Buffer.from(`\r\n${bom}${accented('UTF-8')}`), ''],
  'marks between records': [
    Buffer.from(accented('UTF-8').replaceAll('</base_plan>\n', `</base_plan>${bom}\n${bom}`)),
    '',
  ],
  'two marks in UTF-16LE': [Buffer.from(`${bom}${bom}${accented('UTF-16')}`, 'utf16le'), ''],
  'single quotes around the name': named("text/xml; charset='utf-8'"),
  'a comma behind the name': named('text/xml; charset=utf-8, text/xml'),
  'a semicolon behind the name': named('text/xml; charset="utf-8";'),
  'a quote that is never closed': named('text/xml; charset="utf-8'),
  'blanks around the equals sign': named('text/xml; charset = utf-8'),
  'no semicolon before the name': named('text/xml charset=UTF-8'),
  utf_8: named('text/xml; charset=utf_8', 'utf_8'),
  utf8mb4: named('text/xml; charset=utf8mb4', 'utf8mb4'),
  'utf-8-sig': named('', 'utf-8-sig'),
  'an unknown name': named('text/xml; charset=klingon', 'EBCDIC-9000'),
  'UTF-16 declared': named('', 'utf-16'),
  'UTF-16 in the header': named('text/xml; charset=utf-16le'),
  'UTF-16LE without a mark': [Buffer.from(accented('UTF-16'), 'utf16le'), ''],
  'UTF-16BE without a mark': [utf16be(accented('UTF-16')), ''],
  'UTF-16BE without mark or declaration': [
    utf16be(accented('').replace(/^<[^>]*>\n/, '')),
    'text/xml; charset=utf-8',
  ],
  'UTF-16LE behind a line break': [
    Buffer.from(`\n${accented('UTF-16')}`, 'utf16le'),
    'text/xml; charset=iso-8859-1',
  ],
  'Windows-1252 as ISO-8859-1': [windows1252(accented('ISO-8859-1')), 'text/xml'],
  'Windows-1252 as ISO8859_1, declared': [windows1252(accented('ISO8859_1')), 'text/xml; charset=unknown'],
  'Windows-1252 as cp-1252': [windows1252(accented('UTF-8')), 'text/xml; charset=cp-1252'],
  'Windows-1252 as latin-1': [windows1252(accented('UTF-8')), "text/xml; charset='latin-1'"],
};

for (const [how, [body, contentType]] of Object.entries(lying)) {
  test(`a feed with ${how} is read in its real encoding, with the format auto and with a named one`, async (t) => {
    for (const format of ['auto', 'plan-list-xml'] as const) {
      const line = await knownLine(t);
      const { row } = await line.hear(saying(body, { 'content-type': contentType }), { format });
      t.like(row, { outcome: 'absorbed', code: null, counts: { added: 3, quarantined: 0 } });
      t.deepEqual(row.findings, []);
      t.true((await line.titles()).includes(strange));
    }
  });
}

test('UTF-32 is refused by name, with a mark and without', async (t) => {
  const line = await knownLine(t);
  const utf32 = (text: string, big: boolean): Buffer =>
    Buffer.concat(
      Array.from(text, (character) => {
        const four = Buffer.alloc(4);
        if (big) four.writeUInt32BE(character.codePointAt(0)!);
        else four.writeUInt32LE(character.codePointAt(0)!);
        return four;
      }),
    );
  for (const text of [whole, `\ufeff${whole}`]) {
    for (const big of [true, false]) {
      const { row } = await line.hear(utf32(text, big));
      t.like(row, { outcome: 'failed', code: 'charset_refused' });
      t.regex(String(row.message), /UTF-32/);
    }
  }
});

for (const [what, body, title, times] of [
  ['undeclared Latin-1', Buffer.from(accented('UTF-8', 'Ñandú'), 'latin1'), 'Ñandú', 2],
  ['undeclared Windows-1252', windows1252(accented('UTF-8', '€ 5')), '€ 5', 1],
  ['more than ASCII in US-ASCII', Buffer.from(accented('US-ASCII', 'Ñandú'), 'latin1'), 'Ñandú', 2],
  [
    'one byte of Latin-1 among UTF-8',
    Buffer.from(
      Buffer.from(accented('UTF-8', 'Señor XX Ñandú')).toString('latin1').replace('XX', '\xe9'),
      'latin1',
    ),
    'Señor é Ñandú',
    1,
  ],
] as const) {
  test(`${what} affects no record, and is reported`, async (t) => {
    const line = await knownLine(t);
    const { row } = await line.hear(body);
    t.like(row, { outcome: 'absorbed', code: null, counts: { added: 3, quarantined: 0 } });
    t.like(row.findings, [{ code: 'charset_repaired', severity: 'warning', times, baseId: 'accented' }]);
    t.true((await line.titles()).includes(title), (await line.titles()).join());
  });
}

test('UTF-16 that is truncated in the middle of a character is incomplete', async (t) => {
  const line = await knownLine(t);
  const body = marked([0xff, 0xfe], Buffer.from(whole, 'utf16le'));
  const { row } = await line.hear(body.subarray(0, body.length - 1));
  t.is(row.code, 'charset_invalid');
  t.is(row.outcome, 'incomplete');
});

test('a lone surrogate in UTF-16 affects no record, and is reported', async (t) => {
  const line = await knownLine(t);
  const body = marked([0xff, 0xfe], Buffer.from(accented('UTF-16', 'half \ud83d'), 'utf16le'));
  const { row } = await line.hear(body);
  t.like(row, { outcome: 'absorbed', code: null });
  t.like(row.findings, [{ code: 'charset_repaired', severity: 'warning', times: 1 }]);
  t.true((await line.titles()).includes('half \ufffd'));
});

for (const [format, write] of Object.entries(documents) as [
  keyof typeof documents,
  (typeof documents)['csv'],
][]) {
  const mapping = format === 'json' || format === 'csv' ? feedMapping : undefined;
  const told = ['First', 'Ñandú «Café»', 'Last'];
  const text = write(told.map((title, i) => base({ id: `${i}`, title })));
  const plain: Record<string, Buffer> = {
    'UTF-8': Buffer.from(text),
    'UTF-8 with a mark': Buffer.from(`${bom}${text}`),
    'UTF-16LE': Buffer.from(text, 'utf16le'),
    'UTF-16LE with a mark': Buffer.from(`${bom}${text}`, 'utf16le'),
    'UTF-16BE': utf16be(text),
    'UTF-16BE with a mark': utf16be(`${bom}${text}`),
    'undeclared Latin-1': Buffer.from(text, 'latin1'),
  };

  test(`${format}: a feed is read in each character set and compression, whatever its headers say`, async (t) => {
    const line = await lineFor(t);
    const read = async (what: string, body: Buffer, headers: Record<string, string>): Promise<void> => {
      const { row } = await line.hear(saying(body, headers), { format, mapping });
      t.like(row, { code: null, counts: { records: 3, quarantined: 0 } }, what);
      t.deepEqual(await line.titles(), told.toSorted(), what);
    };
    for (const [charset, body] of Object.entries(plain)) {
      for (const encoding of isLong ? ['identity', 'gzip', 'deflate', 'br', 'zstd', 'gzip, br'] : ['none'])
        await read(`${charset}, ${encoding}`, body, { 'content-encoding': encoding });
      // In the short form, one format stands for all.
      if (!isLong && (format !== 'csv' || charset !== 'UTF-16LE')) continue;
      for (const [compression, compress] of Object.entries(compressions))
        await read(`${charset} in ${compression}`, compress(body), {
          'content-encoding': nameOf(compression),
        });
    }
    const headers = { 'content-type': 'text/plain; charset=windows-1252' };
    await read('the character set of the header', windows1252(text), headers);
  });
}

test('a CSV in UTF-16 without a mark, whose first character is of no other character set, needs a header', async (t) => {
  const line = await lineFor(t);
  const mapping = mappingEntry.parse({ planId: 'ид', title: 'название', start: 'начало' });
  const csv = 'название,ид,начало\r\nТрамвай,1,2021-06-30T20:00:00\r\n';
  const given = { format: 'csv', mapping } as const;
  for (const [name, body] of [
    ['utf-16le', Buffer.from(csv, 'utf16le')],
    ['utf-16be', utf16be(csv)],
  ] as const) {
    const { row } = await line.hear(body, given);
    t.like(row, { outcome: 'failed', code: 'charset_refused' });
    t.regex(String(row.message), /UTF-16 without a byte order mark/);
    for (const charset of [name, 'utf-16']) {
      const told = await line.hear(saying(body, { 'content-type': `text/csv; charset=${charset}` }), given);
      t.like(told.row, { code: null, counts: { records: 1, quarantined: 0 } }, `${name} as ${charset}`);
      t.deepEqual(await line.titles(), ['Трамвай']);
    }
  }
});
