// Every invalid request gets the envelope and a suitable status, without internal details.

import test, { type ExecutionContext } from 'ava';
import { apiFor } from '../_support/api.ts';

interface Refused {
  readonly data: null;
  readonly error: { readonly code: string; readonly message: string };
}

function checkRefusal(t: ExecutionContext, text: string, code: string): void {
  const { data, error } = JSON.parse(text) as Refused;
  t.is(data, null);
  t.deepEqual(Object.keys(error), ['code', 'message']);
  t.is(error.code, code);
  t.true(error.message.length > 5 && error.message.length < 400);
  t.notRegex(text, /node_modules|node:|\.ts\b|\bat .*:\d+:\d+/, 'no stack trace');
}

/** Status and body of an answer. */
function parsed(answer: string): { status: number; head: string; body: string } {
  const end = answer.indexOf('\r\n\r\n');
  return { status: Number(answer.slice(9, 12)), head: answer.slice(0, end), body: answer.slice(end + 4) };
}

const badQueries: Record<string, string> = {
  'starts_at=2021-09-31': 'date_impossible',
  'starts_at=2021-02-29T00:00:00Z': 'date_impossible',
  'ends_at=2021-06-30T24:00:00Z': 'time_impossible',
  'starts_at=yesterday': 'instant_unreadable',
  starts_at: 'instant_unreadable',
  'ends_at=': 'instant_unreadable',
  'ends_at=1625086800': 'instant_unreadable',
  'starts_at=%E0%A4%A': 'escape_invalid',
  'starts_at=2021-06-30&starts_at=2021-06-30': 'parameter_repeated',
  'ends_at=2021-06-30&ends_at=': 'parameter_repeated',
  'starts_at=2021-07-01&ends_at=2021-06-30': 'range_reversed',
  'starts_at=%00': 'instant_unreadable',
  'starts_at=<script>alert(1)</script>': 'instant_unreadable',
  [`starts_at=${'9'.repeat(1500)}`]: 'instant_unreadable',
};

for (const [query, code] of Object.entries(badQueries)) {
  test(`GET /search?${query.slice(0, 60)} is 400, ${code}`, async (t) => {
    const api = await apiFor(t);
    const answer = await api.get(`/search?${query}`);
    t.is(answer.status, 400);
    t.is(answer.headers.get('content-type'), 'application/json; charset=utf-8');
    checkRefusal(t, await answer.text(), code);
  });
}

for (const path of [
  '/searches',
  '/search/',
  '/search/x',
  '/Search/x',
  '/x',
  '/.env',
  '/docs/assets/none.js',
  '/docs/assets/..%2f..%2fpackage.json',
  '/docs/assets/%E0%A4%A',
  '/%00',
]) {
  test(`GET ${path} is 404`, async (t) => {
    const answer = await (await apiFor(t)).get(path);
    t.is(answer.status, 404);
    checkRefusal(t, await answer.text(), 'not_found');
  });
}

for (const path of ['/search', '/search?starts_at=x', '/', '/docs', '/openapi.json']) {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    test(`${method} ${path} is 405 with an Allow header`, async (t) => {
      const answer = await (await apiFor(t)).get(path, { method });
      t.is(answer.status, 405);
      t.is(answer.headers.get('allow'), 'GET, HEAD');
      checkRefusal(t, await answer.text(), 'method_not_allowed');
    });
  }
}

test('a URL of 2048 characters is accepted, one of 2049 is too long', async (t) => {
  const api = await apiFor(t);
  const ofLength = (length: number): string => `/search?x=${'y'.repeat(length - 10)}`;
  t.is((await api.get(ofLength(2048))).status, 200);
  const answer = await api.get(ofLength(2049));
  t.is(answer.status, 414);
  checkRefusal(t, await answer.text(), 'uri_too_long');
});

test('a URL of 3,000 characters is 414 for every path', async (t) => {
  const api = await apiFor(t);
  for (const path of ['/search?starts_at=', '/docs?', '/nothing/']) {
    const answer = await api.get(path + 'x'.repeat(3000));
    t.is(answer.status, 414, path);
    checkRefusal(t, await answer.text(), 'uri_too_long');
  }
});

for (const kilobytes of [20, 100]) {
  test(`a URL of ${kilobytes} KB, more than Node reads, is 414 too`, async (t) => {
    const api = await apiFor(t);
    const { status, body, head } = parsed(
      await api.raw(`GET /search?x=${'y'.repeat(kilobytes * 1000)} HTTP/1.1\r\nHost: x\r\n\r\n`),
    );
    t.is(status, 414);
    t.regex(head, /Content-Type: application\/json/);
    checkRefusal(t, body, 'uri_too_long');
  });
}

test('headers beyond the limit are 431', async (t) => {
  const api = await apiFor(t);
  const { status, body } = parsed(
    await api.raw(`GET /search HTTP/1.1\r\nHost: x\r\nX-Long: ${'y'.repeat(20_000)}\r\n\r\n`),
  );
  t.is(status, 431);
  checkRefusal(t, body, 'headers_too_large');
});

const malformed: Record<string, string | Uint8Array> = {
  'no HTTP at all': 'hello?\r\n\r\n',
  'a request of TLS': Uint8Array.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]),
  'nothing but noughts': new Uint8Array(64),
  'a header without a colon': 'GET /search HTTP/1.1\r\nHost\r\n\r\n',
  'a blank in the URL': 'GET /search? x HTTP/1.1\r\nHost: x\r\n\r\n',
  'two lengths': 'POST /search HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
  'a length and chunks':
    'POST /search HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
};

for (const [words, bytes] of Object.entries(malformed)) {
  test(`${words} is 400 in the envelope, and the server continues`, async (t) => {
    const api = await apiFor(t);
    const { status, body, head } = parsed(await api.raw(bytes));
    t.is(status, 400);
    t.regex(head, /Connection: close/);
    checkRefusal(t, body, 'bad_request');
    t.is((await api.get('/search')).status, 200);
  });
}
