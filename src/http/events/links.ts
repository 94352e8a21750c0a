// The links of a page to other pages, as the header Link of RFC 8288.

import type { Page } from '#/search/events/page.ts';

/** Relative references: the query with other parameters of paging. */
export function linkOf(search: string, links: Page['links']): string {
  const isPaging = /^(?:page|page_size|limit|cursor)=/;
  const others = search.split('&').filter((part) => part !== '' && !isPaging.test(part));
  return Object.entries(links)
    .map(([relation, paging]) => {
      const query = [...others, ...Object.entries(paging).map(([name, value]) => `${name}=${value}`)].join(
        '&',
      );
      return `</events?${query.replaceAll('>', '%3E').replaceAll('<', '%3C')}>; rel="${relation}"`;
    })
    .join(', ');
}
