// Which failed fetches are tried again, how often, and what never is: against a server that counts its requests.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import test, { type ExecutionContext } from 'ava';
import { Agent } from 'undici';
import { FeedFault } from '#/provider/fault.ts';
import { fetchWithRetries } from '#/provider/http/retries.ts';
import { limits } from '../../_support/limits.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

interface Fetched {
  /** The feed, or that it has not changed; or the fault's code and status. */
  readonly result: string;
  readonly requests: number;
}

const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Handler =>
  (_, response) =>
    void response.writeHead(code, headers).end();
const feed: Handler = (_, response) => void response.end('<feed/>');
const hangUp: Handler = ({ socket }) => void socket.destroy();
const silence: Handler = () => undefined;
const brokenOff: Handler = (_, response) =>
  void response.writeHead(200, { 'content-length': '100' }).write('<feed', () => response.destroy());

/** Fetches once from a server that answers its requests with `answers`, and all further ones with the last. */
async function fetchFrom(
  t: ExecutionContext,
  answers: readonly [Handler, ...Handler[]],
  etag: string | null = null,
  stop = new AbortController().signal,
): Promise<Fetched> {
  let requests = 0;
  const server = createServer((request, response) => {
    const answer = answers[Math.min(requests++, answers.length - 1)] ?? feed;
    answer(request, response);
  });
  const dispatcher = new Agent();
  t.teardown(async () => {
    await dispatcher.destroy();
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const from = {
    url: `http://127.0.0.1:${port}/feed`,
    headers: {},
    redirectHosts: [],
    limits: { ...limits, headersMs: 500 },
  };
  try {
    const fetched = await fetchWithRetries(from, { etag, lastModified: null }, dispatcher, stop);
    return { result: 'notModified' in fetched ? 'not modified' : await text(fetched.chunks), requests };
  } catch (error) {
    if (!(error instanceof FeedFault)) throw error;
    return { result: error.status === null ? error.code : `${error.code} ${error.status}`, requests };
  }
}

for (const [what, answers, expected] of [
  ['a feed is fetched once', [feed], { result: '<feed/>', requests: 1 }],
  ['the feed after a failure is taken', [status(502), feed], { result: '<feed/>', requests: 2 }],
  ['the feed after two failures is taken', [hangUp, status(503), feed], { result: '<feed/>', requests: 3 }],
  [
    'a third failure is the last',
    [status(500), hangUp, status(504), feed],
    { result: 'http_status 504', requests: 3 },
  ],
  [
    'a connection that is closed without an answer is tried again',
    [hangUp],
    { result: 'connection_lost', requests: 3 },
  ],
  [
    'what the provider refuses is not asked for again',
    [status(403), feed],
    { result: 'http_status 403', requests: 1 },
  ],
  ['a missing feed is not asked for again', [status(404), feed], { result: 'http_status 404', requests: 1 }],
  [
    'a provider that limits its clients is left alone',
    [status(429), feed],
    { result: 'http_status 429', requests: 1 },
  ],
  [
    'an unexpected success is not tried again',
    [status(204), feed],
    { result: 'http_status 204', requests: 1 },
  ],
  [
    'a 304 that nobody asked for is not tried again',
    [status(304), feed],
    { result: 'not_modified_unasked 304', requests: 1 },
  ],
  [
    'a redirect elsewhere is not tried again',
    [status(302, { location: 'http://elsewhere.test/' }), feed],
    { result: 'redirect_refused', requests: 1 },
  ],
  ['a wait of no answer is not repeated', [silence, feed], { result: 'timed_out', requests: 1 }],
  [
    'a body that breaks off is not fetched again',
    [brokenOff, feed],
    { result: 'feed_truncated', requests: 1 },
  ],
] as const) {
  test(what, async (t) => {
    t.deepEqual(await fetchFrom(t, answers), expected);
  });
}

for (const code of [500, 502, 503, 504]) {
  test(`status ${code} is tried three times, and once where the provider says when to return`, async (t) => {
    const again = { result: `http_status ${code}`, requests: 3 };
    t.deepEqual(await fetchFrom(t, [status(code)]), again);
    const retryAfter = [status(code, { 'retry-after': '0' }), feed] as const;
    t.deepEqual(await fetchFrom(t, retryAfter), { ...again, requests: 1 });
  });
}

test('a retry sends the validators again', async (t) => {
  const sent: unknown[] = [];
  const conditional: Handler = (request, response) => {
    sent.push(request.headers['if-none-match']);
    response.writeHead(sent.length === 1 ? 503 : 304).end();
  };
  t.deepEqual(await fetchFrom(t, [conditional], '"v1"'), { result: 'not modified', requests: 2 });
  t.deepEqual(sent, ['"v1"', '"v1"']);
});

test('a stop between two attempts ends the fetch without another request', async (t) => {
  const stop = new AbortController();
  const stopped: Handler = (request, response) => {
    status(503)(request, response);
    stop.abort();
  };
  t.is((await fetchFrom(t, [stopped], null, stop.signal)).requests, 1);
});

test('a server that is not there is asked three times', async (t) => {
  let requests = 0;
  const agent = new Agent();
  t.teardown(() => agent.destroy());
  const dispatcher = agent.compose((dispatch) => (options, handler) => {
    requests++;
    return dispatch(options, handler);
  });
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  const from = { url: `http://127.0.0.1:${port}/`, headers: {}, redirectHosts: [], limits };
  const validators = { etag: null, lastModified: null };
  const stop = new AbortController().signal;
  await t.throwsAsync(fetchWithRetries(from, validators, dispatcher, stop), {
    instanceOf: FeedFault,
    code: 'unreachable',
  });
  t.is(requests, 3);
});
