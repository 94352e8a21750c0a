import test from 'ava';
import { apiFor } from '../_support/api.ts';
import { browserMs, domOf, testInBrowser } from '../_support/chromium.ts';

test('/ redirects to the documentation', async (t) => {
  const answer = await (await apiFor(t)).get('/');
  t.is(answer.status, 302);
  t.is(answer.headers.get('location'), '/docs');
});

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

testInBrowser('the documentation page opens every operation in Chromium', async (t) => {
  t.timeout(2 * browserMs);
  const api = await apiFor(t);
  const dom = await domOf(t, `${api.url}/docs`, ['--virtual-time-budget=5000']);
  for (const path of ['/search', '/openapi.json', '/docs', '/'])
    t.regex(dom, new RegExp(`data-path="${path}"`), path);
  // An operation that is open shows its parameters.
  t.regex(dom, /data-param-name="starts_at"/);
  for (const text of ['Time zones', 'Containment', 'Paging', 'parameter_repeated'])
    t.true(dom.includes(text), text);
});
