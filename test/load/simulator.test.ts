import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get as httpGet } from 'node:http';
import test from 'ava';
import { startSimulator } from '../../load/simulator/server.ts';
import { get, read, refusalOf, simulatorFor, textOf } from './_simulator.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

test('a generated feed is well-formed and always the same, in both dialects', async (t) => {
  const simulator = await simulatorFor(t);
  for (const dialect of ['plan-list-xml', 'event-list-xml']) {
    const path = `/generated?dialect=${dialect}&seed=5&bases=300&plansPerBase=2&zonesPerPlan=4`;
    const xml = await textOf(simulator, path);
    t.is(read(xml).length, 300);
    t.is(digest(await textOf(simulator, path)), digest(xml));
    t.is(digest(await textOf(simulator, `${path}&gzip=1`)), digest(xml), 'fetch() decompresses');
  }
});

test('a revision over HTTP changes the requested number of records', async (t) => {
  const simulator = await simulatorFor(t);
  const [before, after] = await Promise.all(
    [4, 5].map(async (revision) =>
      read(await textOf(simulator, `/generated?bases=80&changed=9&revision=${revision}`)),
    ),
  );
  const changed = before?.filter((base, place) => JSON.stringify(base) !== JSON.stringify(after?.[place]));
  t.is(changed?.length, 9);
});

test('revision=auto advances with the clock', async (t) => {
  let nowMs = 5_000;
  const simulator = await simulatorFor(t, { now: () => nowMs });
  const path = '/generated?bases=20&changed=3';
  const fetched = async (query: string) => digest(await textOf(simulator, `${path}&${query}`));
  t.is(await fetched('revision=auto'), await fetched('revision=0'));
  nowMs += 2_500;
  t.is(await fetched('revision=auto'), await fetched('revision=2'));
  t.is(await fetched('revision=auto&everyMs=500'), await fetched('revision=5'));
});

test('an unchanged feed is not sent again to a client that knows its ETag', async (t) => {
  const simulator = await simulatorFor(t);
  const etag = (await get(simulator, '/generated?revision=1')).headers.get('etag');
  t.regex(String(etag), /^W\/"[0-9a-f]{32}"$/);
  const known = { 'if-none-match': etag };
  t.is((await get(simulator, '/generated?revision=1', known)).status, 304);
  t.is((await get(simulator, '/generated?revision=2', known)).status, 200);
  const blunt = await get(simulator, '/generated?revision=1&etag=0', known);
  t.is(blunt.status, 200);
  t.is(blunt.headers.get('etag'), null);
});

// Serial: the memory of concurrent tests would count.
test.serial('a client that does not read makes the feed wait', async (t) => {
  const simulator = await simulatorFor(t);
  const outgoing = httpGet(`${simulator.url}/generated?bases=1000000&zonesPerPlan=1000`, { agent: false });
  const [incoming] = await once(outgoing, 'response');
  incoming.pause();
  const before = process.memoryUsage().rss;
  await new Promise((resolve) => setTimeout(resolve, 500));
  t.true(process.memoryUsage().rss - before < 100_000_000, 'some hundred gigabytes would have come');
  outgoing.destroy();
});

test('a raw document is served byte for byte', async (t) => {
  const simulator = await simulatorFor(t);
  const bytes = Buffer.from([0, 0xff, 0x3c, 0x80]);
  const put = await fetch(`${simulator.url}/raw/odd.bin`, {
    method: 'POST',
    body: bytes,
    headers: { 'content-type': 'text/x-odd' },
  });
  t.is(put.status, 204);
  const answer = await get(simulator, '/raw/odd.bin');
  t.is(answer.headers.get('content-type'), 'text/x-odd');
  t.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes);

  simulator.setRaw('odd.bin', '<other/>');
  t.is(await textOf(simulator, '/raw/odd.bin?truncateAt=5'), '<othe');
  t.is(simulator.requests.get('/raw/odd.bin'), 2);
});

test('the number and size of raw documents are limited', async (t) => {
  const simulator = await simulatorFor(t);
  const tooLong = Buffer.alloc(64 * 1024 * 1024 + 1);
  t.throws(() => simulator.setRaw('large', tooLong), { message: /expected at most 67108864/ });
  const answer = await fetch(`${simulator.url}/raw/large`, { method: 'POST', body: tooLong }).catch(
    () => undefined,
  );
  t.true(answer === undefined || answer.status === 413, 'refused, or cut off while sending');
  t.throws(() => simulator.setRaw('../x', ''), { message: /"\.\.\/x"/ });
  for (let count = 0; count < 100; count++) simulator.setRaw(`n${count}`, '');
  t.throws(() => simulator.setRaw('n100', ''), { message: /the 100 that are kept/ });
  t.notThrows(() => simulator.setRaw('n99', 'replaced'));
});

test('an invalid request gets a 400 that names the fault', async (t) => {
  const simulator = await simulatorFor(t);
  const refused = {
    '/plans?response=4': /response "4", expected a whole number from 1 to 3/,
    '/plans?respond=1': /Got "respond", expected only response, repeat, loop/,
    '/plans?response=1&response=2': /"response" more than once/,
    '/events?loop=yes': /loop "yes", expected 0 or 1/,
    '/generated?dialect=xml': /plan-list-xml or event-list-xml/,
    '/generated?bases=1e3': /bases "1e3"/,
    '/generated?bases=1000001': /from 0 to 1000000/,
    '/generated?longShare=1.5': /a share from 0 to 1/,
    '/generated?firstDay=2026-02-30': /firstDay "2026-02-30"/,
    '/generated?revision=now': /a whole number from 0 to 1000000000, or auto/,
    '/generated?bases=2&changed=3': /changedPerRevision 3, expected at most the 2 bases/,
    '/plans?status=abc': /status "abc"/,
  };
  for (const [path, message] of Object.entries(refused)) {
    const answer = await get(simulator, path);
    t.is(answer.status, 400, path);
    t.regex(await refusalOf(answer), message);
  }
  t.is(simulator.requests.size, 0, 'none of them counts as a fetch');
});

test('an unknown path gets a 404, and the front page lists the routes', async (t) => {
  const simulator = await simulatorFor(t);
  t.is((await get(simulator, '/raw/nothing')).status, 404);
  t.is((await get(simulator, '/feed')).status, 404);
  t.is((await get(simulator, '/constructor')).status, 404);
  t.is((await fetch(`${simulator.url}/plans`, { method: 'POST' })).status, 404);
  t.regex(await textOf(simulator, '/'), /GET {2}\/generated/);
});

test('a port in use is an error, not a crash', async (t) => {
  const { port } = await simulatorFor(t);
  await t.throwsAsync(startSimulator({ port }), { code: 'EADDRINUSE' });
});

test('the command serves until SIGTERM', async (t) => {
  const child = spawn(process.execPath, ['load/simulator.ts', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(String(line))?.[0];
  t.is((await fetch(`${url}/plans`)).status, 200);
  child.kill('SIGTERM');
  t.deepEqual(await once(child, 'exit'), [0, null]);
});

test('the command refuses an invalid port', async (t) => {
  const child = spawn(process.execPath, ['load/simulator.ts', '--port', '70000'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said] = await once(child.stderr, 'data');
  t.regex(String(said), /Got --port 70000, expected a number from 0 to 65535\./);
  t.deepEqual(await once(child, 'exit'), [64, null]);
});
