// The real system, started as an operator starts it, with free ports and a data directory of its own.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { startChild } from './child.ts';
import { freePorts } from './ports.ts';
import { waitFor, type WaitOptions } from './wait.ts';

/** The part of `/status` that benchmarks read. */
export interface Status {
  readonly version: number;
  readonly events: number;
  readonly announced: number | null;
  readonly ready: boolean;
  readonly workers: readonly {
    readonly ready: boolean;
    readonly version: number | null;
    readonly pid: number | null;
  }[];
  readonly ingest: { readonly pid: number | null; readonly ready: boolean } | null;
  readonly providers: Readonly<Record<string, { readonly lastRun: Run | null }>>;
}

interface Run {
  readonly outcome: string | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly message: string | null;
}

export interface System extends AsyncDisposable {
  readonly url: string;
  /** Aborts when the system has ended, and when the bench stops. */
  readonly stop: AbortSignal;
  /** Calls `ask` until it returns a value that is not undefined. Throws after `withinMs`, with the system's last output. */
  until<T>(ask: () => Promise<T | undefined>, options: Omit<WaitOptions, 'stop' | 'output'>): Promise<T>;
  status(): Promise<Status>;
  /** The body of GET /search; throws for any status but 200. */
  search(query: string): Promise<string>;
}

export interface SystemOptions {
  /** The directory of its data, below that of the bench. */
  readonly name: string;
  readonly providers: readonly object[];
  readonly apiWorkers: number;
  /** Added to the environment that every system of a benchmark gets. */
  readonly environment?: Readonly<Record<string, string>>;
}

const answerMs = 10_000;

/** Resolves when all actors are ready; does not wait for the first feed. */
export async function startSystem(bench: Bench, options: SystemOptions): Promise<System> {
  const home = join(bench.home, options.name);
  await mkdir(home, { recursive: true });
  const providersFile = join(home, 'providers.json');
  await writeFile(providersFile, JSON.stringify({ providers: options.providers }));
  const [port, adminPort] = (await freePorts(2)) as [number, number];
  const child = startChild(new URL('../../src/main.ts', import.meta.url), {
    ipc: false,
    environment: {
      HOST: '127.0.0.1',
      PORT: String(port),
      ADMIN_PORT: String(adminPort),
      API_WORKERS: String(options.apiWorkers),
      DATA_DIR: join(home, 'data'),
      PROVIDERS_FILE: providersFile,
      LOG_LEVEL: 'warn',
      ...options.environment,
    },
  });
  const stop = AbortSignal.any([bench.stop, child.ended]);
  const system: System = {
    url: `http://127.0.0.1:${port}`,
    stop,
    until: (ask, wait) => waitFor(ask, { ...wait, stop, output: child.output }),
    status: async () => JSON.parse(await bodyAgain(`http://127.0.0.1:${adminPort}/status`)) as Status,
    search: (query) => body(`http://127.0.0.1:${port}/search?${query}`),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
  try {
    await system.until(async () => allReady(await system.status()) || undefined, {
      what: 'the system is ready',
      withinMs: 60_000,
      everyMs: 50,
    });
    return system;
  } catch (error) {
    await system[Symbol.asyncDispose]();
    throw error;
  }
}

const allReady = ({ workers, ingest }: Status): boolean =>
  workers.every((worker) => worker.ready) && ingest?.ready !== false;

/** Tries twice: the system may have closed a kept-alive connection while this process was busy. */
const bodyAgain = (url: string): Promise<string> => body(url).catch(() => body(url));

async function body(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(answerMs) });
  const text = await answer.text();
  if (answer.status !== 200)
    throw new Error(`Got status ${answer.status} from ${url}: ${text.slice(0, 200)}`);
  return text;
}
