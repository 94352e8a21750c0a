// The links of a page to other pages, as the header Link of RFC 8288.

import type { Page } from '#/search/events/page.ts';

const paging: ReadonlySet<string | undefined> = new Set(['page', 'page_size', 'limit', 'cursor']);

/** The name may be percent-encoded. */
const isPaging = (part: string): boolean => paging.has(new URLSearchParams(part).keys().next().value);

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
