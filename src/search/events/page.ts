// One page of events as the body of an answer, with what its links need.

import { refuse, type Refusal } from '#/domain/refusal.ts';
import { encodeCursor } from './cursor.ts';
import type { Edition } from './edition.ts';
import type { ListQuery, Paging } from './query.ts';
import type { EventWriter } from './render.ts';
import { pageByStart, type Counts } from './counts.ts';
import { firstInOrder } from './sorted.ts';
import { nextPage } from './walk.ts';

/** Rows up to the end of a page in an order other than by start: more are not sorted for one page. A cursor has no such limit. */
export const sortedRowsMax = 10_000;

export interface Page {
  /** Valid until the writer is used again. */
  readonly body: Buffer;
  /** Whether the body names its version, so that another version never has the same body. */
  readonly isVersioned: boolean;
  /** The parameters of paging that lead to other pages. */
  readonly links: Readonly<Partial<Record<'first' | 'prev' | 'next' | 'last', Record<string, string>>>>;
}

/** `after`: the event returned last, as a cursor says; null for the first page. `key`: see `keyOf`. */
export function pageByCursor(
  edition: Edition,
  { filter, order, fields }: ListQuery,
  limit: number,
  after: number | null,
  key: string,
  writer: EventWriter,
): Page {
  // One more than asked for shows whether there is a next page.
  const found = nextPage(edition, filter, order, after, limit + 1);
  const refs = found.slice(0, limit);
  const last = refs.at(-1);
  const next =
    found.length > limit && last !== undefined
      ? encodeCursor({ version: edition.version, tag: edition.tag, after: last }, key)
      : null;
  const body = bodyOf(edition, refs, fields, writer, `"next_cursor":${JSON.stringify(next)}`);
  const first = { limit: String(limit) };
  const isVersioned = next !== null;
  return {
    body,
    isVersioned,
    links: next === null ? { first } : { first, next: { ...first, cursor: next } },
  };
}

export function pageByNumber(
  edition: Edition,
  { filter, order, fields }: ListQuery,
  { page, size }: Extract<Paging, { kind: 'page' }>,
  counts: Counts,
  writer: EventWriter,
): Page | Refusal {
  const offset = (page - 1) * size;
  const pages = Math.ceil(counts.total / size);
  const byStart = order.by === 'start';
  if (!byStart && offset + size > sortedRowsMax)
    return refuse(
      'page_too_deep',
      `Got a page that ends at row ${offset + size}, expected at most ${sortedRowsMax} with this sort_by; limit and cursor go further.`,
    );
  const refs =
    offset >= counts.total
      ? []
      : byStart
        ? pageByStart(edition, filter, order.descending, counts, offset, size)
        : firstInOrder(edition, filter, order, null, offset + size).slice(offset);
  const totals = `"page":${page},"page_size":${size},"total_rows":${counts.total},"total_pages":${pages}`;
  const linkTo = (number: number): Record<string, string> => ({
    page: String(number),
    page_size: String(size),
  });
  return {
    body: bodyOf(edition, refs, fields, writer, totals),
    isVersioned: false,
    links: {
      first: linkTo(1),
      ...(page > 1 ? { prev: linkTo(Math.max(1, Math.min(page - 1, pages))) } : {}),
      ...(page < pages ? { next: linkTo(page + 1) } : {}),
      last: linkTo(Math.max(1, pages)),
    },
  };
}

function bodyOf(
  edition: Edition,
  refs: readonly number[],
  fields: ListQuery['fields'],
  writer: EventWriter,
  rest: string,
): Buffer {
  writer.clear();
  writer.text('{"data":{"events":[');
  for (let i = 0; i < refs.length; i++) {
    if (i > 0) writer.text(',');
    writer.event(edition, refs[i] as number, fields);
  }
  writer.text(`],${rest}},"error":null}`);
  return writer.written();
}
