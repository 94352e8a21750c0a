// Where a feed may redirect to: the same origin, the same host from http to https, and hosts in the provider's entry; from a public
// host never to a private one.

import { FeedFault } from '#/provider/fault.ts';
import type { Provider } from '#/provider/provider.ts';
import { isPrivateHost } from './addresses.ts';

export const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
export const redirectsMax = 5;

/** `visited`: every URL requested so far, in order. Throws FeedFault, `redirect_refused`. */
export function redirected(
  visited: readonly URL[],
  location: string,
  { redirectHosts, privateAddresses = false }: Pick<Provider, 'redirectHosts' | 'privateAddresses'>,
): URL {
  const from = visited.at(-1) as URL;
  const to = URL.parse(location, from);
  if (to === null || !/^https?:$/.test(to.protocol)) throw refused(from, to, 'an http(s) URL');
  // Credentials come from the providers file, never from a response.
  Object.assign(to, { username: '', password: '', hash: '' });
  if (from.protocol === 'https:' && to.protocol === 'http:') throw refused(from, to, 'https to stay https');
  const isUpgrade = from.hostname === to.hostname && from.protocol === 'http:' && to.protocol === 'https:';
  const isNamed = redirectHosts.includes(to.host) || redirectHosts.includes(to.hostname);
  if (to.origin !== from.origin && !isUpgrade && !isNamed)
    throw refused(from, to, 'the same host, or one of redirectHosts');
  const isInside = privateAddresses || isPrivateHost(visited[0]?.hostname ?? '');
  if (isPrivateHost(to.hostname) && !isInside) throw refused(from, to, 'a public host');
  if (visited.some(({ href }) => href === to.href))
    throw new FeedFault('redirect_refused', `Got a redirect back to a URL on ${to.origin}, expected a feed.`);
  if (visited.length > redirectsMax)
    throw new FeedFault('redirect_refused', `Got more than ${redirectsMax} redirects.`);
  return to;
}

/** Shows origins only, since a path or query may contain a secret. */
const refused = (from: URL, to: URL | null, expected: string): FeedFault =>
  new FeedFault(
    'redirect_refused',
    `Got a redirect from ${from.origin} to ${to === null ? 'an invalid URL' : originOf(to)}, expected ${expected}.`,
  );

/** `URL.origin` is "null" for schemes such as `ftps:`. */
const originOf = ({ origin, protocol, host }: URL): string =>
  origin === 'null' ? `${protocol}//${host}` : origin;
