// All events of a query as lines of JSON, in parts of some hundred: a reader of the parts holds one at a time.

import type { Edition } from './edition.ts';
import type { ListQuery } from './query.ts';
import { createEventWriter } from './render.ts';
import { nextPage } from './walk.ts';

/** Events per part; in an order other than by start, each part costs a scan. */
const linesByStart = 256;
const linesSorted = 5000;

export function* eventLines(
  edition: Edition,
  { filter, order, fields }: Pick<ListQuery, 'filter' | 'order' | 'fields'>,
): Generator<Buffer> {
  const writer = createEventWriter();
  const lines = order.by === 'start' ? linesByStart : linesSorted;
  for (let after: number | null = null; ;) {
    const refs: readonly number[] = nextPage(edition, filter, order, after, lines);
    writer.clear();
    for (const ref of refs) {
      writer.event(edition, ref, fields);
      writer.text('\n');
    }
    if (refs.length > 0) yield Buffer.from(writer.written());
    if (refs.length < lines) return;
    after = refs.at(-1) ?? null;
  }
}
