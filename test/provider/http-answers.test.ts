// What an answer says beside its body: interim answers, large headers, how long it stays as it is, where the feed is now,
// and who may ask for it.

import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { createProviderAgent } from '#/provider/http/agent.ts';
import { feed } from '../_support/feeds.ts';
import { first, knownBases, knownLine, lineFor, saying, serverFor, type Answer } from './_line.ts';
import { tlsServerFor } from './_tls.ts';

const whole = feed([first, ...knownBases]);

/** A server that sends these pieces, one by one, and closes the connection. */
async function rawServerFor(t: ExecutionContext, pieces: readonly string[]): Promise<string> {
  const server = createServer((socket) => {
    const say = ([piece, ...others]: readonly string[]): void => {
      if (piece === undefined) socket.end();
      else socket.write(piece, () => setTimeout(say, 10, others));
    };
    socket.on('error', () => undefined).once('data', () => say(pieces));
  });
  t.teardown(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed`;
}

const final = `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(whole)}\r\n\r\n${whole}`;

for (const [what, pieces] of [
  ['100 Continue', [`HTTP/1.1 100 Continue\r\n\r\n${final}`]],
  ['100 Continue in pieces', ['HTT', 'P/1.1 1', '00 Continue\r\nx-a: b\r\n', '\r\n', final]],
  [
    'several 100 and a 103',
    [
      'HTTP/1.1 100 \r\n\r\n',
      `HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${final}`,
    ],
  ],
  ['102 Processing', [`HTTP/1.1 102 Processing\r\n\r\n${final}`]],
] as const) {
  test(`${what} before the answer is skipped`, async (t) => {
    const line = await knownLine(t);
    const { row } = await line.hear('', { url: await rawServerFor(t, pieces) });
    t.like(row, { outcome: 'absorbed', code: null, counts: { added: 1 } });
  });
}

test('endless 100 Continue fails the run', async (t) => {
  const line = await knownLine(t);
  const url = await rawServerFor(
    t,
    Array.from({ length: 30 }, () => 'HTTP/1.1 100 Continue\r\n\r\n'),
  );
  t.is((await line.hear('', { url })).row.outcome, 'failed');
});

test('headers of 20 kB are read', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear(saying(whole, { 'x-policy': 'x'.repeat(20_000) }));
  t.like(row, { outcome: 'absorbed', code: null });
});

test('203 is treated like 200', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear((_request, response) => void response.writeHead(203).end(whole));
  t.like(row, { outcome: 'absorbed', code: null });
});

test('304 to a request without validators is a failure, since no feed was read before', async (t) => {
  const line = await lineFor(t);
  const { row } = await line.hear((_request, response) => void response.writeHead(304).end());
  t.like(row, { outcome: 'failed', code: 'not_modified_unasked' });
  await line.hear(saying(whole, { etag: '"1"' }));
  const again = await line.hear((_request, response) => void response.writeHead(304).end());
  t.like(again.row, { outcome: 'unchanged', code: null });
});

const date = 'Wed, 21 Oct 2015 07:28:00 GMT';
for (const [headers, waitMs] of [
  [{}, null],
  [{ 'cache-control': 'max-age=600' }, 600_000],
  [{ 'cache-control': 'MAX-AGE="600"' }, 600_000],
  [{ 'cache-control': 'no-cache, max-age=600' }, null],
  [{ 'cache-control': 'max-age=600, no-store' }, null],
  [{ 'cache-control': 'private="max-age=600"' }, null],
  [{ 'cache-control': 'x-max-age=600' }, null],
  [{ 'cache-control': 'max-age=600, must-revalidate' }, 600_000],
  [{ 'cache-control': 'max-age=600', age: '500' }, 100_000],
  [{ 'cache-control': 'max-age=600', age: '900' }, 0],
  [{ 'cache-control': 'max-age=600', age: 'old' }, 600_000],
  [{ 'cache-control': 'max-age=600, s-maxage=60' }, 60_000],
  [{ 'cache-control': 'max-age=600, max-age=30' }, 30_000],
  [{ 'cache-control': 'max-age=1.5' }, 0],
  [{ 'cache-control': 'max-age=99999999999' }, 3_600_000],
  [{ date, expires: 'Wed, 21 Oct 2015 07:38:00 GMT' }, 600_000],
  [{ date, expires: 'Wednesday, 21-Oct-15 07:38:00 GMT', age: '60' }, 540_000],
  [{ date, expires: 'Wed Oct 21 07:38:00 2015' }, 600_000],
  [{ date, expires: '0' }, 0],
  [{ date, expires: 'Wed, 21 Oct 2015 06:00:00 GMT' }, 0],
  [{ date, expires: 'Wed, 21 Oct 2015 07:38:00 GMT', 'cache-control': 'max-age=60' }, 60_000],
] as [Record<string, string>, number | null][]) {
  test(`${JSON.stringify(headers)} makes the next request wait ${waitMs} ms`, async (t) => {
    const line = await knownLine(t);
    t.is((await line.hear(saying(whole, headers))).askedWaitMs, waitMs);
  });
}

test('the max-age of a truncated feed, or of one with an unreadable record, is ignored', async (t) => {
  const line = await knownLine(t);
  const fresh = { 'cache-control': 'max-age=600' };
  const cut = await line.hear(saying(whole.slice(0, -30), fresh));
  t.like(cut, { row: { outcome: 'incomplete' }, isWhole: false, askedWaitMs: null });
  const broken = await line.hear(saying(whole.replace('title="First"', 'title="First &nope;"'), fresh));
  t.like(broken, { row: { outcome: 'incomplete' }, isWhole: true, askedWaitMs: null });
});

test('a Retry-After date counts from the date of the answer, whatever the clocks show', async (t) => {
  const line = await knownLine(t);
  const asking = (headers: Record<string, string>): Answer => {
    return (_request, response) => void response.writeHead(503, headers).end();
  };
  const later = 'Wed, 21 Oct 2015 07:30:00 GMT';
  t.is((await line.hear(asking({ date, 'retry-after': later }))).askedWaitMs, 120_000);
  t.is((await line.hear(asking({ date: later, 'retry-after': date }))).askedWaitMs, 0);
  t.is(
    (await line.hear(asking({ date, 'retry-after': 'Wed, 21 Oct 2099 07:28:00 GMT' }))).askedWaitMs,
    3_600_000,
  );
  t.is((await line.hear(asking({ 'retry-after': 'soon' }))).askedWaitMs, 60_000);
});

const moved =
  (location: string): Answer =>
  (_request, response) =>
    void response.writeHead(302, { location }).end();

test('a redirect from http to https of the same host is followed, without the credentials; back to http is not', async (t) => {
  const seen: (string | undefined)[] = [];
  const secure = await tlsServerFor(t, ({ headers, url }, response) => {
    seen.push(headers.authorization, headers['x-key'] as string);
    if (url === '/feed') response.end(whole);
    else response.writeHead(302, { location: line.url }).end();
  });
  const line = await knownLine(t, { dispatcher: createProviderAgent({ trusted: secure.certificate }) });
  const headers = { authorization: 'Bearer hunter2', 'x-key': 'hunter3' };
  const { row } = await line.hear(moved(secure.url), { headers });
  t.like(row, { outcome: 'absorbed', code: null });
  t.like(line.asked.at(-1), headers);
  t.deepEqual(seen, [undefined, undefined]);

  const down = await line.hear(moved(secure.url.replace('/feed', '/down')));
  const origins = [secure.url, line.url].map((url) => new URL(url).origin);
  t.like(down.row, {
    outcome: 'failed',
    code: 'redirect_refused',
    message: `Got a redirect from ${origins.join(' to ')}, expected https to stay https.`,
  });
});

test('a redirect to a host that the entry names is followed, without the credentials, also on the way back', async (t) => {
  const seen: object[] = [];
  const elsewhere = await serverFor(t, ({ headers, url }, response) => {
    seen.push(headers);
    if (url === '/back') response.writeHead(302, { location: `${line.url}/end` }).end();
    else response.end(whole);
  });
  const line = await knownLine(t);
  const given = { headers: { authorization: 'Bearer hunter2' }, redirectHosts: [new URL(elsewhere).host] };
  const { row } = await line.hear(moved(elsewhere.replace('//', '//intruder:hunter4@')), given);
  t.like(row, { outcome: 'absorbed', code: null });
  t.false(JSON.stringify(seen).includes('authorization'));
  t.is(line.asked.at(-1)?.authorization, 'Bearer hunter2');

  const back: Answer = (request, response) => {
    if (request.url === '/feed/end') response.end(whole);
    else response.writeHead(302, { location: elsewhere.replace('/feed', '/back') }).end();
  };
  const own = { ...given, redirectHosts: ['127.0.0.1'] };
  t.like((await line.hear(back, own)).row, { outcome: 'unchanged', code: null });
  t.is(line.asked.at(-1)?.authorization, undefined);
});

test('redirects are limited: a circle fails at once, others after five', async (t) => {
  const line = await knownLine(t);
  const asked = (): number => line.asked.length;
  const before = asked();
  t.like((await line.hear(moved('/feed'))).row, { outcome: 'failed', code: 'redirect_refused' });
  t.is(asked() - before, 1);
  const endless = await line.hear(({ url }, response) => {
    response.writeHead(307, { location: `${url}x` }).end();
  });
  t.like(endless.row, { outcome: 'failed', code: 'redirect_refused', message: 'Got more than 5 redirects.' });
  t.is(asked() - before, 7);
});

test('305 is not followed, and a refusal after a redirect names where the credentials were left out', async (t) => {
  const line = await knownLine(t);
  const proxied = await line.hear(
    (_request, response) => void response.writeHead(305, { location: '/x' }).end(),
  );
  t.like(proxied.row, { code: 'http_status' });
  const elsewhere = await serverFor(t, (_request, response) => void response.writeHead(401).end());
  const given = { headers: { 'x-key': 'hunter2' }, redirectHosts: ['127.0.0.1'] };
  const { row } = await line.hear(moved(elsewhere), given);
  t.regex(
    row.message!,
    /^Got status 401, expected 200\. http:\/\/127.* redirects to http:\/\/127.*credentials are not sent\.$/,
  );
});
