import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { apiFor, type Client } from '../_support/api.ts';
import { domOf, testInBrowser } from '../_support/chromium.ts';
import { browserMs } from '../_support/chromium-flags.ts';
import { isLong } from '../_support/long.ts';

test('the documentation page loads nothing from another host', async (t) => {
  const api = await apiFor(t);
  const answer = await api.get('/docs');
  const page = await answer.text();
  t.is(answer.status, 200);
  t.regex(answer.headers.get('content-type') ?? '', /^text\/html/);
  t.notRegex(page, /https?:|["'(]\/\//);
  const assets = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
  t.true(assets.length >= 3);
  for (const path of assets) {
    const asset = await api.get(path);
    t.is(asset.status, 200, path);
    t.true((await asset.arrayBuffer()).byteLength > 100, path);
  }
});

test('the page and its files have a strict security policy, and the page no script in its text', async (t) => {
  const api = await apiFor(t);
  const page = await (await api.get('/docs')).text();
  t.notRegex(page, /<script(?! src=")|<style|\son\w+=|javascript:/i);
  for (const path of ['/docs', '/docs/assets/show-contract.js', '/docs/assets/swagger-ui.css']) {
    const { headers } = await api.get(path);
    const policy = headers.get('content-security-policy') ?? '';
    t.regex(policy, /^default-src 'none';script-src 'self';/, path);
    t.notRegex(policy, /unsafe|\*|https?:/, path);
    t.is(headers.get('x-content-type-options'), 'nosniff', path);
  }
});

test('no answer names the software that gave it, and every answer forbids another type', async (t) => {
  const api = await apiFor(t);
  for (const path of ['/search', '/search?starts_at=x', '/events', '/openapi.json', '/docs', '/', '/none']) {
    const { headers } = await api.get(path);
    for (const name of ['server', 'x-powered-by', 'via']) t.false(headers.has(name), `${path}: ${name}`);
    t.is(headers.get('x-content-type-options'), 'nosniff', path);
  }
  for (const bytes of [
    'nonsense\r\n\r\n',
    'GET /search HTTP/1.1\r\n\r\n',
    'FETCH / HTTP/1.1\r\nHost: x\r\n\r\n',
  ]) {
    const answer = await api.raw(bytes);
    t.regex(answer, /^X-Content-Type-Options: nosniff\r$/m, bytes);
    t.notRegex(answer, /^(?:Server|X-Powered-By|Via):/im, bytes);
  }
});

/** The paths of which the page shows the operations: all in the long form, as each one takes half a second of the processor. */
const pathsShown = isLong
  ? [
      '/search',
      '/events',
      '/events.ics',
      '/events/histogram',
      '/openapi.json',
      '/docs',
      '/',
      '/pages/{file}',
      '/docs/assets/{file}',
    ]
  : ['/search', '/docs/assets/{file}'];

/** The contract as the page gets it: in the short form with the shown paths only. */
function contractShown(url: string, body: Buffer): Buffer {
  if (isLong || url !== '/openapi.json') return body;
  const contract = JSON.parse(body.toString()) as { paths: Record<string, unknown> };
  const paths = Object.fromEntries(
    Object.entries(contract.paths).filter(([path]) => pathsShown.includes(path)),
  );
  return Buffer.from(JSON.stringify({ ...contract, paths }));
}

/** Serves `/docs` of an API so that the page has loaded, for the browser, when its script has shown the element. */
async function docsUntil(t: ExecutionContext, api: Client, selector: string): Promise<string> {
  const { promise: shown, resolve: show } = Promise.withResolvers<void>();
  const script = `
    const look = setInterval(() => {
      if (document.querySelector(${JSON.stringify(selector)}) === null) return;
      clearInterval(look);
      void fetch('/shown');
    }, 50);`;
  const waiting = `<script src="/waiting.js"></script><img src="/held" alt="">`;
  const server = createServer((request, response) => {
    const { url = '' } = request;
    if (url === '/shown') show();
    if (url === '/waiting.js') response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script);
    else if (url === '/shown' || url === '/held') void shown.then(() => response.writeHead(204).end());
    else void passOn(url, response);
  });
  async function passOn(url: string, response: ServerResponse): Promise<void> {
    const answer = await fetch(`${api.url}${url}`);
    const body = contractShown(url, Buffer.from(await answer.arrayBuffer()));
    for (const name of ['content-type', 'content-security-policy', 'x-content-type-options'])
      if (answer.headers.has(name)) response.setHeader(name, answer.headers.get(name)!);
    response.writeHead(answer.status);
    response.end(url === '/docs' ? body.toString().replace('</body>', `${waiting}</body>`) : body);
  }
  t.teardown(() => server.close().closeAllConnections());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/docs`;
}

testInBrowser(
  `the documentation page opens ${isLong ? 'every operation' : 'operations'} in Chromium`,
  async (t) => {
    t.timeout(2 * browserMs);
    if (!isLong) t.log(`of ${pathsShown.join(' and ')} only`);
    const api = await apiFor(t);
    // An operation that is open shows its parameters; the file is that of the last operation.
    const dom = await domOf(t, await docsUntil(t, api, '[data-param-name="file"]'));
    for (const path of pathsShown) t.true(dom.includes(`data-path="${path}"`), path);
    t.true(dom.includes('data-param-name="starts_at"'));
    for (const text of ['Time zones', 'Containment', 'Paging', 'parameter_repeated'])
      t.true(dom.includes(text), text);
  },
);
