// The polling of one provider with a simulated clock: random outcomes, restarts, and changes of the wall clock. Each attempt
// is compared with decision records 27 and 67.

import { setImmediate as turn } from 'node:timers/promises';
import test from 'ava';
import type { FeedRun } from '#/ingest/feeds/feed-run.ts';
import { keepPolling, readKeptPoll, type Polling } from '#/ingest/feeds/polling.ts';
import type { PollState } from '#/actor/messages.ts';
import type { RunOutcome } from '#/archive/runs/runs.ts';
import type { Clock } from '#/kit/clock.ts';
import type { Provider } from '#/provider/provider.ts';
import { createLog } from '#/telemetry/log.ts';
import { seededFor, type Random } from '../../_support/random.ts';
import { providerOf } from '../../provider/_line.ts';
import { createWorld, type World } from '../../simulation/_world.ts';

const log = createLog({ level: 'silent', actor: 'test' });
const tenMinutes = 600_000;
const hour = 3_600_000;
/** How often a wait checks the clock, and the rounding of a simulated step. */
const lookMs = 2000;
const slackMs = 5;

interface Host {
  readonly world: World;
  /** The wall clock minus the elapsed time. */
  offsetMs: number;
  /** The schedule as the archive stores it: text. */
  kept: string | null;
  state: PollState | null;
  /** The result of the next run. */
  outcome: () => FeedRun;
  /** How long the end of a run is being recorded. */
  endingMs: number;
  /** The start of each run, in elapsed time. */
  readonly tries: number[];
}

const runOf = (outcome: RunOutcome, askedWaitMs: number | null = null, changed = 0): FeedRun => ({
  row: {
    id: 1,
    provider: 'hostile',
    startedAt: 0,
    endedAt: 0,
    outcome,
    code: outcome === 'failed' ? 'http_status' : null,
    message: null,
    counts: { changed },
    findings: [],
  },
  isWhole: outcome !== 'failed',
  askedWaitMs,
});

const hostIn = (world: World): Host => ({
  world,
  offsetMs: Date.UTC(2026, 0, 1),
  kept: null,
  state: null,
  outcome: () => runOf('failed'),
  endingMs: 0,
  tries: [],
});

const clockOf = (host: Host): Clock => ({
  now: () => host.world.elapsed() + host.offsetMs,
  elapsed: () => host.world.elapsed(),
  sleep: (ms, stop) => host.world.sleep(ms, stop),
  random: () => host.world.random.fraction(),
});

/** One process, from its start to its stop. */
function start(
  host: Host,
  pollSeconds: number,
  pollSecondsMax: number,
  format: Provider['format'] = 'auto',
): Pick<Polling, 'pollNow'> & { stop: () => Promise<void> } {
  const stopping = new AbortController();
  const polling = keepPolling(
    providerOf('http://127.0.0.1:1/', { pollSeconds, pollSecondsMax, format }),
    {
      kept: host.kept === null ? null : readKeptPoll(JSON.parse(host.kept)),
      keep: async (poll) => void (host.kept = JSON.stringify(poll)),
      run: async () => {
        host.tries.push(host.world.elapsed());
        return host.outcome();
      },
      async ended(_row, state) {
        host.state = state;
        if (host.endingMs > 0) await host.world.sleep(host.endingMs);
      },
      stateChanged: (state) => void (host.state = state),
      log,
      clock: clockOf(host),
    },
    stopping.signal,
  );
  return {
    pollNow: () => polling.pollNow(),
    async stop() {
      stopping.abort();
      await polling.done;
    },
  };
}

const gapsOf = (tries: readonly number[]): number[] => tries.slice(1).map((at, i) => at - tries[i]!);

test('a provider that stays down is polled at least every ten minutes, and every attempt runs', async (t) => {
  const random = seededFor(t);
  const host = hostIn(createWorld(random.int(0, 2 ** 31)));
  const polling = start(host, 1, 4);
  await host.world.goOn(40 * hour);
  await polling.stop();
  const gaps = gapsOf(host.tries);
  t.true(host.tries.length > 200, `${host.tries.length} tries`);
  t.deepEqual(
    gaps.filter((gap) => gap > tenMinutes + slackMs),
    [],
  );
  t.true(
    gaps.slice(20).every((gap) => gap >= tenMinutes / 2 - slackMs),
    'and not much more often',
  );
});

for (const [what, stepMs] of [
  ['an hour back', -hour],
  ['a day back', -24 * hour],
  ['a day forward', 24 * hour],
] as const) {
  test(`the clock is set ${what} while the breaker is open: the wait stays, and the reported time is correct`, async (t) => {
    const host = hostIn(createWorld(seededFor(t).int(0, 2 ** 31)));
    const polling = start(host, 1, 4);
    await host.world.goOn(24 * hour, () => host.tries.length === 12);
    await host.world.goOn(1000);
    t.like(host.state, { breaker: 'open' });
    const begun = host.state!.nextRunAt!;
    host.offsetMs += stepMs;
    await host.world.goOn(lookMs + slackMs);
    t.true(
      Math.abs(host.state!.nextRunAt! - (begun + stepMs)) <= slackMs,
      'the same moment by the new clock',
    );
    await polling.stop();
  });

  test(`the clock is set ${what} while the breaker is open, then a restart: the provider is polled within ten minutes`, async (t) => {
    const host = hostIn(createWorld(seededFor(t).int(0, 2 ** 31)));
    const before = start(host, 1, 4);
    await host.world.goOn(24 * hour, () => host.tries.length === 12);
    await host.world.goOn(1000);
    await before.stop();
    host.offsetMs += stepMs;
    const restartedAt = host.world.elapsed();
    const after = start(host, 1, 4);
    await host.world.goOn(24 * hour, () => host.tries.length === 13);
    t.true(host.tries[12]! - restartedAt <= tenMinutes + slackMs, `${host.tries[12]! - restartedAt} ms`);
    await after.stop();
  });
}

test('a stored wait beyond the limits is shortened, and so is one of an older version', async (t) => {
  for (const poll of [
    { nextRunAt: Date.UTC(2030, 0, 1), failures: 9, intervalMs: 1000, breaker: { ownState: {} } },
    { nextRunAt: Date.UTC(2030, 0, 1), waitMs: 1e12, failures: 0, intervalMs: 1e12 },
  ]) {
    const host = hostIn(createWorld(seededFor(t).int(0, 2 ** 31)));
    host.kept = JSON.stringify(poll);
    const polling = start(host, 60, 240);
    await host.world.goOn(
      poll.failures > 0 ? hour + slackMs : 252_000 + slackMs,
      () => host.tries.length > 0,
    );
    t.is(host.tries.length, 1);
    await polling.stop();
  }
});

/** RPDE wants this much time between two polls that find nothing. */
const pagesLeastMs = 8000;

for (const outcome of ['unchanged', 'absorbed', 'incomplete', 'failed'] as const)
  test(`a feed in pages is not polled again within 8 seconds of a run that ended as ${outcome}`, async (t) => {
    const random = seededFor(t);
    const host = hostIn(createWorld(random.int(0, 2 ** 31)));
    host.outcome = () => runOf(outcome, random.pick([null, 0, 1000]));
    const polling = start(host, 0.05, random.pick([0.05, 1]), 'rpde');
    for (let step = 0; step < 300; step++) {
      await host.world.goOn(random.int(0, 2000));
      // Such as by an approval.
      if (random.chance(0.2)) polling.pollNow();
    }
    await polling.stop();
    t.true(host.tries.length > 4, `${host.tries.length} tries`);
    t.deepEqual(
      gapsOf(host.tries).filter((gap) => gap < pagesLeastMs),
      [],
    );
  });

/** The result of a random run. */
function draw(random: Random): FeedRun {
  const asked = random.chance(0.2) ? random.int(0, 3 * hour) : null;
  if (random.chance(0.6)) return runOf('failed', asked);
  if (random.chance(0.3)) return runOf('incomplete', null, random.int(0, 1));
  return runOf(random.pick(['absorbed', 'unchanged'] as const), asked);
}

test('under random events, the intervals stay within their limits and the reported next time is correct', async (t) => {
  const random = seededFor(t);
  for (let life = 0; life < 20; life++) {
    const world = createWorld(random.int(0, 2 ** 31));
    const host = hostIn(world);
    const pollSeconds = random.pick([0.05, 1, 60, 1200]);
    const pollSecondsMax = pollSeconds * random.pick([1, 4]);
    /** The start of the last run, and the longest interval that may follow it. */
    let last = { at: -Infinity, waitMsMax: 0 };
    let startedAt = 0;
    /** Since the last attempt: then its age is unknown. */
    let restarted = true;
    const wrong: string[] = [];
    host.outcome = () => {
      const at = world.elapsed();
      // 1. Not later than the limit, since the last attempt or since the process started
      const since = Math.max(last.at, startedAt);
      if (at - since > last.waitMsMax + slackMs)
        wrong.push(`asked after ${at - since} of ${last.waitMsMax} ms`);
      // 2. Not sooner than requested
      const least = pollSeconds * 1000 * 0.95 - slackMs;
      if (!restarted && at - last.at < least) wrong.push(`asked again after ${at - last.at} of ${least} ms`);
      const run = draw(random);
      const asked = run.askedWaitMs ?? 0;
      const isFailed = run.row.outcome === 'failed';
      const own = isFailed ? Math.max(tenMinutes, pollSeconds * 1050) : pollSecondsMax * 1050;
      last = { at, waitMsMax: Math.max(own, isFailed ? Math.min(asked, hour) : 0) };
      restarted = false;
      return run;
    };
    let polling = start(host, pollSeconds, pollSecondsMax);
    for (let step = 0; step < 40; step++) {
      await world.goOn(random.int(0, random.pick([100, 10_000, hour])) * Math.min(1, pollSeconds));
      // 3. The reported time is correct, or an attempt is running
      const { nextRunAt } = host.state!;
      if (nextRunAt !== null && nextRunAt < world.elapsed() + host.offsetMs - slackMs)
        wrong.push(`the next run lay ${world.elapsed() + host.offsetMs - nextRunAt} ms in the past`);
      const draws = random.fraction();
      if (draws < 0.3) {
        host.offsetMs += random.int(-48, 48) * hour;
        await world.goOn(lookMs + slackMs);
      } else if (draws < 0.5) {
        await polling.stop();
        restarted = true;
        if (random.chance(0.5)) host.offsetMs += random.int(-48, 48) * hour;
        startedAt = world.elapsed();
        polling = start(host, pollSeconds, pollSecondsMax);
        await turn();
      }
    }
    await polling.stop();
    t.deepEqual(wrong, [], `life ${life}`);
  }
});

test('a poll that is asked for while the end of a run is being recorded comes right after it', async (t) => {
  const host = { ...hostIn(createWorld(1)), outcome: () => runOf('absorbed'), endingMs: 5000 };
  const polling = start(host, 60, 60);
  await host.world.goOn(2000);
  t.is(host.tries.length, 1);
  polling.pollNow();
  await host.world.goOn(2000);
  t.is(host.tries.length, 1, 'one run at a time');
  await host.world.goOn(2000);
  t.is(host.tries.length, 2);
  await host.world.goOn(20_000);
  t.is(host.tries.length, 2, 'and only once');
  await polling.stop();
});
