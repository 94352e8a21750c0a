// The rows in a CSV text, read by csv-parse. It is loaded with the first row: most providers have no CSV.

import { createRequire } from 'node:module';
import type * as csvParse from 'csv-parse/sync';
import { messageOf } from '#/kit/errors.ts';
import { isRefusal, refuse, type Refusal } from '#/domain/refusal.ts';

const load = createRequire(import.meta.url);
let parse: typeof csvParse.parse | null = null;

/**
 * The columns of each row. A quote inside of a column without quotes is a character like any other, if the row is in one line;
 * otherwise the quote may belong to the row before.
 */
export function rowsIn(text: string, delimiter: string): string[][] | Refusal {
  const strict = rowsFrom(text, delimiter, false);
  const hasStray = isRefusal(strict) && strict.message.startsWith('Invalid Opening Quote');
  return hasStray && text.split('\n').length <= 2 ? rowsFrom(text, delimiter, true) : strict;
}

function rowsFrom(text: string, delimiter: string, relaxed: boolean): string[][] | Refusal {
  parse ??= (load('csv-parse/sync') as typeof csvParse).parse;
  const options = { relax_column_count: true, skip_empty_lines: true, relax_quotes: relaxed };
  try {
    return parse(text, { delimiter, ...options });
  } catch (error) {
    return refuse('csv_malformed', messageOf(error));
  }
}
