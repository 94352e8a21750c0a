// A plain port that leads every client to TLS.

import type { Server } from 'node:http';
import { createConformingServer } from './conformance.ts';

/** `port`: that of TLS. The redirection keeps the method (308), and names the host that the client named. */
export function createRedirectServer(port: number): Server {
  return createConformingServer(
    { headersTimeout: 5000, requestTimeout: 10_000, connectionsCheckingInterval: 1000 },
    { methods: 'GET, HEAD, OPTIONS', takesBodies: false },
    (request, response) => {
      const host = (request.headers.host ?? '').replace(/:\d*$/, '') || 'localhost';
      const authority = port === 443 ? host : `${host}:${port}`;
      response.writeHead(308, {
        Location: `https://${authority}${request.url ?? '/'}`,
        'Content-Length': 0,
        Connection: 'close',
      });
      response.end();
    },
  );
}
