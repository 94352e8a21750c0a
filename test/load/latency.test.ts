// Latencies compared with sorted lists, and with a server whose stall is known.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { mean, median } from 'simple-statistics';
import { at, createLatency, layered } from '../../load/kit/latency.ts';
import { medianError, slopeOf, spread } from '../../load/kit/statistics.ts';
import { pace } from '../../load/search/driver/pace.ts';
import { createSchedule } from '../../load/search/driver/schedule.ts';
import { seededFor } from '../_support/random.ts';

test('percentiles are those of the sorted list, to three digits', (t) => {
  const random = seededFor(t);
  const latency = createLatency();
  const all = Array.from({ length: 20_000 }, () => 0.05 * 10 ** (random.fraction() * 4));
  for (const ms of all) latency.record(ms);
  const sorted = all.toSorted((a, b) => a - b);
  for (const [percentile, ms] of latency.curve().filter(([p]) => p > 0)) {
    // 99.9 % of 20,000 are 19,980, and in binary fractions a little more.
    const rank = Math.ceil(Number(((percentile / 100) * sorted.length).toFixed(6)));
    const wanted = sorted[rank - 1] as number;
    t.true(Math.abs(ms - wanted) <= wanted * 0.002 + 0.001, `p${percentile}: ${ms} for ${wanted}`);
  }
  t.is(latency.count, all.length);
});

test('curves of several rounds combine to one, percentile by percentile', (t) => {
  const curves = [1, 5, 3].map((ms) => {
    const latency = createLatency();
    latency.record(ms);
    return latency.curve();
  });
  const one = at(layered(curves, median), 99);
  t.true(Math.abs(one - 3) < 0.01, `${one} ms`);
});

test('the two functions of a schedule agree on when requests are due', (t) => {
  const random = seededFor(t);
  for (let i = 0; i < 200; i++) {
    const [rate, seconds] = [random.int(1, 20_000), random.int(1, 3)];
    const schedule = createSchedule(rate, seconds);
    const elapsed = random.fraction() * seconds * 1000;
    let due = 0;
    while (due < schedule.requests && schedule.dueAt(due) <= elapsed) due++;
    t.true(Math.abs(schedule.dueBy(elapsed) - due) <= 1, `${rate}/s after ${elapsed} ms`);
    t.is(schedule.dueBy(seconds * 1000 + 1), schedule.requests);
  }
  t.is(createSchedule(100, 1).dueBy(-1), 0);
});

const perSecond = 200;
const stallMs = 500;

/** Answers at once, except one request, during which it stalls. */
async function stallingServer(t: ExecutionContext, stalledAt: number): Promise<string> {
  let requests = 0;
  const server = createServer((_request, response) => {
    if (++requests === stalledAt) {
      const until = performance.now() + stallMs;
      while (performance.now() < until);
    }
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.closeAllConnections());
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('requests that were due during a stall count their wait, although only one was sent', async (t) => {
  // Driver and server share this process, so both stall; the schedule must count that time.
  const url = await stallingServer(t, 50);
  const job = { url, requests: [{ path: '/' }], perSecond, seconds: 1, connections: 1, timeoutSeconds: 10 };
  const { curve, uncorrected, failures } = await pace(job);
  t.deepEqual(failures, []);
  // By hand: 100 of 200 requests were due during the stall, and waited from 500 ms down to none.
  const waits = Array.from({ length: perSecond }, (_, n) =>
    n < perSecond * (stallMs / 1000) ? stallMs - (n * 1000) / perSecond : 0,
  ).sort((a, b) => a - b);
  for (const percentile of [75, 90, 95, 99]) {
    const least = waits[Math.ceil((percentile / 100) * perSecond) - 1] as number;
    t.true(at(curve, percentile) >= least - 30, `p${percentile}: ${at(curve, percentile)} for ${least}`);
  }
  t.true(at(uncorrected, 75) < at(curve, 75) / 2, 'a driver that waits sees one slow request');
});

test('an answer with another status, and no answer, are failures', async (t) => {
  const server = createServer((request, response) => {
    if (request.url === '/cut') request.socket.destroy();
    else response.writeHead(request.url === '/broken' ? 500 : 200).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const requests = ['/', '/broken', '/cut', '/'].map((path) => ({ path }));
  const job = { url, requests, perSecond: 100, seconds: 0.2, connections: 2, timeoutSeconds: 10 };
  const { failures } = await pace(job);
  t.true(failures.includes('5 × status 500'), failures.join(', '));
  t.true(
    failures.some((failure) => failure.startsWith('5 × ') && !failure.includes('status')),
    failures.join(', '),
  );
});

test('the spread of medians of many samples agrees with the standard error of one', (t) => {
  const random = seededFor(t);
  const normal = (): number =>
    Array.from({ length: 12 }, () => random.fraction()).reduce((a, b) => a + b) - 6;
  const samples = Array.from({ length: 1000 }, () => Array.from({ length: 100 }, normal));
  const deviation = Math.sqrt(mean(samples.map((sample) => median(sample) ** 2)));
  const ratio = mean(samples.map(medianError)) / deviation;
  t.true(ratio > 0.85 && ratio < 1.15, `${ratio} × what it should be`);
  t.is(medianError([7]), 0);
  t.throws(() => medianError([]));
});

test('the spread and the slope are correct', (t) => {
  t.is(spread([9, 10, 11]), 0.1);
  const line = slopeOf([0, 1, 2, 3].map((x) => [x, 5 + 2 * x]));
  t.is(line?.slope, 2);
  t.true((line?.error ?? 1) < 1e-9);
  t.is(slopeOf([[1, 1]]), null);
  const random = seededFor(t);
  const noise = slopeOf(Array.from({ length: 200 }, (_, x) => [x, 100 + random.fraction()]));
  t.true(Math.abs(noise?.slope ?? 1) < 5 * (noise?.error ?? 0), 'noise has no slope beyond its error');
});
