import { request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import type { Simulator } from '../../load/simulator/server.ts';
import { get, read, refusalOf, simulatorFor, textOf } from './_simulator.ts';

interface Received {
  readonly bytes: number;
  readonly fault: string | undefined;
}

/** Reads a body with node:http, which distinguishes a complete body from a truncated one. */
async function receive(simulator: Simulator, path: string): Promise<Received> {
  const outgoing = httpRequest(`${simulator.url}${path}`, { agent: false }).end();
  const [incoming] = await once(outgoing, 'response');
  let bytes = 0;
  try {
    for await (const chunk of incoming) bytes += chunk.length;
    return { bytes, fault: undefined };
  } catch (error) {
    return { bytes, fault: (error as NodeJS.ErrnoException).code };
  }
}

test('latency comes before the answer', async (t) => {
  const simulator = await simulatorFor(t);
  const startedMs = performance.now();
  t.is((await get(simulator, '/plans?latencyMs=300')).status, 200);
  t.true(performance.now() - startedMs >= 290);
});

test('a status has no body, and a Retry-After if requested', async (t) => {
  const simulator = await simulatorFor(t);
  const answer = await get(simulator, '/generated?status=503&retryAfterSeconds=7');
  t.is(answer.status, 503);
  t.is(answer.headers.get('retry-after'), '7');
  t.is(await answer.text(), '');
});

test('a truncated body looks complete', async (t) => {
  const simulator = await simulatorFor(t);
  t.deepEqual(await receive(simulator, '/plans?truncateAt=500'), { bytes: 500, fault: undefined });
  t.deepEqual(await receive(simulator, '/generated?truncateAt=150000'), { bytes: 150_000, fault: undefined });
  t.deepEqual(await receive(simulator, '/plans?truncateAt=0'), { bytes: 0, fault: undefined });
});

test('a reset destroys the socket after the requested number of bytes', async (t) => {
  const simulator = await simulatorFor(t);
  t.deepEqual(await receive(simulator, '/plans?truncateAt=500&cut=reset'), {
    bytes: 500,
    fault: 'ECONNRESET',
  });
  t.deepEqual(await receive(simulator, '/generated?truncateAt=150000&cut=reset'), {
    bytes: 150_000,
    fault: 'ECONNRESET',
  });
});

test('a feed that is shorter than the limit arrives whole', async (t) => {
  const simulator = await simulatorFor(t);
  t.is(read(await textOf(simulator, '/plans?truncateAt=1000000&cut=reset')).length, 3);
  t.is(read(await textOf(simulator, '/plans?response=1&stallAfter=1000000')).length, 3);
});

test('truncation counts compressed bytes', async (t) => {
  const simulator = await simulatorFor(t);
  t.is(
    (await receive(simulator, '/plans?gzip=1&truncateAt=100')).bytes,
    100,
    'not compressed unless accepted',
  );
  const outgoing = httpRequest(`${simulator.url}/plans?gzip=1&truncateAt=100`, {
    agent: false,
    headers: { 'accept-encoding': 'gzip' },
  }).end();
  const [incoming] = await once(outgoing, 'response');
  t.is(incoming.headers['content-encoding'], 'gzip');
  const body = Buffer.concat(await incoming.toArray());
  t.is(body.length, 100);
  t.throws(() => gunzipSync(body), { code: 'Z_BUF_ERROR' });
});

test('a slow body arrives at the requested rate', async (t) => {
  const simulator = await simulatorFor(t);
  const startedMs = performance.now();
  t.is((await receive(simulator, '/plans?truncateAt=1000&dripBytesPerSecond=2000')).bytes, 1_000);
  const tookMs = performance.now() - startedMs;
  t.true(tookMs > 450 && tookMs < 5_000, `${tookMs} ms`);
});

test('a stalled body sends nothing more until the client disconnects', async (t) => {
  const simulator = await simulatorFor(t);
  const outgoing = httpRequest(`${simulator.url}/plans?stallAfter=700`, { agent: false }).end();
  const [incoming] = await once(outgoing, 'response');
  let bytes = 0;
  let ended = false;
  incoming.on('data', (chunk: Buffer) => (bytes += chunk.length)).on('end', () => (ended = true));
  while (bytes < 700) await new Promise((resolve) => setTimeout(resolve, 10));
  await new Promise((resolve) => setTimeout(resolve, 300));
  t.is(bytes, 700);
  t.false(ended);
  outgoing.destroy();
});

test('closing the simulator ends stalled and delayed answers', async (t) => {
  const simulator = await simulatorFor(t);
  const stalled = receive(simulator, '/plans?stallAfter=10');
  const late = t.throwsAsync(get(simulator, '/plans?latencyMs=60000'));
  while (simulator.requests.get('/plans') !== 2) await new Promise((resolve) => setTimeout(resolve, 10));
  await simulator.close();
  t.is((await stalled).fault, 'ECONNRESET');
  await late;
});

test('an HTML page replaces the feed, with status 200', async (t) => {
  const simulator = await simulatorFor(t);
  const { headers } = await get(simulator, '/plans?response=1');
  const answer = await get(simulator, '/plans?body=html', { 'if-none-match': headers.get('etag') });
  t.is(answer.status, 200);
  t.is(answer.headers.get('content-type'), 'text/html; charset=utf-8');
  t.regex(await answer.text(), /^<!DOCTYPE html>/);
});

test('a fetch with a fault that spoils it does not advance the story', async (t) => {
  const simulator = await simulatorFor(t);
  for (const fault of ['status=500', 'body=html', 'truncateAt=9', 'truncateAt=9&cut=reset']) {
    await receive(simulator, `/events?${fault}`);
  }
  t.is(
    read(await textOf(simulator, '/events'))
      .map((base) => base.id)
      .join(),
    '291,322,1591',
  );
  t.is(simulator.requests.get('/events'), 5);
});

test('misbehaviour can be set for every feed, and removed', async (t) => {
  const simulator = await simulatorFor(t);
  const body = JSON.stringify({ status: 503, retryAfterSeconds: 2 });
  const set = await fetch(`${simulator.url}/misbehave`, { method: 'POST', body });
  t.deepEqual(await set.json(), { status: 503, retryAfterSeconds: 2 });
  for (const path of ['/plans', '/events', '/generated']) t.is((await get(simulator, path)).status, 503);
  t.is((await get(simulator, '/plans?status=500')).status, 500, 'the query wins');
  t.is((await fetch(`${simulator.url}/misbehave`, { method: 'DELETE' })).status, 204);
  t.is((await get(simulator, '/plans')).status, 200);

  simulator.misbehave({ body: 'html' });
  t.regex(await textOf(simulator, '/generated'), /502 Bad Gateway/);
  simulator.misbehave(null);
  t.is((await get(simulator, '/generated')).headers.get('content-type'), 'application/xml; charset=utf-8');
});

test('unknown misbehaviour is refused', async (t) => {
  const simulator = await simulatorFor(t);
  const refused = {
    '[]': /JSON object/,
    null: /JSON object/,
    no: /JSON object/,
    '{"statuss":503}': /"statuss"/,
    '{"status":99}': /status 99, expected a whole number from 200 to 599/,
    '{"cut":"up"}': /end or reset/,
    '{"latencyMs":1e9}': /latencyMs/,
    '{"truncateAt":-1}': /truncateAt -1/,
    '{"dripBytesPerSecond":0}': /drip/,
  };
  for (const [body, message] of Object.entries(refused)) {
    const answer = await fetch(`${simulator.url}/misbehave`, { method: 'POST', body });
    t.is(answer.status, 400, body);
    t.regex(await refusalOf(answer), message);
  }
  t.throws(() => simulator.misbehave({ status: 1 }), { message: /status 1, expected/ });
  t.is((await get(simulator, '/plans')).status, 200, 'nothing of it is in force');
});
