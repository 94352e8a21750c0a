// Requests of web pages on other origins, as a program sends them and as Chromium does.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { exposedHeaders } from '#/http/protocol/cors.ts';
import { apiFor, type Client } from '../_support/api.ts';
import { randomEvents, truthOf, viewOf } from '../_support/catalogue.ts';
import { browserMs } from '../_support/chromium-flags.ts';
import { domOf, testInBrowser } from '../_support/chromium.ts';
import { randomOf } from '../_support/random.ts';

const events = randomEvents(randomOf(11), {
  events: 300,
  from: Date.UTC(2021, 0, 1),
  to: Date.UTC(2021, 11, 31),
});
const view = viewOf(events, 500);
const june = { start: Date.UTC(2021, 5, 1), end: Date.UTC(2021, 5, 11) - 1 };
const search = '/search?starts_at=2021-06-01&ends_at=2021-06-10';
const shop = 'https://shop.example';

interface Asked {
  readonly what: string;
  readonly path: string;
  readonly status: number;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

/** An answer of each kind that the public port gives to a readable request. */
async function everyAnswer(api: Client): Promise<Asked[]> {
  const tagOf = async (path: string): Promise<string> => (await api.get(path)).headers.get('etag') ?? '';
  const [tag, pageTag] = [await tagOf(search), await tagOf('/events?limit=5')];
  return [
    { what: 'events', path: search, status: 200 },
    {
      what: 'many events, in parts',
      path: '/search',
      status: 200,
      headers: { 'accept-encoding': 'identity' },
    },
    { what: 'the headers alone', path: search, status: 200, method: 'HEAD' },
    { what: 'the same as before', path: search, status: 304, headers: { 'if-none-match': tag } },
    { what: 'a changed one', path: search, status: 412, headers: { 'if-match': '"x"' } },
    { what: 'a bad query', path: '/search?starts_at=x', status: 400 },
    { what: 'a bad method', path: '/search', status: 405, method: 'POST' },
    { what: 'a long URL', path: `/search?x=${'y'.repeat(3000)}`, status: 414 },
    { what: 'a page of events', path: '/events?limit=5', status: 200 },
    { what: 'a page of events, kept', path: '/events?limit=5', status: 200 },
    { what: 'the same page', path: '/events?limit=5', status: 304, headers: { 'if-none-match': pageTag } },
    { what: 'a changed page', path: '/events?limit=5', status: 412, headers: { 'if-match': '"x"' } },
    {
      what: 'lines of events',
      path: '/events?provider=nobody',
      status: 200,
      headers: { accept: 'application/x-ndjson' },
    },
    { what: 'a bad page', path: '/events?limit=0', status: 400 },
    { what: 'a histogram', path: '/events/histogram?interval=month', status: 200 },
    { what: 'the contract', path: '/openapi.json', status: 200 },
    { what: 'the documentation', path: '/docs', status: 200 },
    { what: 'the search page', path: '/', status: 200 },
    { what: 'a file', path: '/docs/assets/swagger-ui.css', status: 200 },
    { what: 'an unknown path', path: '/none', status: 404 },
  ];
}

const ask = (
  api: Client,
  { path, method = 'GET', headers = {} }: Asked,
  origin?: string,
): Promise<Response> =>
  api.get(path, { method, headers: { ...headers, ...(origin === undefined ? {} : { origin }) } });

const corsHeadersOf = (answer: Response): string[] =>
  [...answer.headers.keys()].filter((name) => name.startsWith('access-control-'));

const varies = (answer: Response): boolean => /\borigin\b/i.test(answer.headers.get('vary') ?? '');

test('without CORS_ORIGINS no answer has a header for it, and a preflight is an unknown method', async (t) => {
  const api = await apiFor(t, () => view);
  for (const asked of await everyAnswer(api)) {
    const answer = await ask(api, asked, shop);
    t.is(answer.status, asked.status, asked.what);
    t.deepEqual(corsHeadersOf(answer), [], asked.what);
    t.false(varies(answer), asked.what);
  }
  t.is((await preflight(api, search, shop)).status, 405);
});

test('an allowed origin may read every answer, and an answer says that it depends on the origin', async (t) => {
  const api = await apiFor(t, () => view, { cors: [shop, 'http://localhost:3000'] });
  for (const asked of await everyAnswer(api)) {
    for (const origin of [shop, 'http://localhost:3000']) {
      const answer = await ask(api, asked, origin);
      t.is(answer.status, asked.status, asked.what);
      t.is(answer.headers.get('access-control-allow-origin'), origin, asked.what);
      t.is(answer.headers.get('access-control-expose-headers'), exposedHeaders.join(', '), asked.what);
      t.true(varies(answer), asked.what);
    }
    for (const origin of [
      undefined,
      'https://other.example',
      'http://shop.example',
      `${shop}:8443`,
      'null',
    ]) {
      const answer = await ask(api, asked, origin);
      t.is(answer.status, asked.status, asked.what);
      t.deepEqual(corsHeadersOf(answer), [], `${asked.what}: ${origin}`);
      t.true(varies(answer), asked.what);
    }
  }
});

test('with * every origin may read every answer, which does not depend on the origin', async (t) => {
  const api = await apiFor(t, () => view, { cors: '*' });
  for (const asked of await everyAnswer(api))
    for (const origin of [undefined, shop, 'null']) {
      const answer = await ask(api, asked, origin);
      t.is(answer.status, asked.status, asked.what);
      t.is(answer.headers.get('access-control-allow-origin'), '*', asked.what);
      t.false(varies(answer), asked.what);
    }
});

test('an answer with a header for the origin still depends on the encoding', async (t) => {
  const api = await apiFor(t, () => view, { cors: [shop] });
  for (const path of [search, '/events', '/events/histogram'])
    for (const headers of [{}, { 'if-match': '"x"' }]) {
      const answer = await api.get(path, { headers });
      t.regex(answer.headers.get('vary') ?? '', /accept-encoding/i, path);
      t.is(/accept,/i.test(answer.headers.get('vary') ?? ''), path !== search, path);
    }
  const answer = await api.get(search, { headers: { origin: shop } });
  t.is(await answer.text(), truthOf(events, june));
});

const preflight = (api: Client, path: string, origin: string): Promise<Response> =>
  api.get(path, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'if-none-match',
    },
  });

for (const cors of ['*', [shop]] as const)
  test(`a preflight is answered on every path, with CORS_ORIGINS ${String(cors)}`, async (t) => {
    const api = await apiFor(t, () => view, { cors });
    for (const path of [search, '/openapi.json', '/docs', '/none', '/']) {
      const answer = await preflight(api, path, shop);
      t.is(answer.status, 204, path);
      t.is(answer.headers.get('access-control-allow-origin'), cors === '*' ? '*' : shop);
      t.is(answer.headers.get('access-control-allow-methods'), 'GET, HEAD, POST');
      t.regex(answer.headers.get('access-control-allow-headers') ?? '', /If-None-Match/);
      t.is(answer.headers.get('access-control-max-age'), '7200');
      t.is(varies(answer), cors !== '*');
      t.is(await answer.text(), '');
    }
  });

test('a preflight of another origin, and an OPTIONS that is none, are not answered as a preflight', async (t) => {
  const api = await apiFor(t, () => view, { cors: [shop] });
  const other = await preflight(api, search, 'https://other.example');
  t.is(other.status, 405);
  t.deepEqual(corsHeadersOf(other), []);
  const options = await api.get(search, { method: 'OPTIONS', headers: { origin: shop } });
  t.is(options.status, 405);
  t.is(options.headers.get('allow'), 'GET, HEAD');
});

/** Serves a page that asks each API by script and shows what it may read; returns what was shown of each. */
async function shownByPage(t: ExecutionContext, apis: readonly Client[]): Promise<string[][]> {
  // Synchronous requests: the page has loaded when all of them have ended.
  const script = `
    let shown = [];
    function ask(api, path, header) {
      const request = new XMLHttpRequest();
      try {
        request.open('GET', api + path, false);
        if (header) request.setRequestHeader('If-None-Match', header);
        request.send();
        const tag = request.getResponseHeader('ETag');
        shown.push(request.status + ' ' + (tag ? 'tagged' : 'untagged') + ' ' + request.responseText.length);
        return tag;
      } catch (error) {
        shown.push(error.name);
        return '"x"';
      }
    }
    const all = [];
    for (const api of ${JSON.stringify(apis.map(({ url }) => url))}) {
      const tag = ask(api, '${search}');
      ask(api, '${search}', tag);
      ask(api, '/search?starts_at=x');
      ask(api, '/none');
      all.push(shown.join('; '));
      shown = [];
    }
    document.body.textContent = all.join(' | ');`;
  const page = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end(`<!doctype html><body><script>${script}</script></body>`);
  });
  t.teardown(() => page.close().closeAllConnections());
  await once(page.listen(0, '127.0.0.1'), 'listening');
  const dom = await domOf(t, `http://localhost:${(page.address() as AddressInfo).port}/`);
  return (/<body>(.*)<\/body>/s.exec(dom)?.[1] ?? dom).split(' | ').map((shown) => shown.split('; '));
}

testInBrowser(
  'a page of another origin reads answers, tags and errors in Chromium where it may, and nothing without CORS_ORIGINS',
  async (t) => {
    t.timeout(2 * browserMs);
    const open = await apiFor(t, () => view, { cors: '*' });
    const closed = await apiFor(t, () => view);
    const length = truthOf(events, june).length;
    const [[first, second, third, fourth] = [], ofClosed] = await shownByPage(t, [open, closed]);
    t.is(first, `200 tagged ${length}`);
    // A preflight precedes a request with If-None-Match.
    t.is(second, '304 tagged 0');
    t.regex(third ?? '', /^400 untagged \d+/);
    t.regex(fourth ?? '', /^404 untagged \d+/);
    t.deepEqual(
      ofClosed,
      Array.from({ length: 4 }, () => 'NetworkError'),
    );
  },
);
