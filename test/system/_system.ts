// The system as its operator runs it: separate processes, real ports, a directory of its own. Nothing is left behind, also
// when the test fails.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ending } from '../_servers/ending.ts';
import { until as poll } from '../_servers/server.ts';
import { isLong } from '../_support/long.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** All processes load the same modules: the compile cache of the tests is shared. */
export const compileCache: Environment =
  process.env['NODE_COMPILE_CACHE'] === undefined
    ? {}
    : { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };

export type Environment = Record<string, string>;

/** A test, or a file whose tests share what is started. */
export interface Owner extends Ending {
  /** Of a test that failed, the last lines of the output are logged. */
  readonly passed?: boolean;
  readonly log?: (text: string) => void;
}

export interface Running {
  readonly pid: number;
  /** Everything that it has printed so far, on both streams. */
  readonly output: () => string;
  readonly errors: () => string;
  /** The exit code, or the signal that ended the process. */
  readonly ended: Promise<number | NodeJS.Signals>;
  kill(signal: NodeJS.Signals): void;
  /** Signals the process and all of its children, as Ctrl-C in a terminal does. */
  killGroup(signal: NodeJS.Signals): void;
}

/** Cleanup for the end of this process at the latest: AVA ends it with SIGTERM when a test times out. */
const leftBehind = new Set<() => void>();
process.once('SIGTERM', () => process.exit(1));
process.once('exit', () => {
  for (const undo of [...leftBehind].toReversed()) undo();
});

/** Runs a module of the project as the leader of a process group, which is killed when the test ends. */
export const run = (t: Owner, module: string, environment: Environment, args: string[] = []): Running =>
  runCommand(t, [process.execPath, join(root, module), ...args], environment);

/** The same for any command. */
export function runCommand(
  t: Owner,
  [program = '', ...args]: readonly string[],
  environment: Environment,
): Running {
  const child = spawn(program, args, {
    cwd: root,
    detached: true,
    env: { PATH: process.env['PATH'] ?? '', ...compileCache, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = child.pid ?? 0;
  const [output, errors] = [collected(child, ['stdout', 'stderr']), collected(child, ['stderr'])];
  // `close` and not `exit`: all output is read by then.
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  const killGroup = (signal: NodeJS.Signals): void => {
    if (groupLives(pid)) process.kill(-pid, signal);
  };
  const kill = (): void => killGroup('SIGKILL');
  leftBehind.add(kill);
  t.teardown(async () => {
    kill();
    await ended;
    leftBehind.delete(kill);
    if (t.passed === false) t.log?.(output().split('\n').slice(-25).join('\n'));
  });
  return { pid, output, errors, ended, kill: (signal) => void child.kill(signal), killGroup };
}

function collected(child: ChildProcess, streams: ('stdout' | 'stderr')[]): () => string {
  let text = '';
  for (const stream of streams) {
    child[stream]
      ?.setEncoding('utf8')
      .on('data', (more: string) => (text = `${text}${more}`.slice(-100_000)));
  }
  return () => text;
}

/** Whether any process of the group still runs. */
export function groupLives(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A directory that is removed after the test. Create it before its writers, so that it is removed last. */
export async function directoryFor(t: Ending): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'marquee-system-'));
  const remove = (): void => rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  leftBehind.add(remove);
  t.teardown(() => {
    remove();
    leftBehind.delete(remove);
  });
  return directory;
}

let nextPort = 20_000 + Math.floor(Math.random() * 11_000);

/** A port below the ephemeral range of the kernel, so that no outgoing connection takes it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = nextPort++;
    const probe = createServer().listen(port);
    const isFree = await once(probe, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}

export interface ProviderStatus {
  readonly lastRun: {
    readonly id: number;
    readonly outcome: string;
    readonly code: string | null;
    readonly message: string | null;
    readonly counts: Readonly<Record<string, number>>;
  } | null;
  readonly quarantined: number;
}

export interface Status {
  readonly state: string;
  readonly version: number;
  readonly events: number;
  readonly ready: boolean;
  readonly connectionsMax: number;
  readonly workers: readonly {
    readonly slot: number;
    readonly pid: number | null;
    readonly ready: boolean;
    readonly restarts: number;
    readonly version: number | null;
    readonly refusals: number;
    readonly overLimit: string | null;
    readonly rssMegabytes: number | null;
    readonly refusedRequests: number;
  }[];
  readonly ingest: {
    readonly pid: number | null;
    readonly ready: boolean;
    readonly restarts: number;
    readonly troubles: Readonly<Record<string, string>>;
  } | null;
  readonly providers: Readonly<Record<string, ProviderStatus>>;
}

export interface System extends Running {
  readonly url: string;
  readonly adminUrl: string;
  status(): Promise<Status>;
  metrics(): Promise<string>;
  /** The body of an answer that must be a 200. */
  search(query?: string): Promise<string>;
}

const mainCommand = [process.execPath, join(root, 'src/main.ts')] as const;

/** The command of the system, in a shell that runs `before` first. */
export const inShell = (before: string): string[] => [
  'sh',
  '-c',
  `${before}; exec "$0" "$@"`,
  ...mainCommand,
];

/** Starts the system and resolves when all its actors are ready. */
export async function startSystem(
  t: Owner,
  environment: Environment,
  command: readonly string[] = mainCommand,
): Promise<System> {
  const system = await launchSystem(t, environment, command);
  await until('all actors are ready', async () => {
    const { ready, workers, ingest } = await system.status();
    return ready && workers.every((worker) => worker.ready) && ingest?.ready !== false;
  });
  return system;
}

/** Starts the system without waiting. */
export async function launchSystem(
  t: Owner,
  environment: Environment,
  command: readonly string[] = mainCommand,
): Promise<System> {
  const [port, adminPort] = [await freePort(), await freePort()];
  const running = runCommand(t, command, {
    PORT: String(port),
    ADMIN_PORT: String(adminPort),
    HOST: '127.0.0.1',
    // A test that needs two names them: in the short form each worker takes a second of the processor to start.
    ...(environment['ENV_FILE'] === undefined && { API_WORKERS: isLong ? '2' : '1' }),
    INGEST_THREADS: isLong ? '2' : '1',
    STOP_PAUSE_SECONDS: '0',
    ...environment,
  });
  const [url, adminUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${adminPort}`];
  const status = async (): Promise<Status> =>
    (await (await fetch(`${adminUrl}/status`, { signal: AbortSignal.timeout(5000) })).json()) as Status;
  return {
    ...running,
    url,
    adminUrl,
    status,
    metrics: async () => (await fetch(`${adminUrl}/metrics`, { signal: AbortSignal.timeout(5000) })).text(),
    search: async (query = '') => {
      const answer = await fetch(`${url}/search${query}`, { signal: AbortSignal.timeout(5000) });
      const body = await answer.text();
      if (answer.status !== 200) throw new Error(`Got status ${answer.status} for ${query}: ${body}`);
      return body;
    },
  };
}

/** Polls until the result is true; an error counts as false. Throws after `withinMs`. */
export const until: (
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs?: number,
) => Promise<void> = poll;

/** Waits for the next run of a provider that starts from now on, and returns it. */
export async function nextRun(
  system: System,
  provider: string,
  wanted: (run: NonNullable<ProviderStatus['lastRun']>) => boolean,
): Promise<NonNullable<ProviderStatus['lastRun']>> {
  const before = (await system.status()).providers[provider]?.lastRun?.id ?? 0;
  let found: ProviderStatus['lastRun'] = null;
  let seen: ProviderStatus['lastRun'] | undefined;
  await until(`${provider} has such a run`, async () => {
    seen = (await system.status()).providers[provider]?.lastRun ?? null;
    if (seen === null || seen.id <= before || !wanted(seen)) return false;
    found = seen;
    return true;
  }).catch((error: unknown) => {
    throw new Error(`The last run was ${JSON.stringify(seen)}.`, { cause: error });
  });
  return found!;
}
