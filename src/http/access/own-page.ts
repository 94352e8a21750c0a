// Whether a browser sent a request for a page of this port itself.

import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/**
 * The origin is that of the port, by its Host. Where no credential is needed (`isOpen`), the host must also be `localhost` or an
 * address: a page of another site can make its own name lead to this host, and then has the same origin as this port.
 */
export function isOwnPage({ origin, host }: IncomingHttpHeaders, isOpen: boolean): boolean {
  if (origin === undefined || host === undefined) return false;
  if (origin !== `http://${host}` && origin !== `https://${host}`) return false;
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return !isOpen || name === 'localhost' || isIP(name) !== 0;
}
