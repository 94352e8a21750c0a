// An HTTPS server with a certificate of its own, which only the agent of the test trusts.

import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import { makeCertificate } from '../_support/certificate.ts';
import { directoryFor } from '../_support/directory.ts';
import type { Answer } from './_line.ts';

export interface TlsServer {
  readonly url: string;
  /** The certificate as PEM: a client that trusts it trusts the server. */
  readonly certificate: string;
}

export async function tlsServerFor(t: ExecutionContext, answer: Answer): Promise<TlsServer> {
  const directory = await directoryFor(t);
  const { cert: certificate, key } = await makeCertificate(directory, '127.0.0.1');
  const server = createServer({ key, cert: certificate }, answer);
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/feed`, certificate };
}
