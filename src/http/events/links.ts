// The links of a page to other pages, as the header Link of RFC 8288.

import type { Page } from '#/search/events/page.ts';

const paging: ReadonlySet<string | undefined> = new Set(['page', 'page_size', 'limit', 'cursor']);

/** The name may be percent-encoded; few are, and decoding takes as long as reading the whole query. */
const isPaging = (name: string): boolean =>
  paging.has(name.includes('%') ? new URLSearchParams(name).keys().next().value : name);

/** Relative references: the query with other parameters of paging. */
export function linkOf(search: string, links: Page['links']): string {
  const others = othersIn(search);
  let text = '';
  for (const [relation, own] of links)
    text += `${text === '' ? '' : ', '}</events?${others}${own}>; rel="${relation}"`;
  return text;
}

/** The parameters other than those of paging, each with an ampersand behind it. */
function othersIn(search: string): string {
  let others = '';
  for (let from = 0; from < search.length;) {
    const ampersand = search.indexOf('&', from);
    const to = ampersand < 0 ? search.length : ampersand;
    const equals = search.indexOf('=', from);
    const nameEnd = equals < 0 || equals > to ? to : equals;
    if (to > from && !isPaging(search.slice(from, nameEnd))) others += search.slice(from, to) + '&';
    from = to + 1;
  }
  return others.includes('<') || others.includes('>')
    ? others.replaceAll('>', '%3E').replaceAll('<', '%3C')
    : others;
}
