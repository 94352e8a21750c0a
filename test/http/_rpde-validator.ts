// OpenActive's own validator of RPDE feeds, without the findings that say nothing about a feed.

import { RpdeValidator, type Finding } from '@openactive/rpde-validator';

const pagesMax = 1000;

/**
 * What the validator finds in the feed from `url` to its last page. `changing`: the feed changes meanwhile. Throws when it does not
 * reach the last page.
 */
export async function validate(url: string, { changing = false } = {}): Promise<string[]> {
  let last: string | null = null;
  const { pages } = await RpdeValidator(url, {
    pageLimit: pagesMax,
    logCallback({ message }) {
      last = /^(.*) is the last page$/.exec(message)?.[1] ?? last;
    },
  });
  // A page that it cannot read ends its walk in silence.
  if (last === null) throw new Error(`Got no last page behind ${pages.at(-1)?.url ?? url}.`);
  const isAllowed = (finding: Finding, at: string): boolean =>
    isPrompt(finding) ||
    (at === last && isAgeOfLastPage(finding)) ||
    (changing && (isRepeatedChange(finding) || isShortPage(finding)));
  return pages.flatMap((page) =>
    page.errors
      .filter((finding) => !isAllowed(finding, page.url))
      .map(({ severity, rule, type, message }) => `${severity} ${rule} ${type}, ${page.url}: ${message}`),
  );
}

/** Each feed gets one of two suggestions about its data: that it uses OpenActive's models, or that it does not. */
const isPrompt = ({ severity, rule, type }: Finding): boolean =>
  severity === 'suggestion' && rule === 'ItemDataPromptRule' && type === 'no_modelling_data';

/**
 * The walk checks the headers of a page before it knows whether the page is the last one, so it demands an hour of the last page too.
 * Its two other reads of the last page demand 8 seconds at most, as the rule says.
 */
const isAgeOfLastPage = ({ severity, rule, type, message }: Finding): boolean =>
  severity === 'warning' &&
  rule === 'HttpCacheHeaderRule' &&
  type === 'missing_cache_control' &&
  message.includes('for all pages except the last page') &&
  message.endsWith('`"public, max-age=8"`');

/** By its own words the rule does not hold for an item that changes during the walk. `_rpde-rules.ts` has the one that does. */
const isRepeatedChange = ({ rule, type }: Finding): boolean =>
  rule === 'DuplicateItemsRule' && type === 'no_duplicate_items';

/** A page with the newest changes is short, and another one follows it when something changes before that is read. */
const isShortPage = ({ severity, rule, type }: Finding): boolean =>
  severity === 'warning' && rule === 'MinimumItemsRule' && type === 'minimum_items_per_page';
