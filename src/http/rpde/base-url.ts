// The address of this service as its clients know it, for URLs in answers that must be absolute.

import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

/** Without a slash at its end. `configured`: `PUBLIC_URL`; null to take what the request was sent to. */
export function baseUrlOf({ headers, socket }: IncomingMessage, configured: string | null): string {
  if (configured !== null) return configured;
  const scheme = (socket as Partial<TLSSocket>).encrypted === true ? 'https' : 'http';
  // Only a request of HTTP/1.0, or one with an empty Host, has none.
  const host = headers.host || `${socket.localAddress}:${socket.localPort}`;
  return `${scheme}://${host}`;
}
