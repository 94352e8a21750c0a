import { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import { fieldOf, packTexts, rowCount } from '#/domain/packed/texts.ts';
import { packZones } from '#/domain/packed/zone-bytes.ts';
import { packedQuery } from '#/archive/sqlite/packed-rows.ts';
import { sqliteOn } from '#/archive/sqlite/database.ts';
import { seededFor } from '../../_support/random.ts';

test('fields are unpacked as they were packed; null is an empty text', (t) => {
  const rows = [
    ['a', null, '🎭'],
    ['', 'line\nbreak', '\u0000'],
  ];
  const packed = structuredClone(packTexts(3, rows));
  t.is(rowCount(packed), 2);
  t.deepEqual(
    rows.map((row, i) => row.map((_, column) => fieldOf(packed, i, column))),
    [
      ['a', '', '🎭'],
      ['', 'line\nbreak', '\u0000'],
    ],
  );
  t.is(rowCount(packTexts(3, [])), 0);
});

test('rows that SQLite joins are packed as those that are packed one by one', (t) => {
  const random = seededFor(t);
  const database = new DatabaseSync(':memory:');
  database.exec('create table one (n integer primary key, a text, b text, c integer, zones blob)');
  const stored = (text: string): Uint8Array => Buffer.from([1, text.length, 0, 0, 0, ...Buffer.from(text)]);
  // The last length is beyond the last code point.
  const lengths = [0, 1, 127, 128, 1023, 1024, 0x11_0000];
  const text = (): string =>
    random.pick(['a', '\u0000', '\u00e9', '🎭']).repeat(random.pick(lengths.slice(0, 6)));
  const zones = (): string | Uint8Array | null =>
    random.pick([null, '', text(), stored('[]'), Buffer.alloc(random.pick(lengths), 0x80)]);
  const rows = Array.from({ length: 200 }, () => [
    text(),
    random.chance(0.5) ? null : text(),
    random.int(0, 2 ** 40),
  ]);
  for (const length of lengths) rows.push(['a'.repeat(length), 'b', 1]);
  const allZones = rows.map(zones);
  const insert = database.prepare('insert into one (a, b, c, zones) values (?, ?, ?, ?)');
  for (const [i, row] of rows.entries()) insert.run(...row, allZones[i] ?? null);

  const columns = ['a', 'b', 'c'];
  const select = 'select a, b, cast(c as text) as c, zones from one where n > ? order by n';
  const sqlite = sqliteOn(database);
  const query = { parameters: [0], rows: null, packedColumns: columns.length };
  const texts = packTexts(
    3,
    rows.map((row) => row.map((field) => (field === null ? null : String(field)))),
  );
  const both = sqlite.execute({ ...query, sql: packedQuery(select, columns, true) });
  t.true(isDeepStrictEqual(both.packed, texts));
  t.true(isDeepStrictEqual(both.zones, packZones(allZones)));
  const without = sqlite.execute({ ...query, sql: packedQuery(select, columns, false) });
  t.true(isDeepStrictEqual(without.packed, texts));
  t.is(without.zones, null);
  const none = sqlite.execute({
    ...query,
    sql: packedQuery(select, columns, true),
    parameters: [rows.length],
  });
  t.true(isDeepStrictEqual(none.packed, packTexts(3, [])));
  t.true(isDeepStrictEqual(none.zones, packZones([])));
  sqlite.close();
});
