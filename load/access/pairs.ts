// Pairs of rounds at saturation: two servers that do the same work, one of them with something more.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median } from 'simple-statistics';
import { newKey } from '../../src/access/key.ts';
import type { Bench } from '../kit/bench.ts';
import { startChild, type Child } from '../kit/child.ts';
import { cpuTimeOf } from '../kit/cpu-time.ts';
import { freePorts } from '../kit/ports.ts';
import { saturate } from '../kit/saturate.ts';
import { medianError } from '../kit/statistics.ts';
import { shortNumber, verdict } from '../kit/table.ts';
import { pathAt } from '../telemetry/events.ts';
import type { WorkerReady } from './worker.ts';

export type Mode = 'plain' | 'guarded' | 'tls' | 'bare' | 'permission';

export interface Contest {
  readonly title: string;
  readonly with: Mode;
  /** `port`: what the process with it serves at its second port, without it. Other modes have a process of their own. */
  readonly without: Mode | 'port';
  /** Of the rate without it. Null: it is measured only. */
  readonly target: number | null;
}

interface Round {
  readonly requestsPerSecond: number;
  /** Of all threads of the process. */
  readonly cpuMicrosPerRequest: number;
}

export interface Compared extends Contest {
  readonly rounds: readonly { readonly with: Round; readonly without: Round }[];
  readonly failures: readonly string[];
}

const events = 20_000;
const connections = 32;
const warmUpSeconds = 2;
/** Each round opens its connections again, and a handshake of TLS costs as much as many answers. */
const roundSeconds = { plain: 1, secure: 3 };
const key = newKey();
const requests = Array.from({ length: 5000 }, (_, i) => ({
  path: pathAt((i * 7919) % (events - 10), 1 + (i % 599)),
  headers: { 'x-api-key': key },
}));

/** Two processes with the same code differ permanently by a twentieth: one process has both ports where it can, and there are several. */
export async function contend(
  bench: Bench,
  contest: Contest,
  processes: number,
  pairs: number,
): Promise<Compared> {
  const failures: string[] = [];
  const seconds = contest.without === 'bare' ? roundSeconds.secure : roundSeconds.plain;
  const rounds: Compared['rounds'][number][] = [];
  for (let process = 1; process <= processes; process++) {
    bench.log(`access: ${contest.title}, processes ${process} of ${processes}`);
    await using one = await startWorker(bench, contest.with);
    await using own = contest.without === 'port' ? null : await startWorker(bench, contest.without);
    const other = own ?? { child: one.child, url: one.plainUrl };
    for (const worker of [one, other]) await drive(bench, worker, warmUpSeconds, failures);
    for (let pair = 0; pair < pairs; pair++) {
      const first = pair % 2 === 0 ? await drive(bench, one, seconds, failures) : null;
      const without = await drive(bench, other, seconds, failures);
      rounds.push({ with: first ?? (await drive(bench, one, seconds, failures)), without });
    }
  }
  return { ...contest, rounds, failures };
}

interface Served {
  readonly child: Child;
  readonly url: string;
}

interface Worker extends Served, AsyncDisposable {
  /** Its second port. */
  readonly plainUrl: string;
}

async function startWorker(bench: Bench, mode: Mode): Promise<Worker> {
  const [port, plainPort] = (await freePorts(2)) as [number, number];
  const [certFile, keyFile] = [join(bench.home, 'tls.crt'), join(bench.home, 'tls.key')];
  const isSecure = mode === 'tls' || mode === 'bare';
  if (isSecure) await makeCertificate(certFile, keyFile);
  const child = startChild(new URL('worker.ts', import.meta.url), {
    args: [mode, String(port), String(plainPort), String(events), key, certFile, keyFile],
    nodeArgs: mode === 'permission' ? ['--permission', '--allow-net', '--allow-fs-read=*'] : [],
  });
  try {
    await child.receive<WorkerReady>('worker-ready', 60_000, bench.stop);
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
  return {
    child,
    url: `${isSecure ? 'https' : 'http'}://127.0.0.1:${port}`,
    plainUrl: `http://127.0.0.1:${plainPort}`,
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

async function makeCertificate(certFile: string, keyFile: string): Promise<void> {
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const named = ['-subj', '/CN=load', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const args = ['req', '-x509', ...made, ...named, '-keyout', keyFile, '-out', certFile];
  await promisify(execFile)('openssl', args);
}

async function drive(bench: Bench, worker: Served, seconds: number, failures: string[]): Promise<Round> {
  bench.stop.throwIfAborted();
  worker.child.ended.throwIfAborted();
  const before = await cpuTimeOf(worker.child.pid);
  const job = { url: worker.url, requests, connections, seconds, status: 200, timeoutSeconds: 10 };
  const done = await saturate(job);
  const spent = (await cpuTimeOf(worker.child.pid)) - before;
  failures.push(...done.failures);
  return { requestsPerSecond: done.perSecond, cpuMicrosPerRequest: (spent * 1000) / done.requests };
}

/** Pair by pair: other programs on the machine affect both rounds of a pair. More is better. */
export function ratiosOf({ rounds }: Compared): { readonly rate: number[]; readonly cpu: number[] } {
  return {
    rate: rounds.map((one) => one.with.requestsPerSecond / one.without.requestsPerSecond),
    cpu: rounds.map((one) => one.without.cpuMicrosPerRequest / one.with.cpuMicrosPerRequest),
  };
}

const cell = (all: readonly number[]): string =>
  `${median(all).toFixed(3)} × ± ${medianError(all).toFixed(3)}`;

export function rowOf(compared: Compared): string[] {
  const { rate, cpu } = ratiosOf(compared);
  const { title, target, rounds } = compared;
  const micros = (of: 'with' | 'without'): string =>
    `${shortNumber(median(rounds.map((one) => one[of].cpuMicrosPerRequest)))} µs`;
  const wanted = target === null ? ['', ''] : [`${target} ×`, verdict(median(cpu) >= target)];
  return [title, micros('without'), micros('with'), cell(rate), cell(cpu), ...wanted];
}
