// Two hosts, one Redis: a new leader never makes events vanish, and a waiting host names the leader.

import { hostname } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { redisIsHere, startRedis } from '../_servers/redis.ts';
import { until } from '../_servers/server.ts';
import { directoryFor } from '../_support/directory.ts';
import { allNights, startGrowingFeed, startHost, type Host } from './_hosts.ts';

const here = redisIsHere ? test.serial : test.serial.skip;

/** The environment of a host with its own archive and the shared Redis. */
const environmentOf = (dataDir: string, redisUrl: string, feedUrl: string) => ({
  DATA_DIR: dataDir,
  REDIS_URL: redisUrl,
  SINGLE_INGEST_HOST: 'true',
  PROVIDER_URL: feedUrl,
  POLL_SECONDS: '0.2',
  API_WORKERS: '1',
  INGEST_THREADS: '1',
});

here(
  'a failover to a host with an empty archive of its own keeps every event until an operator approves the loss',
  async (t) => {
    const [feed, redis, directory] = [
      await startGrowingFeed(t, 60),
      await startRedis(t),
      await directoryFor(t),
    ];
    const start = (name: string, roles: string): Promise<Host> =>
      startHost(t, name, { ...environmentOf(join(directory, name), redis.url, feed.url), ROLES: roles });
    // The one that is replaced needs no workers.
    const left = await start('left', 'ingest');
    await until('left has published all', () => / 60 events, /.test(left.output()));
    const right = await start('right', 'api,ingest');
    await until('right serves all', async () => (await right.status()).events === 60);
    await until('right knows who leads', async () => (await right.status()).leader !== null);
    const follower = await right.status();
    t.like(follower.leader, { host: hostname(), here: false });
    t.is(follower.providers['default']?.ask, `${hostname()} (${follower.leader?.admin})`);
    await until('left says that it leads', async () => (await left.status()).leader?.here === true);
    await t.throwsAsync(right.admin('POST', '/providers/default/run'), {
      message: new RegExp(`409.*not_leading.*the host ${hostname()} .${follower.leader?.admin}. does`),
    });

    feed.forget(25);
    const fetches = feed.fetches();
    await until('the leader has read it', () => feed.fetches() > fetches + 2);
    left.killGroup('SIGKILL');
    await until('the publish is held', async () => 'held' in ((await right.status()).ingest?.troubles ?? {}));
    await until('only what the feed lost is missing', async () =>
      / has 25 events that /.test((await right.status()).ingest?.troubles['held'] ?? ''),
    );
    t.deepEqual((await right.titles()).toSorted(), allNights(60));
    t.regex(await right.metrics(), /^marquee_publish_held_events\{[^}]*\} 25$/m);
    t.regex(await right.metrics(), /^marquee_ingest_trouble\{[^}]*source="held"[^}]*\} 1$/m);
    await until('right says that it leads', async () => (await right.status()).leader?.here === true);

    feed.forget(-25);
    feed.grow();
    await until('all is there and more', async () => (await right.status()).events === 61);
    t.deepEqual((await right.titles()).toSorted(), allNights(61));
    await until(
      'the trouble is over',
      async () => !('held' in ((await right.status()).ingest?.troubles ?? {})),
    );
    await t.throwsAsync(right.admin('POST', '/snapshots/approve'), { message: /409.*nothing_held/ });

    // Another host with an empty archive, and an operator who approves the loss
    right.kill('SIGTERM');
    await right.ended;
    feed.forget(10);
    const second = await start('second', 'api,ingest');
    await until('the loss is reported', async () =>
      / has 10 events /.test((await second.status().catch(() => null))?.ingest?.troubles['held'] ?? ''),
    );
    t.is((await second.titles()).length, 61);
    t.like(await second.admin('POST', '/snapshots/approve'), { approved: { missing: 10 } });
    await until('it is published', async () => (await second.status()).events === 51);
    await until(
      'the trouble is over',
      async () => !('held' in ((await second.status()).ingest?.troubles ?? {})),
    );
    t.regex(second.output(), /the loss of 10 published events is approved/);
  },
);
