// The live form of /changes: how long after a version is there the listeners of a worker have its changes, while one comes each
// second; and what that does to GET /search.

import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../src/kit/errors.ts';
import type { Bench, Outcome } from '../kit/bench.ts';
import { startChild, type Child } from '../kit/child.ts';
import { at, createLatency, type Latency } from '../kit/latency.ts';
import { freePorts } from '../kit/ports.ts';
import { shortNumber, verdict } from '../kit/table.ts';
import { usageOf } from '../kit/usage.ts';
import type { Listening, Received } from './listeners.ts';
import type { Done, Published, Ready } from './worker.ts';

const eventsAtFirst = 100_000;
const eventsQuick = 20_000;
const listenersAtFirst = 1000;
const targetMs = 250;
/** Changed events per version. Each is some 700 bytes: at 60, a thousand listeners receive 41 MB per second. */
const changes = [6, 60] as const;
const searchesPerSecond = 50;
/** The first versions compile what later ones run. */
const warmUp = 2;

type Mode = 'changes' | 'bare';

interface Measured {
  readonly mode: Mode;
  readonly changed: number;
  readonly listeners: number;
  readonly latency: Latency;
  readonly searches: Latency;
  readonly cpuMsPerVersion: number;
}

export async function changesSuite(bench: Bench): Promise<Outcome> {
  const events = Number(process.env['EVENTS'] ?? (bench.quick ? eventsQuick : eventsAtFirst));
  const listeners = Number(process.env['LISTENERS'] ?? listenersAtFirst);
  const failures: string[] = [];
  const measured: Measured[] = [];
  for (const changed of bench.quick ? changes.slice(-1) : changes)
    for (const [mode, some] of [
      ['changes', 0],
      ['bare', listeners],
      ['changes', listeners],
    ] as const) {
      const one = await measure(bench, mode, { events, changed, listeners: some }, failures);
      measured.push(one);
      bench.log(`changes: ${rowOf(one).slice(0, 3).join(' ')}`);
    }
  return {
    title: `Changes: ${events.toLocaleString('en')} events in one worker, a version each second; until the last byte is at a listener`,
    columns: [
      '',
      'p50 ms',
      'p99 ms',
      'max ms',
      'target',
      '',
      'search p50',
      'search p99',
      'cpu ms per version',
    ],
    rows: measured.map(rowOf),
    failures,
    figures: {
      events,
      measured: measured.map(({ latency, searches, ...rest }) => ({
        ...rest,
        news: latency.curve(),
        searches: searches.curve(),
      })),
    },
  };
}

function rowOf({
  mode,
  changed,
  listeners,
  latency,
  searches,
  cpuMsPerVersion,
}: Measured): readonly string[] {
  const [news, searched] = [latency.curve(), searches.curve()];
  const own =
    listeners === 0
      ? ['', '', '', '', '']
      : [50, 99, 100]
          .map((p) => shortNumber(at(news, p)))
          .concat(mode === 'bare' ? ['', ''] : [`${targetMs}`, verdict(at(news, 99) <= targetMs)]);
  return [
    `${changed} changed events, ${listeners} listeners${mode === 'bare' ? ', bare node:http' : ''}`,
    ...own,
    shortNumber(at(searched, 50)),
    shortNumber(at(searched, 99)),
    shortNumber(cpuMsPerVersion),
  ];
}

async function measure(
  bench: Bench,
  mode: Mode,
  {
    events,
    changed,
    listeners,
  }: { readonly events: number; readonly changed: number; readonly listeners: number },
  failures: string[],
): Promise<Measured> {
  const versions = warmUp + (bench.quick ? 4 : 30);
  const [port] = (await freePorts(1)) as [number];
  const url = `http://127.0.0.1:${port}`;
  await using worker = startChild(new URL('worker.ts', import.meta.url), {
    args: [mode, ...[port, events, changed, versions].map(String)],
  });
  await worker.receive<Ready>('ready', 120_000, bench.stop);
  await using clients = startChild(new URL('listeners.ts', import.meta.url), {
    args: [url, String(listeners)],
  });
  await clients.receive<Listening>('listening', 120_000, bench.stop);
  worker.send({ type: 'start' });
  const published = new Map<number, number>();
  const searches = createLatency();
  const ended = new AbortController();
  const searching = search(url, searches, ended.signal, failures);
  let cpuBefore = 0;
  try {
    for (let i = 0; i < versions; i++) {
      const { version, at: when } = await worker.receive<Published>('published', 30_000, bench.stop);
      published.set(version, when);
      if (i + 1 === warmUp) cpuBefore = (await usageOf(worker.pid))?.cpuMs ?? 0;
    }
    await worker.receive<Done>('done', 30_000, bench.stop);
  } finally {
    ended.abort();
    await searching;
  }
  const cpuMs = ((await usageOf(worker.pid))?.cpuMs ?? 0) - cpuBefore;
  const latency = await latencyOf(bench, clients, published, { listeners, versions }, failures);
  return { mode, changed, listeners, latency, searches, cpuMsPerVersion: cpuMs / (versions - warmUp) };
}

/** Of the last message of each version at each listener. */
async function latencyOf(
  bench: Bench,
  clients: Child,
  published: ReadonlyMap<number, number>,
  { listeners, versions }: { readonly listeners: number; readonly versions: number },
  failures: string[],
): Promise<Latency> {
  clients.send({ type: 'report' });
  const { messages, lost } = await clients.receive<Received>('received', 60_000, bench.stop);
  const latency = createLatency();
  for (const [version, when] of messages)
    if (version > 1 + warmUp) latency.record(when - (published.get(version) ?? 0));
  if (lost > 0) failures.push(`${lost} listeners lost their connection`);
  if (messages.length < listeners * versions)
    failures.push(`${messages.length} messages arrived, expected ${listeners * versions} or more`);
  return latency;
}

/** Point queries at a fixed rate, each counted from when it was due. */
async function search(url: string, latency: Latency, ended: AbortSignal, failures: string[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const begunAt = performance.now();
  const open = new Set<Promise<void>>();
  for (let i = 0; !ended.aborted; i++) {
    const dueAt = begunAt + (i * 1000) / searchesPerSecond;
    await sleep(Math.max(0, dueAt - performance.now()));
    const day = `2026-0${1 + (i % 9)}-1${i % 10}`;
    const one = answered(agent, `${url}/search?starts_at=${day}&ends_at=${day}`)
      .then(() => latency.record(performance.now() - dueAt))
      .catch((error: unknown) => void failures.push(`a search failed: ${messageOf(error)}`))
      .finally(() => open.delete(one));
    open.add(one);
  }
  await Promise.all(open);
  agent.destroy();
}

const answered = (agent: Agent, url: string): Promise<void> =>
  new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`Got status ${response.statusCode}, expected 200.`));
      response.resume().once('end', resolve);
    }).once('error', reject);
  });
