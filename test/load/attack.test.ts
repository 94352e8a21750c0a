// `npm run load -- attack` and `compare`: the tests of numbers are seeded, and a server of this file answers the requests.

import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { differences } from '../../load/attack/compare.ts';
import { createLatencyHistogram, histogramLog } from '../../load/attack/histogram.ts';
import { profileWorkers } from '../../load/attack/profile.ts';
import { findKnee } from '../../load/attack/knee.ts';
import { pathsIn } from '../../load/attack/queries.ts';
import { rankSumProbability } from '../../load/attack/rank-sum.ts';
import { thresholdOf } from '../../load/attack/thresholds.ts';
import type { AttackReport, RoundReport } from '../../load/attack/report.ts';
import { findProgram } from '../../load/kit/program.ts';
import { witness, witnessTable } from '../../load/witness/witness.ts';
import { root, run } from '../system/_system.ts';

/** A linear congruential generator of numbers from 0 to 1; constants of Numerical Recipes. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

const seed = Number(process.env['SEED'] ?? 20_261_128);

/** Rounds of one system: each measure varies by a few percent; latencies are skewed, as real ones are. */
function roundsOf(random: () => number, count: number, factor = 1): RoundReport[] {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: count }, () => ({
    perSecond: 5000 * factor * (1 + 0.03 * normal()),
    p50: (0.4 / factor) * Math.exp(0.05 * normal()),
    p90: 1,
    p99: (2 / factor) * Math.exp(0.2 * normal()),
    p999: 5,
    max: 9,
    errors: 0,
  }));
}

test('two runs of one system differ in at most one comparison of 20', (t) => {
  t.log(`SEED=${seed}`);
  const random = randomFrom(seed);
  const comparisons = 400;
  let alarms = 0;
  for (let i = 0; i < comparisons; i++) {
    const found = differences(roundsOf(random, 10), roundsOf(random, 10));
    if (found.some(({ judgement }) => judgement !== 'the same')) alarms++;
  }
  t.log(`${alarms} of ${comparisons}`);
  // Two standard deviations of chance above 5 %.
  t.true(alarms / comparisons <= 0.05 + 2 * Math.sqrt((0.05 * 0.95) / comparisons), `${alarms} alarms`);
});

test('a loss of 5 % is found', (t) => {
  t.log(`SEED=${seed}`);
  const random = randomFrom(seed);
  let found = 0;
  for (let i = 0; i < 60; i++) {
    const rate = differences(roundsOf(random, 20), roundsOf(random, 20, 0.95)).find(
      ({ name }) => name === 'perSecond',
    );
    if (rate?.judgement === 'worse') found++;
    t.not(rate?.judgement, 'better');
  }
  t.log(`${found} of 60`);
  t.true(found >= 57, `${found} of 60`);
});

test('the probability of a rank sum is that of all arrangements', (t) => {
  const random = randomFrom(seed);
  for (let i = 0; i < 50; i++) {
    const values = Array.from({ length: 7 }, () => random());
    const uOf = (own: readonly number[]): number =>
      own.reduce(
        (sum, at) => sum + values.filter((value, j) => !own.includes(j) && value < values[at]!).length,
        0,
      );
    const subsets = subsetsOf(7, 3);
    const [u, middle] = [uOf([0, 1, 2]), 6];
    const atLeast = subsets.filter((own) => Math.abs(uOf(own) - middle) >= Math.abs(u - middle)).length;
    const p = rankSumProbability(values.slice(0, 3), values.slice(3));
    t.true(Math.abs(p - atLeast / subsets.length) < 1e-12, `${p}`);
  }
  // Table of the Mann–Whitney test, two-sided 5 %: for 10 and 10 values the critical U is 23.
  const shifted = (by: number): number =>
    rankSumProbability(
      [...Array(10).keys()],
      [...Array(10).keys()].map((n) => n + by + 0.5),
    );
  t.true(shifted(9) < 0.001);
  t.true(shifted(0) > 0.5);
  t.is(rankSumProbability([1, 1, 1], [1, 1, 1]), 1, 'ties only');
});

function subsetsOf(size: number, count: number): number[][] {
  const all = Array.from({ length: 2 ** size }, (_, bits) =>
    Array.from({ length: size }, (_unused, i) => i).filter((i) => (bits >> i) & 1),
  );
  return all.filter((own) => own.length === count);
}

test('the knee is the highest rate that holds', async (t) => {
  for (const limit of [1, 90, 100, 137, 5000, 99_999, 2_000_000]) {
    const tried: number[] = [];
    const holds = (rate: number): Promise<boolean> => Promise.resolve(tried.push(rate) > 0 && rate <= limit);
    const knee = await findKnee(holds, { from: 100, max: 1_000_000, precision: 0.05 });
    if (limit < 100) t.is(knee, 0);
    else t.true(knee <= limit && knee >= Math.min(limit / 1.05 - 1, 1_000_000), `${limit}: ${knee}`);
    t.true(tried.length < 30, `${tried.length} steps`);
  }
});

test('queries are paths, or lines of the access log', (t) => {
  const text = `# comment\n/search\n\n{"level":30,"msg":"started"}\n{"level":30,"msg":"request","url":"/search?starts_at=2026-01-01"}\n{broken\n`;
  t.deepEqual(pathsIn(text), ['/search', '/search?starts_at=2026-01-01']);
  t.throws(() => pathsIn('search\n'), { message: /^Got "search" in line 1 of the queries, expected a path/ });
  t.throws(() => pathsIn('\n'), { message: /expected at least one/ });
});

test('a threshold holds up to its limit', (t) => {
  const latency = { p50: 1, p90: 2, p99: 5, p999: 7, max: 9 };
  const totals = { latency, errors: 0.001, rate: 0.95 };
  for (const text of ['p99=5ms', 'p99=0.005s', 'errors=0.1%', 'rate=95%'])
    t.is(thresholdOf(text).violation(totals), null, text);
  for (const text of ['p99=4.9ms', 'max=8ms', 'errors=0%', 'rate=96%'])
    t.truthy(thresholdOf(text).violation(totals), text);
  for (const text of ['p98=5ms', 'p99=5', 'p99=5%', 'errors=1ms', 'rate', ''])
    t.throws(() => thresholdOf(text), { message: /^Got the threshold / }, text);
});

test('the log of histograms can be read, and has what was recorded', (t) => {
  const histogram = createLatencyHistogram();
  for (let ms = 1; ms <= 1000; ms++) histogram.record(ms);
  const log = histogramLog([{ startedAt: 5000, endedAt: 6000, histogram }]);
  t.regex(log, /^#\[Histogram log format version 1\.3\]/);
  const encoded = log.trim().split('\n').at(-1)!.split(',').at(-1)!;
  const read = decodeFromCompressedBase64(encoded);
  t.is(read.totalCount, 1000);
  t.true(Math.abs(read.getValueAtPercentile(99) - 990_000) < 1000);
  t.regex(histogram.hgrm(), /^ *Value +Percentile +TotalCount/);
});

test('a histogram is corrected for requests that a driver did not send while it waited', (t) => {
  const histogram = createLatencyHistogram();
  for (let i = 0; i < 100; i++) histogram.record(10);
  histogram.record(1000);
  // 99 requests were due while the last one was answered: they would have taken 990 ms, 980 ms and so on.
  const { p50, p99, max } = histogram.corrected(10).percentiles();
  t.is(histogram.percentiles().p99, histogram.percentiles().p50);
  t.true(p50 < 20 && p99 > 900 && p99 < 1000, JSON.stringify({ p50, p99, max }));
  t.is(max, histogram.percentiles().max);
});

/** `delayMs` is how long each answer takes. Counts the paths. */
async function startServer(
  t: ExecutionContext,
  delayMs = 0,
): Promise<{ url: string; asked: Map<string, number> }> {
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    asked.set(request.url ?? '', (asked.get(request.url ?? '') ?? 0) + 1);
    setTimeout(() => response.end('{}'), delayMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test('an attack sends every query at its rate, writes its files, and its thresholds set the exit code', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'marquee-attack-'));
  const name = `test-${process.pid}`;
  t.teardown(async () => {
    await rm(directory, { recursive: true, force: true });
    for (const end of ['.json', '.hlog', '.hgrm'])
      await rm(join(root, 'load/reports', name + end), { force: true });
  });
  const { url, asked } = await startServer(t, 30);
  const [queries, history] = [join(directory, 'queries.txt'), join(directory, 'history')];
  await writeFile(queries, '/search\n/search?starts_at=2026-01-01\n');
  const common = [
    'attack',
    '--url',
    url,
    '--rate',
    '100',
    '--duration',
    '1s',
    '--rounds',
    '5',
    '--name',
    name,
  ];
  const files = ['--queries', queries, '--history', history];
  const strict = run(t, 'load/main.ts', {}, [...common, ...files, '--threshold', 'p50=10ms']);
  t.is(await strict.ended, 1, strict.output());
  t.regex(strict.output(), /^EXCEEDED: p50=10ms: p50 is \d+\.\d\d ms$/m);
  t.deepEqual(
    [...asked],
    [
      ['/search', 50],
      ['/search?starts_at=2026-01-01', 50],
    ],
  );
  const path = join(root, 'load/reports', `${name}.json`);
  const report = JSON.parse(await readFile(path, 'utf8')) as AttackReport;
  t.is(report.rounds.length, 5);
  t.true(report.totals.latency.p50 >= 29);
  t.is(report.totals.errors, 0);
  t.is((await readFile(join(root, 'load/reports', `${name}.hlog`), 'utf8')).match(/^\d/gm)?.length, 5);
  t.deepEqual(JSON.parse(await readFile(history, 'utf8')), report);

  const same = run(t, 'load/main.ts', {}, ['compare', path, history]);
  t.is(await same.ended, 0, same.output());
  t.regex(same.output(), /perSecond.*1\.0000.*the same/);
});

test('other tools measure the latency of the same server, in turns', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'marquee-witness-'));
  t.teardown(() => rm(home, { recursive: true, force: true }));
  const { url, asked } = await startServer(t, 30);
  const wrk = await findProgram('wrk');
  const job = { url, connections: 2, seconds: 0.3, timeoutSeconds: 10, rounds: 1, home };
  const requests = ['/search', '/search?tool'].map((path) => ({ path }));
  const stop = new AbortController().signal;
  const found = await witness({ ...job, requests, wrk, stop });
  t.deepEqual(found.failures, []);
  for (const [tool, readings] of Object.entries({ ...found, wrk: found.wrk ?? [] })) {
    if (!Array.isArray(readings)) continue;
    for (const { p50, p99 } of readings as readonly { p50: number; p99: number }[])
      t.true(p50 >= 29 && p99 >= p50, `${tool}: ${p50} ms, ${p99} ms`);
  }
  t.deepEqual(
    [found.own.length, found.autocannon.length, found.wrk?.length],
    [1, 1, wrk === null ? undefined : 1],
  );
  t.deepEqual([...asked.keys()].toSorted(), ['/search', '/search?tool']);
  const without = await witness({ ...job, requests, wrk: null, stop });
  t.is(witnessTable(without, 'here').rows.at(-1)?.[0], 'wrk: not installed');
});

test('an attack profiles the workers by the admin port', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'marquee-profile-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  const callFrame = { functionName: 'select', url: 'file:///app/src/search/search.ts', lineNumber: 9 };
  const nodes = [
    { id: 1, callFrame: { functionName: '(root)', url: '', lineNumber: -1 }, children: [2] },
    { id: 2, callFrame },
  ];
  const profile = { nodes, samples: [2], timeDeltas: [1000] };
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? 'none'}`);
    const isAllowed = request.headers.authorization === 'Bearer secret';
    response.statusCode = isAllowed ? 200 : 401;
    const workers = [{ slot: 0 }, { slot: 1 }];
    response.end(JSON.stringify(request.url === '/status' ? { workers } : profile));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => server.close().closeAllConnections());
  const admin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = new AbortController().signal;
  await t.throwsAsync(profileWorkers(admin, 1, '', stop), { message: /status: got status 401/ });
  asked.splice(0);
  const page = await (await profileWorkers(admin, 600, 'secret', stop)).write(directory, 'one');
  t.deepEqual(asked.toSorted(), [
    'GET /status Bearer secret',
    'POST /profile?slot=0&seconds=60 Bearer secret',
    'POST /profile?slot=1&seconds=60 Bearer secret',
  ]);
  t.regex(await readFile(page, 'utf8'), /<h2>src\/api\/api\.ts<\/h2>\n<p>2 profiles/);
  t.deepEqual(
    JSON.parse(await readFile(join(directory, 'one.profiles/worker-1.cpuprofile'), 'utf8')),
    profile,
  );
});

test('a server that does not answer, and arguments that are not valid, are reported', async (t) => {
  const away = run(t, 'load/main.ts', {}, [
    'attack',
    '--url',
    'http://127.0.0.1:1',
    '--rate',
    '20',
    '--duration',
    '0.5',
    '--rounds',
    '1',
    '--name',
    `away-${process.pid}`,
  ]);
  const [rate, wrong] = [
    run(t, 'load/main.ts', {}, ['attack', '--url', 'http://127.0.0.1:1', '--duration', '1s']),
    run(t, 'load/main.ts', {}, ['compare', 'one.json']),
  ];
  t.teardown(async () => {
    for (const end of ['.json', '.hlog', '.hgrm'])
      await rm(join(root, 'load/reports', `away-${process.pid}${end}`), { force: true });
  });
  t.is(await away.ended, 1, away.output());
  t.regex(away.output(), /FAILED: \d+ × connect ECONNREFUSED/);
  t.is(await rate.ended, 64);
  t.regex(rate.errors(), /^Got --rate=, expected a number/);
  t.is(await wrong.ended, 64);
});
