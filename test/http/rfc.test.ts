// What RFC 9110 and RFC 9112 demand of an origin server, seen from outside: bytes in, bytes out, on both ports.

import test, { type ExecutionContext } from 'ava';
import { createAdminServer, type AdminDeps } from '#/http/admin.ts';
import { apiFor, clientOf, type Client } from '../_support/api.ts';
import { randomEvents, viewOf } from '../_support/catalogue.ts';
import { randomOf } from '../_support/random.ts';
import { answersIn, type Answer } from './_answers.ts';

interface Row {
  /** `9112/3.2` is section 3.2 of RFC 9112. */
  readonly section: string;
  readonly title: string;
  /** A request; without an empty line at its end, one is put there. */
  readonly bytes: string;
  readonly status: number;
  /** Of the error in the envelope. */
  readonly code?: string;
  /** Whether the connection can be used for the next request. */
  readonly kept: boolean;
  readonly check?: (t: ExecutionContext, answer: Answer) => void;
}

const ends: (() => unknown)[] = [];
const context = { teardown: (end: () => unknown) => void ends.push(end) };
let ports: Record<'public' | 'admin', Client>;
test.before(async () => {
  const view = viewOf(
    randomEvents(randomOf(7), {
      events: 300,
      from: Date.UTC(2021, 0, 1),
      to: Date.UTC(2021, 0, 31),
    }),
  );
  ports = {
    public: await apiFor(context, () => view),
    admin: await clientOf(
      context,
      createAdminServer({ ready: () => true, status: () => ({ version: 7 }) } as AdminDeps),
    ),
  };
});
test.after.always(() => {
  for (const end of ends) end();
});

const probe = 'GET /nothing-here HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
const request = (first: string, ...headers: string[]): string =>
  [first, ...headers].map((line) => `${line}\r\n`).join('');
const head = (bytes: string): string => (bytes.includes('\r\n\r\n') ? bytes : `${bytes}\r\n`);

async function ask(client: Client, bytes: string, kept: boolean): Promise<Answer[]> {
  const method = bytes.slice(0, bytes.indexOf(' '));
  return answersIn(await client.raw(head(bytes) + (kept ? probe : '')), [method]);
}

async function checkRow(t: ExecutionContext, client: Client, row: Row): Promise<void> {
  const [answer, next, ...more] = await ask(client, row.bytes, row.kept);
  if (answer === undefined) throw new Error('Got no answer.');
  t.is(answer.status, row.status, answer.body.slice(0, 300));
  t.is(more.length, 0);
  if (row.kept) t.is(next?.status, 404, 'the next request is answered');
  else {
    t.is(next, undefined);
    t.is(answer.headers.get('connection'), 'close');
  }
  t.regex(answer.headers.get('date') ?? '', /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
  if (row.code !== undefined) {
    t.is(answer.headers.get('content-type'), 'application/json; charset=utf-8');
    const { data, error } = JSON.parse(answer.body) as { data: null; error: { code: string } };
    t.is(data, null);
    t.is(error.code, row.code);
  }
  row.check?.(t, answer);
}

const host = 'Host: x';
const malformed = { status: 400, code: 'bad_request', kept: false } as const;
const found = { status: 200, kept: true } as const;

/** On both ports; PATH is one that answers 200 there. */
const common: Row[] = [
  { section: '9112/3.2.1', title: 'the origin form', bytes: request('GET PATH HTTP/1.1', host), ...found },
  ...['http://x', 'HTTP://X.example:80', 'https://[::1]:8000', 'hTTps://127.0.0.1'].map((origin) => ({
    section: '9112/3.2.2',
    title: `the absolute form at ${origin}`,
    bytes: request(`GET ${origin}PATH HTTP/1.1`, 'Host: other'),
    ...found,
  })),
  {
    section: '9112/3.2.2',
    title: 'the absolute form in HTTP/1.0',
    bytes: request('GET http://xPATH HTTP/1.0'),
    status: 200,
    kept: false,
  },
  ...['http://user@x', 'http://user:secret@x', 'http://', 'ftp://x', 'http://a_b%zz', 'http://x:8o'].map(
    (origin) => ({
      section: '9110/4.2',
      title: `the absolute form at ${origin}`,
      bytes: request(`GET ${origin}PATH HTTP/1.1`, host),
      ...malformed,
    }),
  ),
  {
    section: '9112/3.2',
    title: 'the absolute form without Host',
    bytes: request('GET http://xPATH HTTP/1.1'),
    ...malformed,
  },
  {
    section: '9112/3.2',
    title: 'the absolute form with two Hosts',
    bytes: request('GET http://xPATH HTTP/1.1', host, host),
    ...malformed,
  },
  {
    section: '9112/3.2.3',
    title: 'CONNECT',
    bytes: request('CONNECT x:443 HTTP/1.1', 'Host: x:443'),
    status: 501,
    code: 'method_unknown',
    kept: false,
  },
  {
    section: '9112/3.2.3',
    title: 'the authority form with another method',
    bytes: request('GET x:443 HTTP/1.1', host),
    ...malformed,
  },
  {
    section: '9110/9.3.7',
    title: 'OPTIONS * says what is allowed',
    bytes: request('OPTIONS * HTTP/1.1', host),
    status: 204,
    kept: true,
    check: (t, { headers }) => t.regex(headers.get('allow') ?? '', /^GET, HEAD, .*OPTIONS$/),
  },
  { section: '9112/3.2.4', title: 'GET *', bytes: request('GET * HTTP/1.1', host), ...malformed },
  { section: '9112/3.2', title: 'no Host', bytes: request('GET PATH HTTP/1.1'), ...malformed },
  ...[
    [host, 'Host: y'],
    [host, host],
    ['Host:', 'Host:'],
    ['HOST: x', 'X: y', 'hOSt: x'],
  ].map((hosts) => ({
    section: '9112/3.2',
    title: `the headers ${hosts.join(', ')}`,
    bytes: request('GET PATH HTTP/1.1', ...hosts),
    ...malformed,
  })),
  ...['x y', 'x/y', 'u@x', 'x, y', '[::1', 'x:y', 'http://x', 'x?', 'x%2', '<x>'].map((value) => ({
    section: '9112/3.2',
    title: `Host: ${value}`,
    bytes: request('GET PATH HTTP/1.1', `Host: ${value}`),
    ...malformed,
  })),
  ...['', 'x', 'X.Example:8000', '[::1]:80', 'x:', 'a_b', 'x%20y', '127.0.0.1'].map((value) => ({
    section: '9112/3.2',
    title: `Host: ${value}`,
    bytes: request('GET PATH HTTP/1.1', `Host: ${value}`),
    ...found,
  })),
  ...['2.0', '3', '3.0', '1.2', '9.9'].map((version) => ({
    section: '9110/15.6.6',
    title: `HTTP/${version}`,
    bytes: request(`GET PATH HTTP/${version}`, host),
    status: 505,
    code: 'http_version_unsupported',
    kept: false,
  })),
  {
    section: '9113/3.4',
    title: 'the preface of HTTP/2',
    bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    status: 505,
    code: 'http_version_unsupported',
    kept: false,
  },
  ...['HTTP/0.9', 'HTTP/x', 'http/1.1', 'FTP/1.1', 'HTTP/1.1 x', ''].map((version) => ({
    section: '9112/2.3',
    title: `the version "${version}"`,
    bytes: request(`GET PATH ${version}`, host),
    ...malformed,
  })),
  {
    section: '9112/9.3',
    title: 'HTTP/1.0 closes, and needs no Host',
    bytes: request('GET PATH HTTP/1.0'),
    status: 200,
    kept: false,
    check: (t, { headers }) => t.false(headers.has('transfer-encoding')),
  },
  {
    section: '9112/9.3',
    title: 'HTTP/1.0 with keep-alive',
    bytes: request('GET PATH HTTP/1.0', 'Connection: keep-alive'),
    status: 200,
    kept: true,
    check: (t, { headers }) => t.is(headers.get('connection'), 'keep-alive'),
  },
  {
    section: '9112/6.1',
    title: 'Transfer-Encoding in HTTP/1.0',
    bytes: request('POST PATH HTTP/1.0', 'Transfer-Encoding: chunked') + '\r\n0\r\n\r\n',
    ...malformed,
  },
  {
    section: '9112/9.6',
    title: 'Connection: close',
    bytes: request('GET PATH HTTP/1.1', host, 'Connection: close'),
    status: 200,
    kept: false,
  },
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
    title: 'a body of GET is read over',
    bytes: `${request('GET PATH HTTP/1.1', host, 'Content-Length: 5')}\r\nGET /`,
    ...found,
  },
  {
    section: '9112/7.1.2',
    title: 'chunks with extensions and trailers are read over',
    bytes: `${request('GET PATH HTTP/1.1', host, 'Transfer-Encoding: chunked')}\r\n3;a=b\r\nabc\r\n0\r\nHost: y\r\n\r\n`,
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

const publicOnly: Row[] = [
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
    status: 302,
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

const rows = { public: [...common, ...publicOnly], admin: common };
for (const port of ['public', 'admin'] as const) {
  const path = port === 'public' ? '/search' : '/status';
  for (const [number, row] of rows[port].entries()) {
    const bytes = row.bytes.replaceAll('PATH', path);
    test(`${port} ${number}, RFC ${row.section}: ${row.title.slice(0, 150)} is ${row.status}`, (t) =>
      checkRow(t, ports[port], { ...row, bytes }));
  }

  test(`${port}, RFC 9110/9.3.2: HEAD has the headers of GET`, async (t) => {
    for (const target of [path, '/nothing', '/docs', '/openapi.json', '/search?starts_at=x']) {
      const headers = ['GET', 'HEAD'].map(async (method) => {
        const [answer] = await ask(ports[port], request(`${method} ${target} HTTP/1.1`, host), true);
        return [...(answer?.headers ?? [])].filter(([name]) => name !== 'date');
      });
      const [get, headOnly] = await Promise.all(headers);
      t.true((get?.length ?? 0) > 2);
      t.deepEqual(headOnly, get, target);
    }
  });

  test(`${port}, RFC 9112/9.3.2: answers come in the order of the requests, the last one for what is malformed`, async (t) => {
    const pages = [path, '/docs', '/nothing', path].map((target) => request(`GET ${target} HTTP/1.1`, host));
    const text = await ports[port].raw(`${pages.join('\r\n')}\r\nhello\r\n\r\n`);
    const statuses = answersIn(text, []).map(({ status }) => status);
    t.deepEqual(statuses, [200, port === 'public' ? 200 : 404, 404, 200, 400]);
  });

  test(`${port}, RFC 9112/7.1: a body that cannot be read gets no second answer`, async (t) => {
    const bytes = `${request(`PUT ${path} HTTP/1.1`, host, 'Transfer-Encoding: chunked')}\r\nno chunk\r\n`;
    const statuses = answersIn(await ports[port].raw(bytes), []).map(({ status }) => status);
    t.deepEqual(statuses, [405]);
  });
}

test('RFC 9112/9.3.2: what is malformed waits for an answer that takes time', async (t) => {
  const asset = request('GET /docs/assets/swagger-ui.css HTTP/1.1', host);
  const text = await ports.public.raw(`${asset}\r\nhello\r\n\r\n`);
  t.deepEqual(
    answersIn(text, []).map(({ status }) => status),
    [200, 400],
  );
});

test('RFC 9110/15.4.5: 304 has the ETag, Cache-Control, Vary and Date of 200', async (t) => {
  const get = (...headers: string[]): Promise<Answer[]> =>
    ask(ports.public, request('GET /search?ends_at=1900-01-01 HTTP/1.1', host, ...headers), true);
  const [full] = await get();
  const tag = full?.headers.get('etag') ?? '';
  for (const value of [tag, `W/${tag}`, `"a", ${tag}`, `"a",W/${tag} ,`]) {
    const [same] = await get(`If-None-Match: ${value}`, 'If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT');
    t.is(same?.status, 304, value);
    for (const name of ['etag', 'cache-control', 'vary'])
      t.is(same?.headers.get(name), full?.headers.get(name));
  }
  t.is((await get(`If-Match: ${tag}`))[0]?.status, 200);
  t.is((await get(`If-Match: W/${tag}`))[0]?.status, 412, 'compared strongly');
  t.is((await get('If-None-Match: "a"', 'If-None-Match: "b"'))[0]?.status, 200);
});
