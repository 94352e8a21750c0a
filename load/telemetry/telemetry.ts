// The cost of telemetry: point queries at saturation, with metrics, ids, access log and traces, compared with none of them.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { median } from 'simple-statistics';
import type { Bench, Outcome } from '../kit/bench.ts';
import { startChild, type Child } from '../kit/child.ts';
import { freePorts } from '../kit/ports.ts';
import { saturate, type JobRequest } from '../kit/saturate.ts';
import { medianError } from '../kit/statistics.ts';
import { shortNumber, verdict } from '../kit/table.ts';
import { usageOf } from '../kit/usage.ts';
import { pathAt } from './events.ts';
import type { WorkerReady } from './worker.ts';

type Mode = 'on' | 'off';

interface Round {
  readonly requestsPerSecond: number;
  /** Of all threads of the worker. */
  readonly cpuMicrosPerRequest: number;
}

type Rounds = Readonly<Record<Mode, Round[]>>;

const target = 0.95;
const events = 20_000;
const connections = 32;
const warmUpSeconds = 2.5;
const roundSeconds = 0.5;
const requests: readonly JobRequest[] = Array.from({ length: 5000 }, (_, i) => ({
  path: pathAt((i * 7919) % (events - 10), 1 + (i % 599)),
}));

export async function telemetrySuite(bench: Bench): Promise<Outcome> {
  const collector = await startCollector();
  try {
    const url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`;
    const failures: string[] = [];
    const rounds: Rounds = { on: [], off: [] };
    const [processes, pairs] = bench.quick ? [3, 4] : [12, 12];
    // Two processes with the same code differ permanently by a twentieth: so there are many of each.
    for (let process = 1; process <= processes; process++) {
      bench.log(`telemetry: processes ${process} of ${processes}`);
      await runPairs(bench, url, pairs, rounds, failures);
    }
    return outcomeOf(rounds, processes, failures);
  } finally {
    collector.closeAllConnections();
    collector.close();
  }
}

/** One process of each mode: a warm-up for both, then alternating rounds, in which each mode is first equally often. */
async function runPairs(
  bench: Bench,
  url: string,
  pairs: number,
  rounds: Rounds,
  failures: string[],
): Promise<void> {
  await using on = await startWorker(bench, 'on', url);
  await using off = await startWorker(bench, 'off', url);
  const workers = { on, off };
  await drive(bench, on, warmUpSeconds, failures);
  await drive(bench, off, warmUpSeconds, failures);
  for (let pair = 0; pair < pairs; pair++) {
    const order: readonly Mode[] = pair % 2 === 0 ? ['on', 'off'] : ['off', 'on'];
    for (const mode of order) rounds[mode].push(await drive(bench, workers[mode], roundSeconds, failures));
  }
}

interface Worker extends AsyncDisposable {
  readonly child: Child;
  readonly url: string;
}

async function startWorker(bench: Bench, mode: Mode, url: string): Promise<Worker> {
  const [port] = (await freePorts(1)) as [number];
  const child = startChild(new URL('worker.ts', import.meta.url), {
    args: [mode, String(port), String(events), url],
  });
  try {
    await child.receive<WorkerReady>('worker-ready', 30_000, bench.stop);
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
  return {
    child,
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

async function drive(bench: Bench, worker: Worker, seconds: number, failures: string[]): Promise<Round> {
  bench.stop.throwIfAborted();
  worker.child.ended.throwIfAborted();
  const before = (await usageOf(worker.child.pid))?.cpuMs ?? 0;
  const job = { url: worker.url, requests, connections, seconds, status: 200, timeoutSeconds: 10 };
  const done = await saturate(job);
  const spent = ((await usageOf(worker.child.pid))?.cpuMs ?? 0) - before;
  failures.push(...done.failures);
  return { requestsPerSecond: done.perSecond, cpuMicrosPerRequest: (spent * 1000) / done.requests };
}

/** Accepts traces and answers 200. */
async function startCollector(): Promise<Server> {
  const server = createServer((request, response) => {
    request
      .resume()
      .on('end', () => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/**
 * Other programs on the machine slow a round down by up to a half, for seconds or minutes. They affect both rounds of a pair,
 * which follow each other: so each pair gives a ratio, and the result is the median of all ratios, with its standard error.
 */
function outcomeOf(rounds: Rounds, processes: number, failures: readonly string[]): Outcome {
  const rates = ratiosOf(rounds.on, rounds.off, 'requestsPerSecond');
  const costs = ratiosOf(rounds.off, rounds.on, 'cpuMicrosPerRequest');
  const [ratio, cpuRatio] = [median(rates), median(costs)];
  const middle = (mode: Mode, of: keyof Round): string => shortNumber(median(rounds[mode].map((r) => r[of])));
  const row = (mode: Mode): string[] => [
    `telemetry ${mode}`,
    middle(mode, 'requestsPerSecond'),
    `${middle(mode, 'cpuMicrosPerRequest')} µs`,
  ];
  const ratioCells = [rates, costs].map(
    (one) => `${median(one).toFixed(3)} × ± ${medianError(one).toFixed(3)}`,
  );
  return {
    title: `Telemetry: point queries at saturation, 1 % logged and traced, scraped every 5 s; medians of ${rounds.on.length} pairs of rounds, ${processes} processes of each mode`,
    columns: ['', 'requests/s', 'CPU per request', 'on of off', 'by cpu', 'target', ''],
    rows: [row('off'), [...row('on'), ...ratioCells, `${target} ×`, verdict(ratio >= target)]],
    failures,
    figures: { target, ratio, cpuRatio, rounds },
  };
}

/** Pair by pair. */
const ratiosOf = (above: readonly Round[], below: readonly Round[], of: keyof Round): number[] =>
  above.map((round, i) => round[of] / (below[i] as Round)[of]);
