// One process that the supervisor has forked: it is given its configuration, says when it is ready, beats, and ends.

import cluster from 'node:cluster';
import type { Config } from '#/config.ts';
import type { ChildMessage, SupervisorMessage, Vitals } from './messages.ts';
import type { Patience, Watchdog } from './watchdog.ts';

export interface Forked {
  readonly pid: number;
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

export interface ForkOptions {
  /** A module's path, and what it is started with. */
  readonly exec: string;
  readonly nodeArgs: (config: Config) => readonly string[];
  readonly args: readonly string[];
  readonly config: Config;
  readonly watchdog: Watchdog;
  /** Once it is ready. */
  readonly patience: Patience;
  heard(message: ChildMessage, from: Forked): void;
}

// All workers accept from one socket, which the supervisor holds open: what waits in its queue outlives any of them. Were
// connections handed out by the supervisor, one that is on its way to a worker that dies or freezes would hang for ever.
cluster.schedulingPolicy = cluster.SCHED_NONE;

// Each thread of ingest would have an arena of its own for what zlib and SQLite allocate, and give little of it back: with
// two for all a first ingest of 134 MB takes 20 to 40 MB less, at the same speed. Ignored where the C library has no arenas.
const environment = { MALLOC_ARENA_MAX: '2' };

/** A process that has not become ready yet loads modules and snapshots, and may be busy for longer. */
const startingPatience: Patience = { frozenMs: 2000, spinningMs: 15_000, silentMs: 30_000 };

export function forkActor({ exec, nodeArgs, args, config, watchdog, patience, heard }: ForkOptions): Forked {
  // Reports that V8 writes by itself when it runs out of memory shall not hold the secrets of the environment.
  const execArgv = [...process.execArgv, '--report-exclude-env', ...nodeArgs(config)];
  cluster.setupPrimary({ exec, args: [...args], execArgv });
  const worker = cluster.fork(environment);
  const pid = worker.process.pid ?? 0;
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

  const forked: Forked = {
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
      // One that is still starting may not listen yet; a signal ends it all the same.
      if (!isReady) worker.process.kill('SIGTERM');
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
