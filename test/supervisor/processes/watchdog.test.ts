import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { beatMs } from '#/actor/heartbeat.ts';
import { createWatchdog, type ProcessState, type Watch } from '#/supervisor/processes/watchdog.ts';

const patience = { frozenMs: 3 * beatMs, spinningMs: 500, silentMs: 8 * beatMs };

const idle: ProcessState = { frozen: false, runnable: false, cpuMs: 0 };

interface CollectedMetrics extends Watch {
  /** How the process hung, once it did. */
  readonly verdict: () => string | null;
}

/** Watches a process of which `look` tells. */
function watching(t: ExecutionContext, look: () => ProcessState | null): CollectedMetrics {
  const watchdog = createWatchdog(look);
  t.teardown(() => watchdog.stop());
  let verdict: string | null = null;
  const watch = watchdog.watch({ pid: 1, patience, hangs: (how) => (verdict = how) });
  return { ...watch, verdict: () => verdict };
}

test.serial('a process with a heartbeat is not judged', async (t) => {
  const watch = watching(t, () => ({ ...idle, frozen: true, cpuMs: Math.random() * 1e6 }));
  for (let i = 0; i < 8; i++) {
    await sleep(beatMs / 2);
    watch.beat();
  }
  t.is(watch.verdict(), null);
});

test.serial('a suspended process, an endless loop and a blocked wait are distinguished', async (t) => {
  let spun = 0;
  const frozen = watching(t, () => ({ ...idle, frozen: true }));
  const spinning = watching(t, () => ({ ...idle, runnable: true, cpuMs: (spun += beatMs) }));
  const waiting = watching(t, () => idle);
  await sleep(12 * beatMs);
  t.regex(frozen.verdict() ?? '', /^frozen, silent for 600 ms$/);
  t.regex(spinning.verdict() ?? '', /^spinning, silent for \d+ ms$/);
  t.regex(waiting.verdict() ?? '', /^waiting for something, silent for 1600 ms$/);
});

test.serial(
  'a process that a busy machine gives no processor is not judged, until it waits for something else',
  async (t) => {
    let runnable = true;
    const starved = watching(t, () => ({ ...idle, runnable }));
    await sleep(12 * beatMs);
    t.is(starved.verdict(), null);
    runnable = false;
    await sleep(12 * beatMs);
    t.regex(starved.verdict() ?? '', /^waiting for something, silent for \d+ ms$/);
  },
);

test.serial('a process that has ended is not judged', async (t) => {
  const gone = watching(t, () => null);
  const ended = watching(t, () => ({ ...idle, frozen: true }));
  ended.end();
  await sleep(12 * beatMs);
  t.is(gone.verdict(), null);
  t.is(ended.verdict(), null);
});

test.serial('a watchdog that was itself delayed counts its ticks, not the time', async (t) => {
  const watch = watching(t, () => ({ ...idle, frozen: true }));
  await sleep(beatMs * 1.5);
  // The supervisor is suspended for four times the longest timeout.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4 * patience.frozenMs);
  await sleep(1);
  watch.beat();
  await sleep(beatMs);
  t.is(watch.verdict(), null);
});
