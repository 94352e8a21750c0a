// One process that the supervisor has forked: it is given its configuration, says when it is ready, beats, and ends.

import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { Config } from '#/config.ts';
import { messageOf } from '#/kit/errors.ts';
import type { ChildMessage, SupervisorMessage, Vitals } from '#/actor/messages.ts';
import type { Patience, Watchdog } from './watchdog.ts';

export interface ForkedProcess {
  /** Null when it could not be forked: then it is gone from the beginning. */
  readonly pid: number | null;
  readonly isReady: boolean;
  /** What its last beat told; null before the first. */
  readonly vitals: Vitals | null;
  /** Resolves with the reason when the process is gone. */
  readonly gone: Promise<string>;
  send(message: SupervisorMessage): void;
  /** Ends it at once; `why` is what `gone` tells. */
  kill(why: string): void;
  /** Asks it to end, and kills it after `withinMs`. Resolves to whether it ended by itself. */
  stop(withinMs: number, hurry: boolean): Promise<boolean>;
}

/** One that could be forked: only these have something to say. */
export type LiveProcess = ForkedProcess & { readonly pid: number };

export interface ForkOptions {
  /** A module's path, and what it is started with. */
  readonly exec: string;
  readonly nodeArgs: (config: Config) => readonly string[];
  readonly args: readonly string[];
  readonly config: Config;
  readonly watchdog: Watchdog;
  /** Once it is ready. */
  readonly patience: Patience;
  heard(message: ChildMessage, from: LiveProcess): void;
}

// All workers accept from one socket, which the supervisor holds open: what waits in its queue outlives any of them. Were
// connections handed out by the supervisor, one that is on its way to a worker that dies or freezes would hang for ever.
cluster.schedulingPolicy = cluster.SCHED_NONE;

// Each thread of ingest would have an arena of its own for what zlib and SQLite allocate, and give little of it back: with
// two for all a first ingest of 134 MB takes 20 to 40 MB less, at the same speed. Ignored where the C library has no arenas.
const environment = { MALLOC_ARENA_MAX: '2' };

/** How the reason begins when there was no process at all. */
export const cannotFork = 'cannot be forked';

/** A process that has not become ready yet loads modules and snapshots, and may be busy for longer. */
const startingPatience: Patience = { frozenMs: 2000, spinningMs: 15_000, silentMs: 30_000 };

const preload = new URL('../actor/preload.ts', import.meta.url).href;

/** Never throws: a process that cannot be forked is gone from the beginning, and `gone` tells why. */
export function forkProcess({
  watchdog,
  config,
  patience,
  heard,
  nodeArgs,
  ...options
}: ForkOptions): ForkedProcess {
  const worker = forkWorker({ ...options, nodeArgs: nodeArgs(config) });
  if (worker instanceof Error) return neverForked(Promise.resolve(worker));
  const forkedPid = worker.process.pid;
  if (forkedPid === undefined) {
    delete cluster.workers?.[worker.id];
    return neverForked(once(worker, 'error').then(([error]) => error as Error));
  }
  const pid = forkedPid;
  const gone = Promise.withResolvers<string>();
  let isReady = false;
  let vitals: Vitals | null = null;
  let killed: string | null = null;
  let watch = watchWith(startingPatience);

  function watchWith(given: Patience): ReturnType<Watchdog['watch']> {
    return watchdog.watch({ pid, patience: given, hangs: (how) => forked.kill(how) });
  }

  worker.on('message', (message: ChildMessage) => {
    // Its words may come after its exit: nobody is to count on it then.
    if (message.type === 'ready' && worker.isDead()) return;
    watch.beat();
    if (message.type === 'beat') vitals = message.vitals;
    if (message.type === 'hello') forked.send({ type: 'configuration', config });
    if (message.type === 'ready') {
      isReady = true;
      watch.end();
      watch = watchWith(patience);
    }
    heard(message, forked);
  });
  worker.on('error', () => undefined);
  worker.on('exit', (code, signal) => {
    watch.end();
    isReady = false;
    gone.resolve(killed ?? signal ?? `exit code ${code}`);
  });

  const forked: LiveProcess = {
    pid,
    gone: gone.promise,
    get isReady() {
      return isReady;
    },
    get vitals() {
      return vitals;
    },
    send(message) {
      if (worker.isConnected()) worker.send(message, () => undefined);
    },
    kill(why) {
      killed ??= why;
      worker.process.kill('SIGKILL');
    },
    async stop(withinMs, hurry) {
      forked.send({ type: 'stop', hurry });
      let byItself = true;
      const killer = setTimeout(() => {
        byItself = false;
        forked.kill('did not stop in time');
      }, withinMs);
      await gone.promise;
      clearTimeout(killer);
      return byItself;
    },
  };
  return forked;
}

/** Errors of a fork are thrown or emitted later, depending on which it is; either way there is no process. */
function forkWorker({
  exec,
  nodeArgs,
  args,
}: Pick<ForkOptions, 'exec' | 'args'> & { readonly nodeArgs: readonly string[] }): Worker | Error {
  // Reports that V8 writes by itself when it runs out of memory shall not hold the secrets of the environment.
  const execArgv = [...process.execArgv, '--report-exclude-env', '--import', preload, ...nodeArgs];
  try {
    cluster.setupPrimary({ exec, args: [...args], execArgv });
    return cluster.fork(environment);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function neverForked(failure: Promise<Error>): ForkedProcess {
  return {
    pid: null,
    isReady: false,
    vitals: null,
    gone: failure.then((error) => `${cannotFork}: ${messageOf(error)}`),
    send: () => undefined,
    kill: () => undefined,
    stop: () => Promise.resolve(true),
  };
}
