import test from 'ava';
import { fieldOf, packTexts, rowCount } from '#/domain/packed/texts.ts';

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
