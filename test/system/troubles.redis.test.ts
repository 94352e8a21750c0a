// What `/status` and the metrics report while Redis or the archive fails, and that it is cleared afterwards.

import test, { type ExecutionContext } from 'ava';
import { startProxy } from '../_chaos/proxy.ts';
import { postgresIsHere, startPostgres } from '../_servers/postgres.ts';
import { redisIsHere, startRedis } from '../_servers/redis.ts';
import { startGrowingFeed } from './_hosts.ts';
import {
  directoryFor,
  freePort,
  run,
  until,
  type Environment,
  type Running,
  type Status,
} from './_system.ts';

const check = redisIsHere && postgresIsHere ? test.serial : test.serial.skip;

interface Host extends Running {
  status(): Promise<Status & { workers: { troubles: Record<string, string> }[] }>;
  /** The header `Marquee-Catalogue` of a search. */
  catalogue(): Promise<string | null>;
  /** The value of `marquee_ingest_trouble`, by source. */
  metric(): Promise<Record<string, string>>;
}

/** Starts a host that may never become ready. */
async function start(t: ExecutionContext, environment: Environment): Promise<Host> {
  const [port, adminPort] = [await freePort(), await freePort()];
  const running = run(t, 'src/main.ts', {
    HOST: '127.0.0.1',
    PORT: String(port),
    ADMIN_PORT: String(adminPort),
    API_WORKERS: '1',
    INGEST_THREADS: '1',
    POLL_SECONDS: '0.2',
    STOP_PAUSE_SECONDS: '0',
    DATA_DIR: await directoryFor(t),
    ...environment,
  });
  const ask = (path: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${adminPort}${path}`, { signal: AbortSignal.timeout(5000) });
  return {
    ...running,
    status: async () => (await (await ask('/status')).json()) as Awaited<ReturnType<Host['status']>>,
    async catalogue() {
      const answer = await fetch(`http://127.0.0.1:${port}/search`, { signal: AbortSignal.timeout(5000) });
      await answer.arrayBuffer();
      return answer.headers.get('marquee-catalogue');
    },
    async metric() {
      const text = await (await ask('/metrics')).text();
      const found = text.matchAll(/^marquee_ingest_trouble\{source="(\w+)"\} (\d)$/gm);
      return Object.fromEntries(Array.from(found, ([, source, value]) => [source!, value!]));
    },
  };
}

const troublesOf = async (host: Host): Promise<Record<string, string>> =>
  (await host.status()).ingest?.troubles ?? {};

const none = { archive: '0', lease: '0', publish: '0', held: '0' };

check(
  'what the archive and Redis refuse is reported with its reason, and taken back when it is over',
  async (t) => {
    t.timeout(180_000);
    const [redis, postgres, feed] = [
      await startRedis(t),
      await startPostgres(t),
      await startGrowingFeed(t, 5),
    ];
    await redis.ask('acl', 'setuser', 'usher', 'on', '>another', '~*', '&*', '+@all');
    const database = new URL(await postgres.database());
    const [toArchive, toRedis] = [await startProxy(t, await freePort()), await startProxy(t, redis.port)];
    const archivePort = Number(database.port);
    database.port = String(toArchive.port);
    const host = await start(t, {
      SINGLE_INGEST_HOST: 'true',
      REDIS_URL: `redis://usher:right@127.0.0.1:${toRedis.port}`,
      ARCHIVE_URL: database.href,
      PROVIDER_URL: feed.url,
    });
    /** The whole feed is served, and no trouble is reported. */
    const isWell = async (): Promise<boolean> => {
      const { events, ingest, workers } = await host.status();
      const troubles = { ...ingest?.troubles, ...workers[0]?.troubles };
      return events === nights && Object.keys(troubles).length === 0;
    };
    let nights = 5;

    // 1. An archive that is away at the start. What ingest has reported is forgotten with its process
    await until('it is reported', async () => 'archive' in (await troublesOf(host)));
    t.is((await host.metric())['archive'], '1');
    const before = (await host.status()).ingest?.pid ?? 0;
    process.kill(before, 'SIGKILL');
    await until('another has taken its place and reports it', async () => {
      const { pid = null, troubles = {} } = (await host.status()).ingest ?? {};
      return pid !== null && pid !== before && 'archive' in troubles;
    });
    toArchive.retarget(archivePort);
    await until('the archive is there', async () => !('archive' in (await troublesOf(host))));

    // 2. A wrong password from the start
    await until('both actors say why', async () => {
      const { ingest, workers } = await host.status();
      return [ingest?.troubles['lease'], workers[0]?.troubles['store']].every((one) =>
        /WRONGPASS/.test(one ?? ''),
      );
    });
    t.deepEqual(await host.metric(), { ...none, lease: '1' });
    await redis.ask('acl', 'setuser', 'usher', '>right');
    await until('all is well', isWell);
    t.deepEqual(await host.metric(), none);

    // 3. It becomes a replica, runs out of memory, cannot save, or revokes a permission, while connections stay
    const faults = [
      [/READONLY/, () => redis.ask('replicaof', '127.0.0.1', 1), () => redis.ask('replicaof', 'no', 'one')],
      [
        /OOM/,
        () => redis.ask('config', 'set', 'maxmemory', 1),
        () => redis.ask('config', 'set', 'maxmemory', 0),
      ],
      [
        /NOPERM|permission|can't run/,
        () => redis.ask('acl', 'setuser', 'usher', '-eval'),
        () => redis.ask('acl', 'setuser', 'usher', '+eval'),
      ],
    ] as const;
    for (const [reason, away, back] of faults) {
      await away();
      nights = feed.grow();
      await until(`${String(reason)} is reported`, async () =>
        Object.values(await troublesOf(host)).some((message) => reason.test(message)),
      );
      t.true(Object.values(await host.metric()).includes('1'));
      await back();
      await until(`all is well after ${String(reason)}`, isWell);
      t.deepEqual(await host.metric(), none);
    }

    // 4. Redis is away: answers have how long ago it confirmed their version
    const isCurrent = async (): Promise<boolean> =>
      /^version=[1-9]\d*, age=[0-2], stale=\?0$/.test((await host.catalogue()) ?? '');
    await until('the version is confirmed', isCurrent);
    toRedis.weather({ drops: true });
    await until('it is stale, and three seconds old or more', async () =>
      /^version=[1-9]\d*, age=([3-9]|\d\d), stale=\?1$/.test((await host.catalogue()) ?? ''),
    );
    toRedis.weather({});
    toRedis.reset();
    await until('the version is confirmed again', isCurrent);
  },
);

check('a host that only serves reports a missing database, and writes to no other', async (t) => {
  const redis = await startRedis(t, { args: ['--databases', '4'] });
  const host = await start(t, { ROLES: 'api', REDIS_URL: `${redis.url}/9` });
  await until('it is reported', async () =>
    /DB index is out of range/.test((await host.status()).workers[0]?.troubles['store'] ?? ''),
  );
  t.is((await host.status()).ingest, null);
  t.is(await redis.ask('dbsize'), 0);
});
