// Requests of an attacker, as bytes: shapes that two servers may read differently, and a grammar of mutated requests.

import { connect } from 'node:net';
import type { Random } from '../_support/random.ts';

/** Everything that comes back within `withinMs`, or until the connection closes. */
export function exchange(port: number, bytes: string, withinMs = 5000): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.from(bytes, 'latin1')));
    const timer = setTimeout(() => socket.destroy(), withinMs);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).toString('latin1'));
    });
  });
}

export const statusesIn = (text: string): number[] =>
  Array.from(text.matchAll(/(?:^|\n|\})HTTP\/1\.[01] (\d{3}) /g), ([, status]) => Number(status));

/** A request that must never be read as one: it is hidden in the body of another. */
const hidden = 'GET /smuggled HTTP/1.1\r\nHost: x\r\nX: ';
const chunk = `${Buffer.byteLength(hidden).toString(16)}\r\n${hidden}\r\n0\r\n\r\n`;

/** By name. `HEADERS` stands for further headers, such as a credential. */
export const smuggled: Readonly<Record<string, string>> = {
  'a length and chunks': `POST /search HTTP/1.1\r\nHost: x\r\nHEADERSContent-Length: ${hidden.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'chunks and a length': `POST /search HTTP/1.1\r\nHost: x\r\nHEADERSTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n${chunk}`,
  'two transfer encodings': `POST /search HTTP/1.1\r\nHost: x\r\nHEADERSTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n${hidden}`,
  'two transfer encodings, the first unknown': `POST /search HTTP/1.1\r\nHost: x\r\nHEADERSTransfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n${chunk}`,
  'a misspelt transfer encoding': `POST /search HTTP/1.1\r\nHost: x\r\nHEADERSTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`,
  'a blank before the colon': `POST /search HTTP/1.1\r\nHost: x\r\nHEADERSTransfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${hidden}`,
  'a tab in the transfer encoding': `POST /search HTTP/1.1\r\nHost: x\r\nHEADERSTransfer-Encoding:\tchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${hidden}`,
  'a vertical tab in the transfer encoding': `POST /search HTTP/1.1\r\nHost: x\r\nHEADERSTransfer-Encoding: \x0bchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${hidden}`,
  'a folded header': `POST /search HTTP/1.1\r\nHost: x\r\nHEADERSX: y\r\n Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${hidden}`,
  'a bare line feed after a header': `POST /search HTTP/1.1\r\nHost: x\r\nHEADERSX: y\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${hidden}`,
  'a bare carriage return in a header': `POST /search HTTP/1.1\r\nHost: x\r\nHEADERSX: y\rTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${hidden}`,
  'two lengths': `POST /search HTTP/1.1\r\nHost: x\r\nHEADERSContent-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
  'a length with a sign': `POST /search HTTP/1.1\r\nHost: x\r\nHEADERSContent-Length: +${hidden.length}\r\n\r\n${hidden}`,
  'a length in hex': `POST /search HTTP/1.1\r\nHost: x\r\nHEADERSContent-Length: 0x0\r\n\r\n${hidden}`,
  'a body of GET': `GET /search HTTP/1.1\r\nHost: x\r\nHEADERSContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
  'chunks of GET with extensions': `GET /search HTTP/1.1\r\nHost: x\r\nHEADERSTransfer-Encoding: chunked\r\n\r\n${chunk.replace('\r\n', `;a="\r\n`)}`,
  'a chunk extension with a bare line feed': `POST /search HTTP/1.1\r\nHost: x\r\nHEADERSTransfer-Encoding: chunked\r\n\r\n2;\nxx\r\n${hidden.length.toString(16)}\r\n0\r\n\r\n${hidden}`,
  'a chunk size that overflows': `POST /search HTTP/1.1\r\nHost: x\r\nHEADERSTransfer-Encoding: chunked\r\n\r\nffffffffffffffff0\r\n${hidden}`,
  'a chunk that is longer than it says': `POST /search HTTP/1.1\r\nHost: x\r\nHEADERSTransfer-Encoding: chunked\r\n\r\n1\r\nxx${hidden}`,
  'an upgrade to HTTP/2': `GET /search HTTP/1.1\r\nHost: x\r\nHEADERSConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
  'a request in the target': `GET /search%20HTTP/1.1%0d%0aHost:x%0d%0a%0d%0aGET%20/smuggled HTTP/1.1\r\nHost: x\r\nHEADERSContent-Length: 0\r\n\r\n`,
};

const paths = [
  '/search',
  '/events',
  '/events/histogram',
  '/docs',
  '/openapi.json',
  '/',
  '/changes',
  '/docs/assets/swagger-ui.css',
  '/livez',
];
const names = [
  'starts_at',
  'ends_at',
  'limit',
  'cursor',
  'page',
  'fields',
  'q',
  'tz',
  '__proto__',
  'constructor[prototype]',
  'toString',
  'starts_at[]',
  '',
];
const values = [
  '2021-01-01',
  '2021-06-30T00:00:00Z',
  '9'.repeat(400),
  '-1',
  '1e309',
  'NaN',
  '%00',
  '%FF',
  '%E0%A4%A',
  '../../etc/passwd',
  '..%2f..%2f',
  "' or 1=1--",
  '${jndi:ldap://x}',
  '{"$gt":""}',
  '<script>',
  '%0d%0aSet-Cookie:x',
  '\u00e9',
  '[object Object]',
  '',
];
const methods = [
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PATCH',
  'CONNECT',
  'get',
  'G\u00c9T',
  'PRI',
  '',
];
const versions = ['HTTP/1.0', 'HTTP/2.0', 'HTTP/1.2', 'HTTP/0.9', 'http/1.1', ''];
const headers = [
  'Accept-Encoding: gzip', 'Accept-Encoding: gzip;q=0, *;q=1e9', 'If-None-Match: *', 'If-None-Match: "x", W/"y"', 'If-Match: *',
  'Range: bytes=0-', 'Expect: 100-continue', 'Expect: tea', 'Content-Length: 0', 'Content-Length: 5', 'Content-Length: -1',
  'Transfer-Encoding: chunked', 'Connection: Upgrade', 'Upgrade: websocket', 'Origin: null', 'Cookie: a=b', 'X-Request-Id: \u001b[31m',
  'X-Forwarded-For: 127.0.0.1', 'Authorization: Bearer', 'Authorization: Bearer a.b.c', 'X-API-Key: x', 'traceparent: 00-x',
  'Accept: application/x-ndjson', 'Host: y', `X: ${'y'.repeat(3000)}`, '__proto__: x', ': x', 'X', ' folded',
]; // prettier-ignore

/** A request that is nearly valid: a method, a path with a query, headers; then some of its bytes are changed. */
export function mutatedRequest(random: Random, credential: string): string {
  const query = Array.from(
    { length: random.int(0, 3) },
    () => `${random.pick(names)}=${random.pick(values)}`,
  );
  const target =
    random.pick(paths) + (random.chance(0.2) ? random.pick(['/', '//', '/..', ';x', '%2f', '/%00']) : '');
  const url = query.length === 0 ? target : `${target}?${query.join(random.pick(['&', '&', ';', '&&']))}`;
  const lines = [
    `${random.chance(0.8) ? 'GET' : random.pick(methods)} ${url} ${random.chance(0.85) ? 'HTTP/1.1' : random.pick(versions)}`,
    'Host: x',
    'Connection: close',
  ];
  if (random.chance(0.7)) lines.push(`X-API-Key: ${credential}`);
  for (let i = random.pick([0, 0, 1, 2]); i > 0; i--) lines.push(random.pick(headers));
  let text = `${lines.join(random.chance(0.05) ? '\n' : '\r\n')}\r\n\r\n`;
  for (let i = random.chance(0.25) ? random.int(1, 3) : 0; i > 0; i--) {
    const at = random.int(0, text.length - 1);
    const put = random.pick([
      '',
      '\0',
      '\r',
      '\n',
      '\xff',
      ' ',
      '%',
      text.charAt(at) + text.charAt(at),
      ':',
      '\t',
    ]);
    text = text.slice(0, at) + put + text.slice(at + 1);
  }
  return text;
}
