// One slot and its processes, in simulated time: forks fail, processes die, are late, or do not end.

import test, { type ExecutionContext } from 'ava';
import type { Config } from '#/config.ts';
import { createSlot, type SlotDeps, type Slot } from '#/supervisor/processes/slot.ts';
import type { LiveProcess, ForkedProcess, ForkOptions } from '#/supervisor/processes/forked-process.ts';
import type { Watchdog } from '#/supervisor/processes/watchdog.ts';
import { createWorld, type World } from '../../simulation/_world.ts';
import { seededFor } from '../../_support/random.ts';

const lives = 300;
const limits = { readyMs: 60_000, stopMs: 15_000 };
const config = {} as Config;

interface Processes {
  readonly fork: SlotDeps['fork'];
  /** The running processes: the current one of the slot, a successor, or one that leaves. */
  readonly running: Set<LiveProcess & { leaving: boolean }>;
  /** The shares of failing forks and of processes that die early. */
  weather: { fail: number; die: number };
}

function processesIn(world: World): Processes {
  const { random } = world;
  const running: Processes['running'] = new Set();
  const processes: Processes = { running, fork, weather: { fail: 0, die: 0 } };
  let lastPid = 0;

  function after(ms: number, run: () => void): void {
    void world.sleep(ms).then(run);
  }

  function fork({ heard }: ForkOptions): ForkedProcess {
    if (random.chance(processes.weather.fail)) return neverForked;
    const gone = Promise.withResolvers<string>();
    let isReady = false;
    const end = (why: string): void => {
      running.delete(forked);
      isReady = false;
      gone.resolve(why);
    };
    const forked = {
      pid: ++lastPid,
      get isReady() {
        return isReady;
      },
      vitals: null,
      gone: gone.promise,
      leaving: false,
      send: () => undefined,
      kill: end,
      async stop(withinMs: number) {
        forked.leaving = true;
        const takesMs = random.int(0, 20_000);
        after(Math.min(takesMs, withinMs), () => end('stopped'));
        await gone.promise;
        return takesMs <= withinMs;
      },
    };
    running.add(forked);
    after(random.int(1, random.chance(0.1) ? 90_000 : 3000), () => {
      if (!running.has(forked)) return;
      isReady = true;
      heard({ type: 'ready' }, forked);
    });
    if (random.chance(processes.weather.die)) after(random.int(0, 20_000), () => end('SIGKILL'));
    return forked;
  }
  return processes;
}

const neverForked: ForkedProcess = {
  pid: null,
  isReady: false,
  vitals: null,
  gone: Promise.resolve('cannot be forked: EMFILE'),
  send: () => undefined,
  kill: () => undefined,
  stop: () => Promise.resolve(true),
};

function placeIn(world: World, { fork }: Processes): Slot {
  const around: SlotDeps = {
    fork,
    now: () => world.elapsed(),
    random: () => world.random.fraction(),
    after(ms, run) {
      let isWanted = true;
      void world.sleep(ms).then(() => (isWanted ? run() : undefined));
      return () => void (isWanted = false);
    },
  };
  const nothing = (): void => undefined;
  const events = {
    message: nothing,
    heard: nothing,
    started: nothing,
    gone: nothing,
    died: nothing,
    recovered: nothing,
  };
  const patience = { frozenMs: 1, spinningMs: 1, silentMs: 1 };
  return createSlot(
    {
      exec: '',
      nodeArgs: () => [],
      args: [],

      config,
      watchdog: {} as Watchdog,
      patience,
      events,
    },
    around,
  );
}

async function live(t: ExecutionContext, seed: number): Promise<void> {
  const world = createWorld(seed);
  const { random } = world;
  const processes = processesIn(world);
  processes.weather = { fail: random.fraction() * 0.8, die: random.fraction() * 0.8 };
  const child = placeIn(world, processes);
  const told = `life ${seed}`;

  // 1. Replacements and restarts with faults: each one ends, and at most two processes are ready at any time
  for (let step = 0; step < 20; step++) {
    await world.goOn(random.int(0, 15_000));
    if (random.chance(0.5)) continue;
    const renewed = random.chance(0.5) ? child.replace(config, limits) : child.restart(config, limits.stopMs);
    let isOver = false;
    void renewed.then(() => (isOver = true));
    t.true(
      await world.goOn(limits.readyMs + limits.stopMs + 1000, () => isOver),
      `${told}: a renewal has an end`,
    );
    const present = [...processes.running].filter(({ leaving }) => !leaving);
    t.true(present.length <= 1, `${told}: ${present.length} processes in one place`);
  }

  // 2. Without faults, one process is ready, and no other is left
  processes.weather = { fail: 0, die: 0 };
  await world.goOn(200_000);
  t.deepEqual(
    [...processes.running].map(({ pid }) => pid),
    [child.pid],
    told,
  );
  t.true(child.ready, told);

  // 3. A stop, perhaps during a renewal or while every fork fails: the slot ends, and starts nothing more
  if (random.chance(0.5)) {
    processes.weather = { fail: 1, die: 0 };
    for (const one of processes.running) one.kill('SIGKILL');
    await world.goOn(random.int(0, 5000));
  }
  if (random.chance(0.5)) void child.replace(config, limits);
  await world.goOn(random.int(0, 5000));
  child.expectExit();
  const before = processes.running.size;
  t.not(await child.replace(config, limits), null, `${told}: it is too late for another`);
  t.is(processes.running.size, before, told);
  let hasStopped = false;
  void child.stop(limits.stopMs).then(() => (hasStopped = true));
  t.true(await world.goOn(limits.stopMs + 1000, () => hasStopped), `${told}: stop has an end`);
  processes.weather = { fail: 0, die: 0 };
  await world.goOn(100_000);
  t.is(processes.running.size, 0, told);
}

test('a slot has one process, whatever forks and processes do', async (t) => {
  const seeds = seededFor(t);
  for (let i = 0; i < lives; i++) await live(t, seeds.int(0, 2 ** 31 - 1));
});
