// What RFC 9110 and RFC 9112 require of an origin server, tested with raw bytes on both ports.

import test, { type ExecutionContext } from 'ava';
import { createAdminServer } from '#/http/admin.ts';
import type { AdminDeps } from '#/http/admin/deps.ts';
import { apiFor, clientOf, type Client } from '../_support/api.ts';
import { randomEvents, viewOf } from '../_support/catalogue.ts';
import { randomOf } from '../_support/random.ts';
import { answersIn, type Answer } from './_answers.ts';
import { messageRows } from './_rfc-messages.ts';
import { host, request, type Row } from './_rfc-row.ts';
import { searchRows } from './_rfc-search.ts';
import { targetRows } from './_rfc-targets.ts';

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

const common = [...targetRows, ...messageRows];
const rows = { public: [...common, ...searchRows], admin: common };
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

  test(`${port}, RFC 9112/9.3.2: answers have the order of the requests; the last one is for the malformed request`, async (t) => {
    const pages = [path, '/docs', '/nothing', path].map((target) => request(`GET ${target} HTTP/1.1`, host));
    const text = await ports[port].raw(`${pages.join('\r\n')}\r\nhello\r\n\r\n`);
    const statuses = answersIn(text, []).map(({ status }) => status);
    t.deepEqual(statuses, [200, port === 'public' ? 200 : 404, 404, 200, 400]);
  });

  test(`${port}, RFC 9112/7.1: a body that cannot be read gets no second answer`, async (t) => {
    const bytes = `${request(`PUT ${path} HTTP/1.1`, host, 'Transfer-Encoding: chunked')}\r\nno chunk\r\n`;
    const statuses = answersIn(await ports[port].raw(bytes), []).map(({ status }) => status);
    // The admin port takes no body at all.
    t.deepEqual(statuses, [port === 'admin' ? 400 : 405]);
  });
}

test('RFC 9112/9.3.2: the answer to a malformed request waits for a slow answer before it', async (t) => {
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
