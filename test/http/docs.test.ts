import test from 'ava';
import { apiFor } from '../_support/api.ts';

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
