// Methods, headers and bodies: what makes a message malformed, and what a server must ignore.

import type { ExecutionContext } from 'ava';
import type { Answer } from './_answers.ts';
import { found, host, malformed, request, type Row } from './_rfc-row.ts';

const unexpected = { status: 400, code: 'body_unexpected', kept: false } as const;

/** For both ports; PATH is a path that answers 200. */
export const messageRows: Row[] = [
  ...[
    ['FETCH PATH HTTP/1.1', 501],
    ['get PATH HTTP/1.1', 501],
    ['GETX PATH HTTP/1.1', 501],
    ['TRACE PATH HTTP/1.1', 405],
    ['PROPFIND PATH HTTP/1.1', 405],
    ['PUT PATH HTTP/1.1', 405],
  ].map(([line, status]) => ({
    section: '9110/9.1',
    title: String(line),
    bytes: request(String(line), host),
    status: Number(status),
    code: status === 501 ? 'method_unknown' : 'method_not_allowed',
    kept: status === 405,
    check: (t: ExecutionContext, { headers }: Answer) =>
      t.is(headers.get('allow'), status === 405 ? 'GET, HEAD' : undefined),
  })),
  ...[
    [' GET PATH HTTP/1.1', host],
    ['GET  PATH  HTTP/1.1 ', host],
    ['GET PATH?a b HTTP/1.1', host],
    ['GET PATH HTTP/1.1', 'Host : x'],
    ['GET PATH HTTP/1.1', ' Host: x'],
    ['GET PATH HTTP/1.1', host, 'X: a', ' folded'],
    ['GET PATH HTTP/1.1', host, 'X: a\rb'],
    ['GET PATH HTTP/1.1', host, 'X: a\0b'],
    ['GET PATH HTTP/1.1', host, 'X'],
    ['GET PATH HTTP/1.1', host, ': x'],
    ['GET PATH HTTP/1.1', host, 'X Y: x'],
    ['GET PATH HTTP/1.1', host, 'Content-Length: -1'],
    ['GET PATH HTTP/1.1', host, 'Content-Length: 1, 2'],
    ['GET PATH HTTP/1.1', host, 'Content-Length: 99999999999999999999999'],
    ['POST PATH HTTP/1.1', host, 'Content-Length: 1', 'Content-Length: 2'],
    ['POST PATH HTTP/1.1', host, 'Content-Length: 1', 'Transfer-Encoding: chunked'],
    ['POST PATH HTTP/1.1', host, 'Transfer-Encoding: chunked', 'Content-Length: 1'],
    ['POST PATH HTTP/1.1', host, 'Transfer-Encoding: chunked, gzip'],
    ['POST PATH HTTP/1.1', host, 'Transfer-Encoding: gzip'],
    ['GET PATH HTTP/1.1', host, 'Transfer-Encoding: identity'],
    ['GET http://xPATH HTTP/1.1', host, 'Transfer-Encoding: gzip'],
    ['GET PATH#part HTTP/1.1', host],
    ['GET PATH?x#part HTTP/1.1', host],
    ['GET http://xPATH#part HTTP/1.1', host],
  ].map((lines) => ({
    section: lines.join().includes('Transfer') ? '9112/6.1' : '9112/2.2-5',
    title: JSON.stringify(lines.join(' | ')),
    bytes: request(lines[0] ?? '', ...lines.slice(1)),
    ...malformed,
  })),
  {
    section: '9112/2.2',
    title: 'an empty line before the request',
    bytes: `\r\n${request('GET PATH HTTP/1.1', host)}\r\n`,
    ...found,
  },
  {
    section: '9110/10.1.1',
    title: 'an unknown expectation',
    bytes: request('GET PATH HTTP/1.1', host, 'Expect: tea'),
    status: 417,
    code: 'expectation_failed',
    kept: false,
  },
  {
    section: '9110/10.1.1',
    title: 'Expect: 100-continue in any case',
    bytes: request('GET PATH HTTP/1.1', host, 'Expect: 100-Continue'),
    ...found,
  },
  {
    section: '9110/10.1.1',
    title: 'an expectation in HTTP/1.0 is ignored',
    bytes: request('GET PATH HTTP/1.0', 'Expect: 100-continue'),
    status: 200,
    kept: false,
  },
  {
    section: '9110/9.3.1',
    title: 'a body of GET is refused, and its bytes are not read as a request',
    bytes: `${request('GET PATH HTTP/1.1', host, 'Content-Length: 5')}\r\nGET /`,
    ...unexpected,
  },
  {
    section: '9112/7.1.2',
    title: 'chunks of GET are refused, with extensions and trailers',
    bytes: `${request('GET PATH HTTP/1.1', host, 'Transfer-Encoding: chunked')}\r\n3;a=b\r\nabc\r\n0\r\nHost: y\r\n\r\n`,
    ...unexpected,
  },
  {
    section: '9110/8.6',
    title: 'a length of zero means that there is no body',
    bytes: request('GET PATH HTTP/1.1', host, 'Content-Length: 0'),
    ...found,
  },
  {
    section: '9110/7.8',
    title: 'Upgrade is ignored',
    bytes: request('GET PATH HTTP/1.1', host, 'Connection: Upgrade, close', 'Upgrade: h2c, websocket'),
    status: 200,
    kept: false,
  },
  {
    section: '9110/14.2',
    title: 'Range is ignored, and not offered',
    bytes: request('GET PATH HTTP/1.1', host, 'Range: bytes=0-1', 'If-Range: "x"'),
    ...found,
    check: (t, { headers }) => t.false(headers.has('accept-ranges') || headers.has('content-range')),
  },
  {
    section: '9110/13.1.3',
    title: 'If-Modified-Since without Last-Modified is ignored',
    bytes: request(
      'GET PATH HTTP/1.1',
      host,
      'If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT',
      'If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT',
    ),
    ...found,
  },
  {
    section: '9112/3',
    title: 'headers beyond the limit',
    bytes: request('GET PATH HTTP/1.1', host, `X: ${'y'.repeat(20_000)}`),
    status: 431,
    code: 'headers_too_large',
    kept: false,
  },
  {
    section: '9112/3',
    title: 'a target beyond what node reads',
    bytes: request(`GET PATH?${'y'.repeat(20_000)} HTTP/1.1`, host),
    status: 414,
    code: 'uri_too_long',
    kept: false,
  },
  ...['PATH/x', '/PATH', '/x/..PATH', '/%2FPATH', 'PATH%2F', 'PATH%3Fx'].map((path) => ({
    section: '9110/4.2.3',
    title: `${path} is another path`,
    bytes: request(`GET ${path} HTTP/1.1`, host),
    status: 404,
    code: 'not_found',
    kept: true,
  })),
];
