// TLS of both ports: versions, suites, certificates that change, client certificates, and the plain port that redirects.

import { once } from 'node:events';
import type { Server } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect, type ConnectionOptions, type Server as TlsServer, type TLSSocket } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import { createAdminServer } from '#/http/admin.ts';
import type { AdminDeps } from '#/http/admin/deps.ts';
import { createRedirectServer } from '#/http/protocol/redirect-server.ts';
import { secureOptions, type TlsFiles } from '#/kit/tls.ts';
import { clientOf } from '../_support/api.ts';
import { makeCertificate, type Certificate } from '../_support/certificate.ts';
import { directoryFor } from '../_support/directory.ts';

const filesOf = ({ cert, key }: Certificate, clientCa: string | null = null): TlsFiles => ({
  cert,
  key,
  clientCa,
});
const deps = {
  ready: () => true,
  status: () => ({ version: 7 }),
  providers: () => new Map(),
} as unknown as AdminDeps;

async function securedFor(t: ExecutionContext, tls: TlsFiles): Promise<{ server: Server; port: number }> {
  const server = createAdminServer(deps, undefined, tls);
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

/** The connection, or the code of its failure. */
async function handshake(port: number, options: ConnectionOptions): Promise<TLSSocket | string> {
  const socket = connect({ port, host: '127.0.0.1', ...options });
  try {
    await once(socket, 'secureConnect');
    return socket;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
}

function get(port: number, options: ConnectionOptions & { readonly agent?: Agent }): Promise<Got> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path: '/status', ...options }, (answer) => {
      answer.resume().on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers }));
    });
    asked.on('error', reject).end();
  });
}

test('versions below 1.2 and weak suites are refused; answers say that TLS is required', async (t) => {
  const own = await makeCertificate(await directoryFor(t), 'own');
  const { port } = await securedFor(t, filesOf(own));
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const socket = await handshake(port, { ca: own.cert, minVersion: version, maxVersion: version });
    if (typeof socket === 'string') t.fail(socket);
    else {
      t.is(socket.getProtocol(), version);
      t.regex(socket.getCipher().standardName, /GCM|CHACHA20/);
      socket.destroy();
    }
  }
  for (const version of ['TLSv1', 'TLSv1.1'] as const) {
    const old = { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' } as const;
    t.is(typeof (await handshake(port, { ca: own.cert, ...old })), 'string', version);
  }
  for (const suite of ['AES128-SHA', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA384', 'NULL-SHA256'])
    t.is(
      typeof (await handshake(port, {
        ca: own.cert,
        maxVersion: 'TLSv1.2',
        ciphers: `${suite}:@SECLEVEL=0`,
      })),
      'string',
      suite,
    );
  const { status, headers } = await get(port, { ca: own.cert });
  t.is(status, 200);
  t.is(headers['strict-transport-security'], 'max-age=31536000');
});

test('a request without TLS gets no answer of the application', async (t) => {
  const { server } = await securedFor(t, filesOf(await makeCertificate(await directoryFor(t), 'own')));
  const client = await clientOfListening(server);
  await t.throwsAsync(fetch(`${client}/livez`));
});

const clientOfListening = (server: Server): Promise<string> =>
  Promise.resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

test('a new certificate is used for new connections, and open ones continue', async (t) => {
  const directory = await directoryFor(t);
  const [old, next] = [await makeCertificate(directory, 'old'), await makeCertificate(directory, 'next')];
  const { server, port } = await securedFor(t, filesOf(old));
  const kept = new Agent({ keepAlive: true, maxSockets: 1, ca: old.cert });
  t.teardown(() => kept.destroy());
  t.is((await get(port, { agent: kept })).status, 200);
  (server as Server & TlsServer).setSecureContext(secureOptions(filesOf(next)));
  t.is((await get(port, { agent: kept })).status, 200, 'the open connection');
  t.is((await get(port, { ca: next.cert })).status, 200);
  await t.throwsAsync(get(port, { ca: old.cert }));
});

test('with authorities of clients, a connection needs a certificate of one of them', async (t) => {
  const directory = await directoryFor(t);
  const [own, operator, stranger] = [
    await makeCertificate(directory, 'own'),
    await makeCertificate(directory, 'operator'),
    await makeCertificate(directory, 'stranger'),
  ];
  const { port } = await securedFor(t, filesOf(own, operator.cert));
  t.is((await get(port, { ca: own.cert, cert: operator.cert, key: operator.key })).status, 200);
  await t.throwsAsync(get(port, { ca: own.cert }));
  await t.throwsAsync(get(port, { ca: own.cert, cert: stranger.cert, key: stranger.key }));
});

test('the plain port redirects to the same URL over TLS, and nowhere else', async (t) => {
  const { get: ask, raw } = await clientOf(t, createRedirectServer(8443));
  const answer = await ask('/search?starts_at=2021-06-30');
  t.is(answer.status, 308);
  t.is(answer.headers.get('location'), 'https://127.0.0.1:8443/search?starts_at=2021-06-30');
  for (const [host, location] of [
    ['shop.example:80', 'https://shop.example:8443/x'],
    ['[::1]:80', 'https://[::1]:8443/x'],
  ])
    t.regex(
      await raw(`GET /x HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
      RegExp(`\r\nLocation: ${location!.replaceAll(/[[\]]/g, '\\$&')}\r\n`),
    );
  for (const host of ['evil.example/', 'a@evil.example', 'a b', 'evil.example\\', ''])
    t.notRegex(
      await raw(`GET //evil HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
      /Location: https?:\/\/(?:[^/]*@)?evil/,
      host,
    );
  t.regex(await raw('GET / HTTP/1.0\r\n\r\n'), /Location: https:\/\/localhost:8443\//);
});
