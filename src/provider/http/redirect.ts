// Where a feed may have moved to: the same host, from http to https too, and hosts that the provider's entry names.

import { FeedFault } from '#/provider/fault.ts';

export const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
export const redirectsMax = 5;

/** `visited`: every URL asked so far, the first one first. Throws FeedFault, `redirect_refused`. */
export function redirected(visited: readonly URL[], location: string, redirectHosts: readonly string[]): URL {
  const from = visited.at(-1) as URL;
  const to = URL.parse(location, from);
  if (to === null || !/^https?:$/.test(to.protocol)) throw refused(from, to, 'an http(s) URL');
  // What identifies us is in the providers file, never in an answer.
  Object.assign(to, { username: '', password: '', hash: '' });
  if (from.protocol === 'https:' && to.protocol === 'http:') throw refused(from, to, 'https to stay https');
  const isUpgrade = from.hostname === to.hostname && from.protocol === 'http:' && to.protocol === 'https:';
  const isNamed = redirectHosts.includes(to.host) || redirectHosts.includes(to.hostname);
  if (to.origin !== from.origin && !isUpgrade && !isNamed)
    throw refused(from, to, 'the same host, or one of redirectHosts');
  if (visited.some(({ href }) => href === to.href))
    throw new FeedFault('redirect_refused', `Got a redirect back to a URL on ${to.origin}, expected a feed.`);
  if (visited.length > redirectsMax)
    throw new FeedFault('redirect_refused', `Got more than ${redirectsMax} redirects.`);
  return to;
}

/** Origins only: a path or a query may hold a secret. */
const refused = (from: URL, to: URL | null, expected: string): FeedFault =>
  new FeedFault(
    'redirect_refused',
    `Got a redirect from ${from.origin} to ${to === null ? 'what is no URL' : originOf(to)}, expected ${expected}.`,
  );

/** `URL.origin` is "null" where the scheme is not one of the web's. */
const originOf = ({ origin, protocol, host }: URL): string =>
  origin === 'null' ? `${protocol}//${host}` : origin;
