// CSV: one event per row, by the mapping of the provider's entry. ops/guides/mapping.md has the rules.

import { isRefusal, refuse, type Refusal } from '#/domain/refusal.ts';
import { assert } from '#/kit/assert.ts';
import { rowsIn } from '#/provider/csv/rows.ts';
import { createRowSplitter } from '#/provider/csv/split.ts';
import { isList, type Mapping, type Source } from '#/provider/mapping.ts';
import type { Format } from '#/provider/record.ts';
import { readMapped } from './mapped.ts';
import type { JsonObject } from './members.ts';
import { unreadableRecord } from './unreadable-record.ts';

export const csv: Format = {
  read(text, reading) {
    const { mapping } = reading;
    assert(mapping !== undefined, 'an entry with the format csv has a mapping');
    const row = rowIn(text, mapping);
    if (!isRefusal(row)) return [readMapped(row, mapping, reading)];
    // A row whose quotes are not closed includes the next rows; those that are well-formed are still read.
    const [names = '', ...lines] = text.split(/\r?\n/);
    const whole = lines.map((line) => rowIn(`${names}\n${line}`, mapping)).filter(isRow);
    const others = lines.length > 1 ? whole : [];
    return [unreadableRecord(row, 0), ...others.map((one) => readMapped(one, mapping, reading))];
  },
  createSplitter(recordBytesMax, mapping) {
    assert(mapping !== undefined, 'an entry with the format csv has a mapping');
    const wanted = [mapping.planId, mapping.title, mapping.start].map(columnsOf);
    return createRowSplitter(mapping.delimiter, wanted, recordBytesMax);
  },
};

/** The columns of the second row by the names in the first. Of two columns with one name, the first counts. */
function rowIn(text: string, { delimiter }: Mapping): JsonObject | Refusal {
  const rows = rowsIn(text, delimiter);
  if (isRefusal(rows)) return rows;
  const [names = [], row = []] = rows;
  if (rows.length !== 2 || names.length !== row.length)
    return refuse('csv_malformed', `Got ${row.length} columns, expected ${names.length}.`);
  return Object.fromEntries(names.map((name, i): [string, unknown] => [name, row[i]]).toReversed());
}

const isRow = (row: JsonObject | Refusal): row is JsonObject => !isRefusal(row);

/** The columns of which one must exist; none when the value may be a constant. */
function columnsOf(source: Source): string[] {
  if (typeof source === 'string') return [source];
  if (isList(source)) {
    const lists = source.map(columnsOf);
    return lists.some((list) => list.length === 0) ? [] : lists.flat();
  }
  if ('join' in source) return source.join.slice(0, 1);
  return 'path' in source ? [source.path] : [];
}
