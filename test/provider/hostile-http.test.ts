// Providers that fail at the HTTP level: statuses, deadlines, connections. `knownLine` checks after each run that known events
// are searchable unchanged, and that nothing is withdrawn.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { connect } from 'node:net';
import test from 'ava';
import { createProviderAgent } from '#/provider/http/agent.ts';
import { base, feed, feedOf, record } from '../_support/feeds.ts';
import { first, knownBases, knownLine, last, saying, serverFor, type Answer } from './_line.ts';

const whole = Buffer.from(feed([first, ...knownBases, last]));

for (const status of [500, 502, 404, 204, 206]) {
  test(`a status ${status} fails the run, whatever its body says`, async (t) => {
    const line = await knownLine(t);
    const { row } = await line.hear((_request, response) => void response.writeHead(status).end(feed([])));
    t.like(row, { outcome: 'failed', code: 'http_status', message: `Got status ${status}, expected 200.` });
    t.like(row.findings[0], { code: 'http_status', severity: 'error', times: 1 });
  });
}

test('an empty 503 fails the run, and its Retry-After is reported', async (t) => {
  const line = await knownLine(t);
  const answer: Answer = (_request, response) => void response.writeHead(503, { 'retry-after': '120' }).end();
  const run = await line.hear(answer);
  t.like(run.row, { outcome: 'failed', code: 'http_status' });
  t.is(run.askedWaitMs, 120_000);
});

test('a Retry-After of a year counts as an hour, in seconds and as a date', async (t) => {
  const line = await knownLine(t);
  const asking =
    (retryAfter: string): Answer =>
    (_request, response) =>
      void response.writeHead(503, { 'retry-after': retryAfter }).end();
  t.is((await line.hear(asking('31536000'))).askedWaitMs, 3_600_000);
  t.is((await line.hear(asking('Wed, 21 Oct 2099 07:28:00 GMT'))).askedWaitMs, 3_600_000);
});

test('a port without a listener fails the run', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear(whole, { url: 'http://127.0.0.1:1/feed' });
  t.like(row, { outcome: 'failed', code: 'unreachable' });
});

test('a connection that is never accepted ends at its deadline', async (t) => {
  // A thread that listens with a backlog of one and never accepts.
  const listener = `
    const { parentPort } = require('node:worker_threads');
    const server = require('node:net').createServer();
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      parentPort.postMessage(server.address().port);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;
  const deaf = new Worker(listener, { eval: true });
  t.teardown(() => deaf.terminate());
  const [port] = (await once(deaf, 'message')) as [number];
  const filling = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  t.teardown(() => filling.forEach((socket) => socket.destroy()));
  await once(filling[0]!, 'connect');

  const line = await knownLine(t, { dispatcher: createProviderAgent({ connectMs: 300 }) });
  const { row } = await line.hear(whole, { url: `http://127.0.0.1:${port}/feed` });
  t.like(row, { outcome: 'failed', code: 'timed_out' });
});

test('headers that never arrive end at their deadline', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear(() => undefined, { limits: { headersMs: 200 } });
  t.like(row, { outcome: 'failed', code: 'timed_out' });
});

test('a body that stalls ends at its deadline, and the records before are taken', async (t) => {
  const line = await knownLine(t);
  const stalled: Answer = (_request, response) => {
    response.writeHead(200, { 'content-length': whole.length });
    response.write(whole.subarray(0, whole.indexOf('A Tale')));
  };
  const { row } = await line.hear(stalled, { limits: { idleMs: 300 } });
  t.like(row, { outcome: 'incomplete', code: 'timed_out', counts: { records: 2, added: 1, withdrawn: 0 } });
  t.true((await line.titles()).includes('First'));
});

/** Never idle for long, and never complete. */
const dripping =
  (bytes: Uint8Array, everyMs: number): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    let at = 0;
    const timer = setInterval(() => void response.write(bytes.subarray(at, ++at)), everyMs);
    response.on('close', () => clearInterval(timer));
  };

test('an endless slow body ends at the deadline of the run', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear(dripping(whole, 20), { limits: { totalMs: 600 } });
  t.like(row, { outcome: 'failed', code: 'timed_out' });
});

test('a body below the minimum rate is stopped long before the deadline of the run', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear(dripping(whole, 50), { limits: { bytesPerSecondMin: 1000 } });
  t.like(row, { outcome: 'failed', code: 'too_slow' });
});

test('a connection that is reset in the body loses only what had not arrived', async (t) => {
  const line = await knownLine(t);
  const cut = whole.indexOf('007');
  const { row } = await line.hear((_request, response) => {
    response.writeHead(200, { 'content-length': whole.length });
    response.write(whole.subarray(0, cut), () => setTimeout(() => response.socket?.resetAndDestroy(), 50));
  });
  t.is(row.outcome, 'incomplete');
  t.true(row.code === 'connection_lost' || row.code === 'feed_truncated', `${row.code}`);
  t.true((await line.titles()).includes('First'));
});

test('a connection that ends before its Content-Length makes the feed incomplete', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear((_request, response) => {
    response.writeHead(200, { 'content-length': whole.length + 10 });
    response.write(whole, () => response.socket?.end());
  });
  t.is(row.outcome, 'incomplete');
  t.true(row.code === 'connection_lost' || row.code === 'feed_truncated', `${row.code}`);
  t.deepEqual(row.counts['added'], 2);
});

test('a chunked body without its last chunk is an incomplete feed', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear((_request, response) => {
    response.writeHead(200, { 'transfer-encoding': 'chunked' });
    response.write(whole, () => response.socket?.end());
  });
  t.is(row.outcome, 'incomplete');
  t.true(row.code === 'connection_lost' || row.code === 'feed_truncated', `${row.code}`);
});

test('a Content-Length shorter than the body truncates the feed, which is noticed, and the next run works', async (t) => {
  const line = await knownLine(t);
  const short = whole.indexOf('A Tale');
  const { row } = await line.hear((_request, response) => {
    response.writeHead(200, { 'content-length': short });
    response.end(whole);
  });
  t.is(row.outcome, 'incomplete');
  t.is(row.code, 'feed_truncated');
  t.true((await line.titles()).includes('First'));
  const next = await line.hear(whole);
  t.like(next.row, { outcome: 'absorbed', code: null });
});

test('a redirect on the same host is followed', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear((request, response) => {
    if (request.url === '/moved') response.end(whole);
    else response.writeHead(302, { location: '/moved' }).end();
  });
  t.like(row, { outcome: 'absorbed', code: null, counts: { added: 2 } });
});

test('circular redirects fail the run', async (t) => {
  const line = await knownLine(t);
  const circle: Answer = (_request, response) => void response.writeHead(302, { location: '/feed' }).end();
  const { row } = await line.hear(circle);
  t.like(row, { outcome: 'failed', code: 'redirect_refused' });
  t.true(line.asked.length <= 6);
});

test('a redirect to another host is not followed', async (t) => {
  let lured = 0;
  const elsewhere = await serverFor(t, (_request, response) => {
    lured++;
    response.end(feed([base({ id: 'stolen' })]));
  });
  const line = await knownLine(t);
  for (const location of [elsewhere, elsewhere.replace('http:', ''), 'file:///etc/passwd', 'http://[']) {
    const { row } = await line.hear((_request, response) => void response.writeHead(301, { location }).end());
    t.like(row, { outcome: 'failed', code: 'redirect_refused' });
  }
  t.is(lured, 0);
});

test('endless headers fail the run', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear((_request, response) => {
    response.socket?.write('HTTP/1.1 200 OK\r\n');
    const header = `x-more: ${'x'.repeat(8000)}\r\n`;
    for (let i = 0; i < 50; i++) response.socket?.write(header);
  });
  t.is(row.outcome, 'failed');
});

test('an answer that is not HTTP fails the run', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear((_request, response) => void response.socket?.end('220 ftp ready\r\n'));
  t.is(row.outcome, 'failed');
});

test('the run after a failed one continues from the last complete one', async (t) => {
  const line = await knownLine(t);
  await line.hear((_request, response) => void response.writeHead(500).end());
  const again = await line.hear(feed(knownBases));
  t.like(again.row, { outcome: 'unchanged', code: null, counts: { records: 2, unchanged: 2, parsed: 0 } });
  const more = await line.hear(saying(feedOf([record(first), ...knownBases.map((one) => record(one))])));
  t.like(more.row, { outcome: 'absorbed', counts: { records: 3, unchanged: 2, parsed: 1, added: 1 } });
});
