// The real system, as an operator starts it: its own processes, free ports, a data directory of its own.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { startChild } from './child.ts';
import { freePorts } from './ports.ts';
import { eventually, type Patience } from './patience.ts';

/** The part of `/status` that benchmarks look at. */
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
  /** Aborts when it has ended, which it should not by itself, and with the bench. */
  readonly stop: AbortSignal;
  /** Waits for something that it is to do: what `ask` gives once that is not undefined. Throws, with its last words. */
  until<T>(ask: () => Promise<T | undefined>, patience: Omit<Patience, 'stop' | 'words'>): Promise<T>;
  status(): Promise<Status>;
  /** The body of GET /search; throws for any status but 200. */
  search(query: string): Promise<string>;
}

export interface SystemOptions {
  /** The directory, below the bench's, of its archive and snapshots. */
  readonly name: string;
  readonly providers: readonly object[];
  readonly apiWorkers: number;
  /** On top of what every system here gets. */
  readonly environment?: Readonly<Record<string, string>>;
}

const answerMs = 10_000;

/** Resolves when all of its actors are ready; what they have fetched by then is not waited for. */
export async function startSystem(bench: Bench, options: SystemOptions): Promise<System> {
  const home = join(bench.home, options.name);
  await mkdir(home, { recursive: true });
  const providersFile = join(home, 'providers.json');
  await writeFile(providersFile, JSON.stringify({ providers: options.providers }));
  const [port, adminPort] = (await freePorts(2)) as [number, number];
  const child = startChild(new URL('../../src/main.ts', import.meta.url), {
    talks: false,
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
    until: (ask, patience) => eventually(ask, { ...patience, stop, words: child.words }),
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

/** A connection that was kept may have been closed while this process was busy; the next one is new. */
const bodyAgain = (url: string): Promise<string> => body(url).catch(() => body(url));

async function body(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(answerMs) });
  const text = await answer.text();
  if (answer.status !== 200)
    throw new Error(`Got status ${answer.status} from ${url}: ${text.slice(0, 200)}`);
  return text;
}
