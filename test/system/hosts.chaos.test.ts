// Two hosts, and failures of everything that they share: killed, suspended, emptied, restored from an old copy. The search
// never fails, no version goes back, no event is lost, and all is up to date soon. Times are printed, not asserted tightly.

import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { endingOf } from '../_servers/ending.ts';
import { postgresIsHere } from '../_servers/postgres.ts';
import { redisIsHere } from '../_servers/redis.ts';
import { until } from '../_servers/server.ts';
import { isLong, longTest } from '../_support/long.ts';
import {
  allNights,
  isReady,
  leaderOf,
  searchAtRate,
  startStage,
  untilFresh,
  watchVersions,
  type Host,
  type Stage,
} from './_hosts.ts';
import { mendsWhatGoesBad } from './_rot.ts';

const check = redisIsHere && postgresIsHere ? test.serial : test.serial.skip;

/** How long each part is unavailable. */
const awayMs = isLong ? 45_000 : 3000;
/** Long enough for a circuit breaker to open, should it take the archive's faults for the provider's. */
const archiveAwayMs = 90_000;
/** In the short form other tests take the processor. */
const freshMs = isLong ? 5000 : 20_000;
const leadMs = isLong ? 10_000 : 25_000;
const searchesPerSecond = isLong ? 40 : 10;
const leadersKilled = isLong ? 2 : 1;

const ending = endingOf(test);
let shared: Promise<Stage> | null = null;

/** Two hosts. In the short form one pair for all tests, each of which leaves both well. */
const stageFor = (t: ExecutionContext): Promise<Stage> =>
  isLong ? startStage(t) : (shared ??= startStage(ending));

const rounded = (ms: number): string => `${Math.round(ms)} ms`;

// The first one: the shared feed has the 200 nights with which it starts.
check('what goes bad in Redis is mended by the leader, whichever host notices it', async (t) => {
  t.timeout(180_000);
  await mendsWhatGoesBad(t, await stageFor(t));
});

check(
  'the search continues, and is up to date at once, after any failure of Redis and PostgreSQL',
  async (t) => {
    t.timeout(600_000);
    const stage = await stageFor(t);
    const { redis, postgres, feed, hosts } = stage;
    t.log(`a new catalogue was on both hosts after ${rounded(await untilFresh(stage, 200))}`);
    const traffic = hosts.map((host) => searchAtRate(t, host, searchesPerSecond));
    const witnesses = hosts.map((host) => watchVersions(t, host));

    type Fault = [what: string, away: () => Promise<void>, back: () => Promise<void>, forMs: number];
    const redisKilled: Fault = ['Redis killed, and back empty', redis.kill, redis.start, awayMs];
    const postgresKilled: Fault = [
      'PostgreSQL killed',
      postgres.kill,
      postgres.start,
      isLong ? 1000 : awayMs,
    ];
    const faults: Fault[] = isLong
      ? [
          ['nothing', () => sleep(0), () => sleep(0), 2000],
          redisKilled,
          ['Redis frozen', redis.freeze, redis.thaw, awayMs],
          ['Redis emptied', async () => void (await redis.ask('flushall')), () => sleep(0), 0],
          ['PostgreSQL stopped', postgres.stop, postgres.start, archiveAwayMs],
          postgresKilled,
          ['PostgreSQL frozen', postgres.freeze, postgres.thaw, awayMs],
        ]
      : [redisKilled, postgresKilled];
    let count = 200;
    for (const [what, away, back, forMs] of faults) {
      await away();
      count = feed.grow();
      await sleep(forMs);
      await back();
      const backAt = performance.now();
      const caughtUp = await untilFresh(stage, count);
      count = feed.grow();
      await untilFresh(stage, count);
      t.log(
        `${what}: caught up ${rounded(caughtUp)} after the return, and with the next change after ${rounded(performance.now() - backAt)}`,
      );
      t.true(caughtUp < freshMs, `${what}: caught up after ${rounded(caughtUp)}`);
    }

    for (const one of [...traffic, ...witnesses]) await one.stop();
    t.log(
      `${traffic.reduce((sum, { searches }) => sum + searches, 0)} searches, the slowest took ${rounded(Math.max(...traffic.map(({ slowestMs }) => slowestMs)))}`,
    );
    t.deepEqual(
      traffic.flatMap(({ failures }) => failures),
      [],
    );
    t.deepEqual(
      witnesses.flatMap(({ faults: seen }) => seen),
      [],
    );
    await nothingLost(t, stage, count);
  },
);

check('a host that waits names the leader, and knows the last runs from the shared archive', async (t) => {
  const stage = await stageFor(t);
  const { host: leading } = await leaderOf(stage);
  await untilFresh(stage, 200);
  const waiting = stage.hosts.find((host) => host !== leading) ?? t.fail();
  if (typeof waiting === 'boolean') return;
  await until(
    'it knows the last run',
    async () =>
      /^(absorbed|unchanged)$/.test((await waiting.status()).providers['default']?.lastRun?.outcome ?? ''),
    15_000,
  );
  const status = await waiting.status();
  t.like(status.leader, { host: hostname(), here: false });
  t.is(new URL(`http://${status.leader?.admin}`).port, String(leading.adminPort));
  t.is(status.providers['default']?.ask, undefined);
  await until(
    'the other says that it leads',
    async () => (await leading.status()).leader?.here === true,
    15_000,
  );
});

check('a leader that is killed is replaced within ten seconds, and nothing is lost', async (t) => {
  t.timeout(180_000);
  const stage = await stageFor(t);
  await untilFresh(stage, 200);
  for (let times = 0; times < leadersKilled; times++) {
    const { host: leader, fence } = await leaderOf(stage);
    const other = stage.hosts.find((host) => host !== leader)!;
    const witness = watchVersions(t, other);
    const traffic = searchAtRate(t, other, searchesPerSecond);
    stage.feed.grow();
    leader.killGroup('SIGKILL');
    const killedAt = performance.now();
    const count = stage.feed.grow();
    await until('another leads', async () => (await stage.leader()).fence > fence);
    const ledAt = performance.now();
    await untilFresh(stage, count, [other]);
    t.log(
      `another led ${rounded(ledAt - killedAt)} after the kill, and was fresh ${rounded(performance.now() - ledAt)} later`,
    );
    t.true(ledAt - killedAt < leadMs);
    await leader.ended;
    const again = await stage.restart(leader.name);
    await until('it is back', () => isReady(again));
    await untilFresh(stage, stage.feed.grow());
    await traffic.stop();
    await witness.stop();
    t.deepEqual(traffic.failures, []);
    t.deepEqual(witness.faults, []);
  }
  await nothingLost(t, stage, stage.feed.grow());
});

longTest(check)(
  'a suspended leader is replaced within ten seconds, and does no damage when it continues late',
  async (t) => {
    t.timeout(180_000);
    const stage = await startStage(t);
    await untilFresh(stage, 200);
    const traffic = stage.hosts.map((host) => searchAtRate(t, host, searchesPerSecond));
    const witnesses = stage.hosts.map((host) => watchVersions(t, host));
    const { host: leader, fence } = await leaderOf(stage);
    const pid = (await leader.status()).ingest!.pid;

    // 1. In the middle of a feed, so that it has something to absorb and to publish when it continues
    const letGo = stage.feed.hold();
    const fetches = stage.feed.fetches();
    stage.feed.grow();
    await until('it fetches', () => stage.feed.fetches() > fetches);
    // The supervisor as well: it would replace a suspended child within seconds.
    const frozen = [leader.pid, pid];
    const signal = (which: NodeJS.Signals): void => {
      for (const one of frozen) process.kill(one, which);
    };
    signal('SIGSTOP');
    t.teardown(() => {
      try {
        signal('SIGCONT');
      } catch {
        // It has ended.
      }
    });
    const frozenAt = performance.now();
    letGo();
    // 2. Another takes over
    await until('another leads', async () => (await stage.leader()).fence > fence);
    const ledAt = performance.now();
    const count = stage.feed.grow();
    const others = stage.hosts.filter((host) => host !== leader);
    await untilFresh(stage, count, others);
    t.log(
      `another led ${rounded(ledAt - frozenAt)} after the freeze, and the other host was fresh ${rounded(performance.now() - ledAt)} later`,
    );
    t.true(ledAt - frozenAt < 10_000);
    await sleep(Math.max(0, 20_000 - (performance.now() - frozenAt)));
    const [before] = await stage.postgres.ask(stage.database, 'select fence from leader');
    // 3. It continues
    signal('SIGCONT');
    await sleep(4000);
    const now = await leaderOf(stage);
    t.is(now.fence, Number(before!['fence']), 'who has taken over still leads');
    t.not(now.host.name, leader.name);
    t.log(
      leader
        .output()
        .split('\n')
        .filter((line) => /fence|lease|lost/.test(line))
        .slice(-4)
        .join('\n'),
    );
    const last = stage.feed.grow();
    await untilFresh(stage, last);

    for (const one of [...traffic, ...witnesses]) await one.stop();
    t.deepEqual(
      traffic.flatMap(({ failures }) => failures),
      [],
    );
    t.deepEqual(
      witnesses.flatMap(({ faults }) => faults),
      [],
    );
    await nothingLost(t, stage, last);
  },
);

longTest(check)('with every announcement dropped, all workers follow by looking', async (t) => {
  t.timeout(120_000);
  const stage = await startStage(t, {
    redisUrl: async (redis) => {
      await redis.ask(
        'acl',
        'setuser',
        'deaf',
        'on',
        '>deaf',
        '~*',
        '&*',
        '+@all',
        '-subscribe',
        '-psubscribe',
      );
      return `redis://deaf:deaf@127.0.0.1:${redis.port}`;
    },
  });
  await untilFresh(stage, 200);
  const { host: leader } = await leaderOf(stage);
  const other = stage.hosts.find((host) => host !== leader)!;
  const listeners = String(await stage.redis.ask('pubsub', 'numsub', '{stage}:news'));
  t.is(listeners, '{stage}:news,0', 'nobody hears anything');
  const took: number[] = [];
  for (let times = 0; times < 5; times++) {
    const count = stage.feed.grow();
    await untilFresh(stage, count, [leader]);
    took.push(await untilFresh(stage, count, [other]));
  }
  t.log(`the host that heard nothing followed within ${rounded(Math.max(...took))}`);
  t.true(Math.max(...took) < 4000);
});

longTest(check)(
  'a host that starts without Redis serves its last good snapshot, reports it, and catches up by itself',
  async (t) => {
    t.timeout(180_000);
    const stage = await startStage(t);
    await untilFresh(stage, 200);
    const [, right] = stage.hosts;
    await sleep(500);
    right.kill('SIGTERM');
    t.is(await right.ended, 0);
    // The speed of this machine: the same with Redis available.
    const usual = await stage.restart('right');
    const usualMs = (await firstAnswer(usual)).tookMs;
    t.log(`with Redis there, events are served ${rounded(usualMs)} after the start of the process`);
    usual.kill('SIGTERM');
    await usual.ended;
    for (const away of ['killed', 'frozen'] as const) {
      if (away === 'killed') await stage.redis.kill();
      else await stage.redis.freeze();
      const again = await stage.restart('right');
      const { titles, tookMs } = await firstAnswer(again);
      t.log(
        `Redis ${away}: ${titles.length} events are served ${rounded(tookMs)} after the start of the process`,
      );
      t.true(titles.length >= 200);
      t.true(tookMs < Math.max(5000, 2 * usualMs));
      await until('it says that it is stale', async () => (await again.status()).stale, 5000);
      t.regex(await again.metrics(), /^marquee_snapshot_stale\{slot="\d"\} 1$/m);
      const count = stage.feed.grow();
      if (away === 'killed') await stage.redis.start();
      else await stage.redis.thaw();
      const took = await untilFresh(stage, count);
      t.log(`Redis ${away}: caught up ${rounded(took)} after its return`);
      t.true(took < 10_000);
      await until('it is no longer stale', async () => !(await again.status()).stale, 5000);
      t.regex(await again.metrics(), /^marquee_snapshot_stale\{slot="0"\} 0$/m);
      again.kill('SIGTERM');
      await again.ended;
    }
  },
);

longTest(check)(
  'all hosts follow a pin on one host, and its end; an old copy of Redis is brought up to date',
  async (t) => {
    t.timeout(180_000);
    const stage = await startStage(t);
    const [left, right] = stage.hosts;
    await untilFresh(stage, 200);
    const old = await stage.redis.dump();
    for (let times = 0; times < 3; times++) await untilFresh(stage, stage.feed.grow());
    const before = (await left.status()).version;

    // 1. Pin, on the host that does not lead
    const { host: leader } = await leaderOf(stage);
    const other = leader === left ? right : left;
    const { snapshots } = (await other.admin('GET', '/snapshots')) as {
      snapshots: { version: number; events: number }[];
    };
    t.true(snapshots.length >= 4);
    const pinned = snapshots.at(-1)!;
    let begun = performance.now();
    await other.admin('POST', `/snapshots/${pinned.version}/pin`);
    await until('all serve the pinned version', () => allServe(stage, pinned.version), 10_000);
    t.log(`a pin was followed by all after ${rounded(performance.now() - begun)}`);
    for (const host of stage.hosts) {
      t.true((await host.status()).pinned);
      t.regex(await host.metrics(), /^marquee_snapshot_pinned\{slot="0"\} 1$/m);
      t.is((await host.titles()).length, pinned.events);
    }
    stage.feed.grow();
    await sleep(1500);
    t.true(await allServe(stage, pinned.version), 'whatever is published');
    const { counts } = (await left.admin('GET', `/snapshots/${pinned.version}/diff/${before}`)) as {
      counts: object;
    };
    t.deepEqual(counts, { added: 203 - pinned.events, changed: 0, removed: 0 });
    begun = performance.now();
    await left.admin('DELETE', '/snapshots/pin');
    await untilFresh(stage, 204);
    t.log(`an unpin was followed by all after ${rounded(performance.now() - begun)}`);
    for (const host of stage.hosts) t.false((await host.status()).pinned);

    // 2. An old copy of Redis
    const witnesses = stage.hosts.map((host) => watchVersions(t, host));
    const traffic = stage.hosts.map((host) => searchAtRate(t, host, searchesPerSecond));
    const served = (await left.status()).version;
    await stage.redis.restore(old);
    begun = performance.now();
    const count = stage.feed.grow();
    await untilFresh(stage, count);
    t.log(`an old copy was brought up to date after ${rounded(performance.now() - begun)}`);
    t.true(performance.now() - begun < 10_000);
    t.true(Number(await stage.redis.ask('get', '{stage}:current')) > served);
    for (const one of [...traffic, ...witnesses]) await one.stop();
    t.deepEqual(
      traffic.flatMap(({ failures }) => failures),
      [],
    );
    t.deepEqual(
      witnesses.flatMap(({ faults }) => faults),
      [],
    );
    await nothingLost(t, stage, count);
  },
);

async function firstAnswer(host: Host): Promise<{ titles: string[]; tookMs: number }> {
  let titles: string[] = [];
  await until('it answers', async () => (titles = await host.titles()).length > 0);
  return { titles, tookMs: performance.now() - host.startedAt };
}

async function allServe(stage: Stage, version: number): Promise<boolean> {
  const all = await Promise.all(stage.hosts.map(async (host) => (await host.status()).workers));
  return all.flat().every((worker) => worker.version === version);
}

/** Every event that the feed ever had is in the answers of both hosts and in the archive's journal, exactly once. */
async function nothingLost(t: ExecutionContext, stage: Stage, count: number): Promise<void> {
  await untilFresh(stage, count);
  for (const host of stage.hosts) t.deepEqual((await host.titles()).toSorted(), allNights(count), host.name);
  const rows = await stage.postgres.ask(
    stage.database,
    `select count(*)::int as entries, count(distinct event_id)::int as events from history where kind = 'added'`,
  );
  t.deepEqual(rows, [{ entries: count, events: count }]);
}
