// The plain port of an API worker, which leads every client to TLS.

import type { Server } from 'node:http';
import type { Config } from '#/config.ts';
import { cannotListen } from '#/http/listen.ts';
import { createRedirectServer } from '#/http/protocol/redirect-server.ts';
import type { Log } from '#/telemetry/log.ts';

const connectionsMax = 1000;

/** Null when no plain port is configured. One that cannot be opened is logged: the search API answers without it. */
export function listenForRedirect(
  { host, port, tls: { redirectPort } }: Pick<Config, 'host' | 'port' | 'tls'>,
  log: Log,
): Server | null {
  if (redirectPort === null) return null;
  const server = createRedirectServer(port);
  server.maxConnections = connectionsMax;
  server.on('error', (error) => log.error(cannotListen('TLS_REDIRECT_PORT', host, redirectPort, error)));
  return server.listen(redirectPort, host);
}
