// An HTTPS server with a certificate of its own, which only the agent of the test trusts.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ExecutionContext } from 'ava';
import { directoryFor } from '../_support/directory.ts';
import type { Answer } from './_line.ts';

export interface TlsServer {
  readonly url: string;
  /** The certificate as PEM: a client that trusts it trusts the server. */
  readonly certificate: string;
}

export async function tlsServerFor(t: ExecutionContext, answer: Answer): Promise<TlsServer> {
  const directory = await directoryFor(t);
  const [keyFile, certFile] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const named = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const files = ['-keyout', keyFile, '-out', certFile];
  await promisify(execFile)('openssl', ['req', '-x509', ...made, ...named, ...files]);
  const certificate = await readFile(certFile, 'utf8');
  const server = createServer({ key: await readFile(keyFile), cert: certificate }, answer);
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/feed`, certificate };
}
