// What it costs to be watched: point queries at saturation, with metrics, ids, access log and traces, against none of them.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import type { Bench, Outcome } from '../kit/bench.ts';
import { startChild, type Child } from '../kit/child.ts';
import { freePorts } from '../kit/ports.ts';
import { median } from '../kit/statistics.ts';
import { shortNumber, verdict } from '../kit/table.ts';
import { usageOf } from '../kit/usage.ts';
import { pathAt } from './events.ts';
import type { WorkerReady } from './worker.ts';

type Mode = 'on' | 'off';

interface Round {
  readonly requestsPerSecond: number;
  /** Of the worker, all its threads: on a busy machine this says more than the clock. */
  readonly cpuMicrosPerRequest: number;
}

const target = 0.95;
const events = 20_000;
const connections = 32;
const roundsPerPair = 3;
const paths = Array.from({ length: 5000 }, (_, i) => pathAt((i * 7919) % (events - 10), 1 + (i % 599)));

export async function telemetrySuite(bench: Bench): Promise<Outcome> {
  const collector = await startCollector();
  try {
    const url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`;
    const failures: string[] = [];
    const rounds = { on: [] as Round[], off: [] as Round[] };
    const [pairs, seconds] = bench.quick ? [3, 1] : [8, 1.5];
    // Two processes of the same code differ by a tenth, for as long as they live: so there are many of each.
    for (let pair = 1; pair <= pairs; pair++) {
      bench.say(`telemetry: pair ${pair} of ${pairs}`);
      await runPair(bench, url, seconds, rounds, failures);
    }
    return outcomeOf(rounds, pairs, failures);
  } finally {
    collector.closeAllConnections();
    collector.close();
  }
}

/** The first round is for the compiler; then in turns, each first as often as the other. */
async function runPair(
  bench: Bench,
  url: string,
  seconds: number,
  rounds: Record<Mode, Round[]>,
  failures: string[],
): Promise<void> {
  await using on = await startWorker(bench, 'on', url);
  await using off = await startWorker(bench, 'off', url);
  for (let round = 0; round <= roundsPerPair; round++) {
    const order: readonly Mode[] = round % 2 === 0 ? ['on', 'off'] : ['off', 'on'];
    for (const mode of order) {
      const driven = await drive(bench, mode === 'on' ? on : off, seconds, failures);
      if (round > 0) rounds[mode].push(driven);
    }
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
    await child.hear<WorkerReady>('worker-ready', 30_000, bench.stop);
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
  const { requests, errors, timeouts, non2xx } = await autocannon({
    url: worker.url,
    connections,
    duration: seconds,
    requests: paths.map((path) => ({ path })),
  });
  const spent = ((await usageOf(worker.child.pid))?.cpuMs ?? 0) - before;
  for (const [name, times] of Object.entries({ errors, timeouts, non2xx }))
    if (times > 0) failures.push(`${times} × ${name}`);
  await sleep(100);
  return { requestsPerSecond: requests.average, cpuMicrosPerRequest: (spent * 1000) / requests.total };
}

/** Takes traces, and thanks for them. */
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

function outcomeOf(rounds: Record<Mode, Round[]>, pairs: number, failures: readonly string[]): Outcome {
  const middle = (mode: Mode, of: keyof Round): number => median(rounds[mode].map((round) => round[of]));
  const ratio = middle('on', 'requestsPerSecond') / middle('off', 'requestsPerSecond');
  const cpuRatio = middle('off', 'cpuMicrosPerRequest') / middle('on', 'cpuMicrosPerRequest');
  const row = (mode: Mode): string[] => [
    `watched: ${mode}`,
    shortNumber(middle(mode, 'requestsPerSecond')),
    `${shortNumber(middle(mode, 'cpuMicrosPerRequest'))} µs`,
  ];
  const ratios = [ratio, cpuRatio].map((one) => `${shortNumber(one)} ×`);
  return {
    title: `Telemetry: point queries at saturation, 1 % logged and traced, read every 5 s; medians of ${rounds.on.length} rounds of ${pairs} processes in turns`,
    columns: ['', 'requests/s', 'CPU per request', 'on of off', 'by cpu', 'target', ''],
    rows: [row('off'), [...row('on'), ...ratios, `${target} ×`, verdict(ratio >= target)]],
    failures,
    figures: { target, ratio, cpuRatio, rounds },
  };
}
