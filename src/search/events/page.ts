// One page of events as the body of an answer, with what its links need.

import { refuse, type Refusal } from '#/domain/refusal.ts';
import { encodeCursor } from './cursor.ts';
import type { Edition } from './edition.ts';
import { identityOf, shape } from '#/search/rows/identity.ts';
import { keyOf, type ListQuery, type Paging } from './query.ts';
import type { EventWriter } from './render.ts';
import { pageByStart, type Counts } from './counts.ts';
import { firstInOrder } from './sorted.ts';
import { nextPage } from './walk.ts';

/** Rows up to the end of a page in an order other than by start: more are not sorted for one page. A cursor has no such limit. */
export const sortedRowsMax = 10_000;

export type Link = readonly [relation: 'first' | 'prev' | 'next' | 'last', parameters: string];

export interface Page {
  /** Valid until the writer is used again. */
  readonly body: Buffer;
  /** With the query it determines the body: pages with the same events have the same identity in any version. */
  readonly identity: string;
  /** The parameters of paging that lead to other pages, as part of a query. */
  readonly links: readonly Link[];
}

/** `after`: the event returned last, as a cursor says; null for the first page. */
export function pageByCursor(
  edition: Edition,
  { filter, order, fields }: ListQuery,
  limit: number,
  after: number | null,
  writer: EventWriter,
): Page {
  // One more than asked for shows whether there is a next page.
  const found = nextPage(edition, filter, order, after, limit + 1);
  const refs = found.slice(0, limit);
  const last = refs.at(-1);
  const next =
    found.length > limit && last !== undefined
      ? encodeCursor({ version: edition.version, tag: edition.tag, after: last }, keyOf(filter, order))
      : null;
  const own = `limit=${limit}`;
  const first: Link = ['first', own];
  if (next === null)
    return {
      body: bodyOf(edition, refs, fields, writer, '"next_cursor":null'),
      identity: identityOf(edition, refs),
      links: [first],
    };
  return {
    body: bodyOf(edition, refs, fields, writer, `"next_cursor":"${next}"`),
    // The body names its version, so another version never has the same one.
    identity: `${shape} ${edition.version} ${edition.tag}`,
    links: [first, ['next', `${own}&cursor=${next}`]],
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
  const linkTo = (relation: Link[0], number: number): Link => [relation, `page=${number}&page_size=${size}`];
  return {
    body: bodyOf(edition, refs, fields, writer, totals),
    identity: `${identityOf(edition, refs)} ${counts.total}`,
    links: [
      linkTo('first', 1),
      ...(page > 1 ? [linkTo('prev', Math.max(1, Math.min(page - 1, pages)))] : []),
      ...(page < pages ? [linkTo('next', page + 1)] : []),
      linkTo('last', Math.max(1, pages)),
    ],
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
  writer.events(edition, refs, fields);
  writer.text(`],${rest}},"error":null}`);
  return writer.written();
}
