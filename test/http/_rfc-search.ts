// Paths, preconditions and codings of the public port.

import type { ExecutionContext } from 'ava';
import type { Answer } from './_answers.ts';
import { found, host, request, type Row } from './_rfc-row.ts';

export const searchRows: Row[] = [
  ...['/%73earch', '/s%65arch?ends_at=2000-01-01', 'http://x/%73earch', '/d%6fcs', '/%6Fpenapi%2ejson'].map(
    (path) => ({
      section: '9110/4.2.3',
      title: `${path} is the same path`,
      bytes: request(`GET ${path} HTTP/1.1`, host),
      ...found,
    }),
  ),
  ...['http://x', 'http://x/', 'http://x?y'].map((target) => ({
    section: '9110/4.2.3',
    title: `${target} is the root`,
    bytes: request(`GET ${target} HTTP/1.1`, host),
    status: 200,
    kept: true,
  })),
  {
    section: '9110/15.5.15',
    title: 'a target of 2049 characters',
    bytes: request(`GET /search?${'y'.repeat(2041)} HTTP/1.1`, host),
    status: 414,
    code: 'uri_too_long',
    kept: true,
  },
  {
    section: '9110/13.1.1',
    title: 'If-Match: * holds',
    bytes: request('GET /search HTTP/1.1', host, 'If-Match: *'),
    ...found,
  },
  {
    section: '9110/13.1.1',
    title: 'If-Match with another tag does not hold',
    bytes: request('GET /search HTTP/1.1', host, 'If-Match: "x", "y"', 'If-None-Match: *'),
    status: 412,
    code: 'precondition_failed',
    kept: true,
  },
  {
    section: '9110/13.2.1',
    title: 'a precondition of a bad query is not looked at',
    bytes: request('GET /search?starts_at=x HTTP/1.1', host, 'If-Match: "x"'),
    status: 400,
    code: 'instant_unreadable',
    kept: true,
  },
  {
    section: '9110/13.1.2',
    title: 'If-None-Match: *',
    bytes: request('GET /search HTTP/1.1', host, 'If-None-Match: *'),
    status: 304,
    kept: true,
    check: (t, { headers }) => t.false(headers.has('content-length') || headers.has('content-type')),
  },
  ...[
    ['gzip;q=0, *', undefined],
    ['identity;q=0', undefined],
    ['*;q=0', undefined],
    ['X-GZip', 'gzip'],
    ['GZIP;Q=1.000', 'gzip'],
    ['br;q=1.0 , gzip ; q=0.001', 'gzip'],
    ['identity;q=0, *;q=0.5', 'gzip'],
  ].map(([value, coding]) => ({
    section: '9110/12.5.3',
    title: `Accept-Encoding: ${value}`,
    bytes: request('HEAD /search HTTP/1.1', host, `Accept-Encoding: ${value}`),
    ...found,
    check: (t: ExecutionContext, { headers }: Answer) => {
      t.is(headers.get('content-encoding'), coding);
      t.is(headers.get('vary'), 'Accept-Encoding');
    },
  })),
];
