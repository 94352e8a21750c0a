// The links of a page to other pages, as the header Link of RFC 8288.

import type { Page } from '#/search/events/page.ts';

const paging: ReadonlySet<string | undefined> = new Set(['page', 'page_size', 'limit', 'cursor']);

/** The name may be percent-encoded; few are, and decoding takes as long as reading the whole query. */
function isPaging(part: string): boolean {
  const equals = part.indexOf('=');
  const name = equals < 0 ? part : part.slice(0, equals);
  return paging.has(name.includes('%') ? new URLSearchParams(part).keys().next().value : name);
}

/** Relative references: the query with other parameters of paging. */
export function linkOf(search: string, links: Page['links']): string {
  const others = search.split('&').filter((part) => part !== '' && !isPaging(part));
  return Object.entries(links)
    .map(([relation, own]) => {
      const query = [...others, ...Object.entries(own).map(([name, value]) => `${name}=${value}`)].join('&');
      return `</events?${query.replaceAll('>', '%3E').replaceAll('<', '%3C')}>; rel="${relation}"`;
    })
    .join(', ');
}
