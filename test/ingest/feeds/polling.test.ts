// The polling of one provider, with simulated runs. It really waits, but no test asserts a duration.

import { setImmediate as turn } from 'node:timers/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { FeedRun } from '#/ingest/feeds/feed-run.ts';
import { systemClock } from '#/kit/clock.ts';
import { keepPolling, type Polling } from '#/ingest/feeds/polling.ts';
import type { PollState } from '#/actor/messages.ts';
import type { RunOutcome, RunRow } from '#/archive/runs/runs.ts';
import { createLog } from '#/telemetry/log.ts';
import { providerOf, type GivenProvider } from '../../provider/_line.ts';

const row = (outcome: RunOutcome, code: string | null, counts: RunRow['counts']): RunRow => ({
  id: 1,
  provider: 'hostile',
  startedAt: 0,
  endedAt: 0,
  outcome,
  code,
  message: code,
  counts,
  findings: [],
});

const ended = (
  outcome: RunOutcome,
  code: string | null = null,
  askedWaitMs: number | null = null,
  { isWhole = false, counts = {} }: { isWhole?: boolean; counts?: RunRow['counts'] } = {},
): FeedRun => ({
  row: row(outcome, code, counts),
  isWhole,
  askedWaitMs,
});

interface Polled extends Polling {
  readonly runs: number;
  readonly states: readonly PollState[];
  /** Hurries until there were this many runs, or for a limited time. */
  hurried(runs: number): Promise<void>;
  stop(): Promise<void>;
}

/** The clock is fixed at 1,000,000, and the random number at one half: no jitter. */
function poll(
  t: ExecutionContext,
  run: (ordinal: number, stop: AbortSignal) => Promise<FeedRun>,
  given: GivenProvider = {},
  keep: () => Promise<void> = () => Promise.resolve(),
): Polled {
  const stopping = new AbortController();
  const states: PollState[] = [];
  let runs = 0;
  const polling = keepPolling(
    providerOf('http://127.0.0.1:1/', { pollSeconds: 3600, pollSecondsMax: 7200, ...given }),
    {
      kept: null,
      keep,
      run: (stop) => run(++runs, stop),
      ended: async (_row, state) => void states.push(state),
      stateChanged: () => undefined,
      log: createLog({ level: 'silent', actor: 'test' }),
      clock: { ...systemClock, random: () => 0.5, now: () => 1_000_000 },
    },
    stopping.signal,
  );
  const stop = async (): Promise<void> => {
    stopping.abort();
    await polling.done;
  };
  t.teardown(stop);
  return {
    ...polling,
    states,
    stop,
    get runs() {
      return runs;
    },
    async hurried(wanted) {
      for (let i = 0; i < 500 && runs < wanted; i++) {
        polling.pollNow();
        await sleep(2);
      }
      for (let i = 0; i < 10; i++) await turn();
    },
  };
}

test('a run whose schedule could not be stored is still reported', async (t) => {
  const keep = (): Promise<void> => Promise.reject(new Error('the archive is away'));
  const polled = poll(t, async () => ended('absorbed'), {}, keep);
  await polled.hurried(2);
  t.is(polled.runs, 2, 'and it goes on');
  t.is(polled.states.length, 2);
});

test('the first run starts at once, the next when it is due', async (t) => {
  const polled = poll(t, async () => ended('absorbed'));
  await polled.hurried(1);
  t.is(polled.runs, 1);
  t.deepEqual(polled.states, [{ breaker: 'closed', failures: 0, nextRunAt: 1_000_000 + 3_600_000 }]);
});

test('runs follow each other automatically', async (t) => {
  const third = Promise.withResolvers<void>();
  const polled = poll(
    t,
    async (ordinal) => {
      if (ordinal === 3) third.resolve();
      return ended('absorbed');
    },
    { pollSeconds: 0.01, pollSecondsMax: 0.01 },
  );
  await third.promise;
  t.true(polled.runs >= 3);
});

test('hurry ends the wait, each time it is called', async (t) => {
  const polled = poll(t, async () => ended('unchanged'));
  await polled.hurried(4);
  t.is(polled.runs, 4);
  t.is(polled.states.length, 4);
});

test('there are never two runs at once, however often hurry is called', async (t) => {
  let [now, most] = [0, 0];
  const polled = poll(t, async () => {
    most = Math.max(most, ++now);
    await sleep(5);
    now--;
    return ended('absorbed');
  });
  await polled.hurried(5);
  t.is(most, 1);
});

test('hurry during a run does not start another', async (t) => {
  const going = Promise.withResolvers<FeedRun>();
  const polled = poll(t, (ordinal) => (ordinal === 1 ? going.promise : Promise.resolve(ended('absorbed'))));
  for (let i = 0; i < 20; i++) {
    polled.pollNow();
    await turn();
  }
  t.is(polled.runs, 1);
  going.resolve(ended('absorbed'));
  while (polled.states.length === 0) await turn();
  await sleep(20);
  t.is(polled.runs, 1);
});

test('five failures in a row open the breaker, and then nothing is requested', async (t) => {
  const polled = poll(t, async () => ended('failed', 'http_status'));
  await polled.hurried(20);
  t.is(polled.runs, 5);
  t.deepEqual(
    polled.states.map(({ breaker, failures }) => `${breaker} ${failures}`),
    ['closed 1', 'closed 2', 'closed 3', 'closed 4', 'open 5'],
  );
});

test('a request to run now ends any wait, also that of an open breaker, and is refused during a run', async (t) => {
  const going = Promise.withResolvers<FeedRun>();
  const recorded = Promise.withResolvers<void>();
  const polled = poll(
    t,
    (ordinal) => (ordinal === 7 ? going.promise : Promise.resolve(ended('failed', 'http_status'))),
    {},
    () => (polled.runs === 7 ? recorded.promise : Promise.resolve()),
  );
  await polled.hurried(20);
  t.is(polled.runs, 5);
  t.is(polled.runNow(), 'due');
  while (polled.states.length < 6) await turn();
  t.is(polled.states.at(-1)?.breaker, 'open');
  t.is(polled.runNow(), 'due');
  while (polled.runs < 7) await turn();
  t.is(polled.runNow(), 'running');
  going.resolve(ended('absorbed'));
  // The end of the run is still being recorded: there is no wait yet that could be ended.
  while (polled.runNow() === 'running') await turn();
  recorded.resolve();
  while (polled.states.length < 8) await turn();
  await sleep(20);
  t.is(polled.runs, 8);
});

test('a run with some result in between keeps the breaker closed', async (t) => {
  for (const outcome of ['absorbed', 'unchanged', 'incomplete'] as const) {
    const polled = poll(t, async (ordinal) =>
      ordinal % 5 === 0 ? ended(outcome) : ended('failed', 'timed_out'),
    );
    await polled.hurried(15);
    t.is(polled.runs, 15);
    t.true(polled.states.every(({ breaker }) => breaker === 'closed'));
    await polled.stop();
  }
});

test('a run that throws counts as a failure, and polling continues', async (t) => {
  const polled = poll(t, async (ordinal) => {
    if (ordinal < 3) throw new Error('the disk is full');
    return ended('absorbed');
  });
  await polled.hurried(3);
  t.is(polled.runs, 3);
  t.like(polled.states, [{ breaker: 'closed', failures: 0 }]);
});

test('the wait that the provider requests is respected, by Retry-After or max-age', async (t) => {
  const polled = poll(t, async (ordinal) =>
    ordinal === 1 ? ended('failed', 'http_status', 9_000_000) : ended('unchanged', null, 8_000_000),
  );
  await polled.hurried(2);
  t.deepEqual(
    polled.states.map(({ nextRunAt }) => nextRunAt),
    [1_000_000 + 3_600_000, 1_000_000 + 7_200_000],
    'an hour at the most after a failure, and its longest interval after a success',
  );
});

test('an unchanged feed is polled later, a truncated feed like a failing one', async (t) => {
  const polled = poll(t, async (ordinal) =>
    ordinal < 3 ? ended('unchanged') : ended('incomplete', 'feed_truncated'),
  );
  await polled.hurried(3);
  t.deepEqual(
    polled.states.map(({ nextRunAt, failures }) => [(nextRunAt ?? 0) - 1_000_000, failures]),
    [
      [5_400_000, 0],
      [7_200_000, 0],
      [3_600_000, 1],
    ],
  );
});

test('a run that absorbs something, or reads the feed to its end, is not a failure, whatever else was wrong', async (t) => {
  const counts = { records: 3, added: 0, changed: 1, relisted: 0, withdrawn: 0 };
  const absorbing = poll(t, async () => ended('incomplete', 'feed_truncated', null, { counts }));
  const reading = poll(t, async () => ended('incomplete', 'entity_unknown', null, { isWhole: true }));
  const lasting = { breaker: 'closed', failures: 0 } as const;
  for (const [polled, waits] of [
    [absorbing, [3_600_000, 3_600_000, 3_600_000]],
    [reading, [5_400_000, 7_200_000, 7_200_000]],
  ] as const) {
    await polled.hurried(3);
    t.deepEqual(
      polled.states.slice(0, 3),
      waits.map((waitMs) => ({ ...lasting, nextRunAt: 1_000_000 + waitMs })),
    );
    await polled.stop();
  }
});

test('a stopped run is not a failure of the provider, and its stored schedule stays', async (t) => {
  let kept = 0;
  const polled = poll(
    t,
    async (_ordinal, stop) => {
      await new Promise((resolve) => stop.addEventListener('abort', resolve));
      return ended('failed', 'stopped');
    },
    {},
    async () => void kept++,
  );
  while (polled.runs === 0) await turn();
  await polled.stop();
  t.is(kept, 0);
  t.like(polled.states, [{ breaker: 'closed', failures: 0 }]);
});

test('stop ends the wait, and nothing runs any more', async (t) => {
  const polled = poll(t, async () => ended('absorbed'));
  await polled.hurried(1);
  await polled.stop();
  polled.pollNow();
  await sleep(10);
  t.is(polled.runs, 1);
});

test('stop aborts the run, and waits for its end', async (t) => {
  let over = false;
  const polled = poll(t, async (_ordinal, stop) => {
    await new Promise((resolve) => stop.addEventListener('abort', resolve));
    await sleep(10);
    over = true;
    return ended('failed', 'stopped');
  });
  while (polled.runs === 0) await turn();
  await polled.stop();
  t.true(over);
  t.is(polled.runs, 1);
});
