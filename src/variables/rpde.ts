// The variables of the feed at /rpde/events.

import { httpUrl } from '#/kit/command-line/variable.ts';
import { entry } from './entry.ts';

export const rpdeVariables = {
  PUBLIC_URL: entry(
    httpUrl,
    'http(s) URL',
    'as each request says',
    'address of the search API as clients know it, which links of /rpde/events begin with; needed behind a proxy that ends TLS',
  ),
  RPDE_LICENSE: entry(
    httpUrl,
    'http(s) URL',
    'none',
    'licence of the events, which pages of /rpde/events name; the standard requires one',
  ),
};
