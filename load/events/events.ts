// GET /events and /events/{id} at saturation, compared with bare node:http that sends as many bytes: one process each, in turns.
// Calendars are compared with the same queries as JSON.

import { median } from 'simple-statistics';
import type { Bench, Outcome } from '../kit/bench.ts';
import { startChild, type Child } from '../kit/child.ts';
import { freePorts } from '../kit/ports.ts';
import { saturate, type JobRequest } from '../kit/saturate.ts';
import { medianError } from '../kit/statistics.ts';
import { shortNumber, verdict } from '../kit/table.ts';
import { usageOf } from '../kit/usage.ts';
import { casesOf, type Case } from './catalogue.ts';
import type { WorkerReady } from './worker.ts';

interface Round {
  readonly requestsPerSecond: number;
  /** Of all threads of the process. */
  readonly cpuMicrosPerRequest: number;
}

interface Measured {
  readonly one: Case;
  readonly bytes: number;
  readonly events: Round[];
  readonly bare: Round[];
}

interface Server extends AsyncDisposable {
  readonly child: Child;
  readonly url: string;
}

const eventsAtFirst = 100_000;
const eventsPerDay = 96;
const connections = 32;
const warmUpSeconds = 2;
const roundSeconds = 1;
/** Answers whose lengths are averaged. */
const sampled = 50;

export async function eventsSuite(bench: Bench): Promise<Outcome> {
  const events = Number(process.env['EVENTS'] ?? eventsAtFirst);
  const failures: string[] = [];
  await using own = await startServer(bench, 'events', events);
  await using bare = await startServer(bench, 'bare', 0);
  const measured: Measured[] = [];
  for (const one of casesOf(Math.floor(events / eventsPerDay), events)) {
    const bytes = await bytesOf(own.url, one);
    const done: Measured = { one, bytes, events: [], bare: [] };
    const requests = one.paths.map((path) => ({ path }));
    const [other, same] =
      one.asJson === undefined
        ? [bare, [{ path: `/${bytes}` }]]
        : [own, one.asJson.map((path) => ({ path }))];
    await drive(bench, own, requests, warmUpSeconds, failures);
    await drive(bench, other, same, warmUpSeconds, failures);
    for (let pair = 0; pair < (bench.quick ? 5 : 15); pair++) {
      // Each is first equally often.
      if (pair % 2 === 0) done.events.push(await drive(bench, own, requests, roundSeconds, failures));
      done.bare.push(await drive(bench, other, same, roundSeconds, failures));
      if (pair % 2 === 1) done.events.push(await drive(bench, own, requests, roundSeconds, failures));
    }
    measured.push(done);
    bench.log(
      `events: ${one.name}: ${median(ratiosOf(done)).toFixed(2)} ×${one.asJson === undefined ? ' of bare' : ''}`,
    );
  }
  return outcomeOf(measured, events, failures);
}

async function startServer(bench: Bench, mode: 'events' | 'bare', events: number): Promise<Server> {
  const [port] = (await freePorts(1)) as [number];
  const child = startChild(new URL('worker.ts', import.meta.url), {
    args: [mode, String(port), String(events), bench.home],
  });
  try {
    await child.receive<WorkerReady>('worker-ready', 120_000, bench.stop);
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
  const url = `http://127.0.0.1:${port}`;
  return { child, url, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}

/** The mean length of an answer. */
async function bytesOf(url: string, { paths }: Case): Promise<number> {
  const some = paths.filter((_, i) => i % Math.ceil(paths.length / sampled) === 0);
  let bytes = 0;
  for (const path of some) {
    const answer = await fetch(`${url}${path}`, { headers: { 'accept-encoding': 'identity' } });
    bytes += (await answer.arrayBuffer()).byteLength;
  }
  return Math.round(bytes / some.length);
}

async function drive(
  bench: Bench,
  { child, url }: Server,
  requests: readonly JobRequest[],
  seconds: number,
  failures: string[],
): Promise<Round> {
  bench.stop.throwIfAborted();
  child.ended.throwIfAborted();
  const before = (await usageOf(child.pid))?.cpuMs ?? 0;
  const done = await saturate({ url, requests, connections, seconds, status: 200, timeoutSeconds: 10 });
  const spent = ((await usageOf(child.pid))?.cpuMs ?? 0) - before;
  failures.push(...done.failures);
  return { requestsPerSecond: done.perSecond, cpuMicrosPerRequest: (spent * 1000) / done.requests };
}

/** By processor time per request, which other programs on the machine affect less than the rate; pair by pair. */
const ratiosOf = ({ events, bare }: Measured): number[] =>
  bare.map((round, i) => round.cpuMicrosPerRequest / (events[i] as Round).cpuMicrosPerRequest);

const ratesOf = ({ events, bare }: Measured): number[] =>
  events.map((round, i) => round.requestsPerSecond / (bare[i] as Round).requestsPerSecond);

function outcomeOf(measured: readonly Measured[], events: number, failures: readonly string[]): Outcome {
  const rows = measured.map((done) => {
    const { one, bytes } = done;
    const [rates, costs] = [ratesOf(done), ratiosOf(done)];
    return [
      one.name,
      shortNumber(bytes),
      shortNumber(median(done.events.map((round) => round.requestsPerSecond))),
      `${median(rates).toFixed(2)} × ± ${medianError(rates).toFixed(2)}`,
      `${median(costs).toFixed(2)} × ± ${medianError(costs).toFixed(2)}`,
      one.target === null ? '' : `${one.target} ×`,
      one.target === null ? '' : verdict(median(rates) >= one.target),
      one.target === null ? '' : verdict(median(costs) >= one.target),
    ];
  });
  return {
    title: `Events: GET /events over ${events.toLocaleString('en')} events, of bare node:http that sends as many bytes`,
    columns: ['', 'bytes', 'requests/s', 'of bare', 'by cpu', 'target', 'rate', 'cpu'],
    rows,
    failures,
    figures: { events, measured },
  };
}
