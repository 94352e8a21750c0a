// Servers in a wrong state: replicas, loading, without the database, without the permission.

import test, { type ExecutionContext } from 'ava';
import { createRedisClient, type RedisClient } from '#/store/redis-client.ts';
import { createRedisStore } from '#/store/redis.ts';
import { startProxy } from '../_chaos/proxy.ts';
import { redisIsHere, startRedis, type RedisServer } from '../_servers/redis.ts';
import { freePort, until } from '../_servers/server.ts';
import { addressOf, clientFor, hostFor, ownPrefix, publishEvents } from './_snapshots.ts';

const check = redisIsHere ? test : test.skip;

/** A connection that may never become ready. */
function unready(t: ExecutionContext, url: string): RedisClient {
  const client = createRedisClient(addressOf(url), () => undefined);
  t.teardown(() => client.disconnect());
  return client;
}

const promote = (redis: RedisServer): Promise<unknown> => redis.ask('replicaof', 'no', 'one');
const demote = (redis: RedisServer, port: number): Promise<unknown> =>
  redis.ask('replicaof', '127.0.0.1', port);

check('a primary that becomes a replica is left for the one that the name leads to now', async (t) => {
  const [old, next] = [await startRedis(t), await startRedis(t)];
  const proxy = await startProxy(t, old.port);
  const host = await hostFor(t, `redis://127.0.0.1:${proxy.port}`, { prefix: ownPrefix() });
  await host.lead();
  await publishEvents(host.store, 1);
  await demote(next, old.port);
  await until('it follows', async () =>
    String(await next.ask('info', 'replication')).includes('master_link_status:up'),
  );
  await promote(next);
  await demote(old, next.port);
  proxy.retarget(next.port);
  await t.throwsAsync(publishEvents(host.store, 2), { message: /READONLY/ });
  await until('it publishes again', () => publishEvents(host.store, 2));
  t.true(String(await next.ask('role')).startsWith('master'));
  t.is(await host.store.currentVersion(), 2);
});

check(
  'while a server is a replica, each fault names it; the server is used when it is a primary again',
  async (t) => {
    const redis = await startRedis(t);
    const host = await hostFor(t, redis.url, { prefix: ownPrefix() });
    const lease = await host.lead();
    await demote(redis, await freePort());
    await until('the fault is reported', () =>
      host.leases.renew(lease).then(
        () => false,
        (error: Error) => error.message.includes('READONLY'),
      ),
    );
    await promote(redis);
    await until('it publishes again', () => publishEvents(host.store, 1));
    t.is(await host.store.currentVersion(), 1);
  },
);

for (const [message, isLeft] of [
  ["READONLY You can't write against a read only replica. script: 1f, on @user_script:3.", true],
  [
    "ERR Error running script (call to f_1f): @user_script:3: @user_script: 3: -READONLY You can't write",
    true,
  ],
  ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", true],
  ['LOADING Redis is loading the dataset in memory', true],
  ['MISCONF Redis is configured to save RDB snapshots, but it is unable to persist to disk.', false],
  ["OOM command not allowed when used memory > 'maxmemory'.", false],
  ['NOPERM this user has no permissions to access the READONLY key', false],
] as const) {
  check(`${isLeft ? 'a new connection is made' : 'the connection stays'} after: ${message}`, async (t) => {
    const redis = await startRedis(t);
    const client = await clientFor(t, redis.url);
    const before = await client.client('ID');
    await t.throwsAsync(client.eval(`return redis.error_reply(ARGV[1])`, 0, message), { message });
    await until('it is connected', () => client.ping());
    t.is((await client.client('ID')) !== before, isLeft);
  });
}

check('a database that does not exist is never replaced by another one, nor after a reconnect', async (t) => {
  const few = await startRedis(t, { args: ['--databases', '4'] });
  const many = await startRedis(t);
  const proxy = await startProxy(t, few.port);
  const client = unready(t, `redis://127.0.0.1:${proxy.port}/9`);
  const store = createRedisStore(client, { prefix: ownPrefix(), leaseToken: () => null, now: Date.now });
  const refused = (): Promise<void> =>
    until('it says why', () =>
      store.requestVerification().then(
        () => t.fail('it wrote into another database'),
        (error: Error) => error.message.includes('DB index is out of range'),
      ),
    );
  await refused();
  proxy.retarget(many.port);
  await until('it writes into its own', () => store.requestVerification());
  t.regex(String(await many.ask('info', 'keyspace')), /db9:keys=1/);
  proxy.retarget(few.port);
  proxy.reset();
  await refused();
  t.is(await few.ask('dbsize'), 0);
});

check('with a wrong password, and with none, each command says why it fails', async (t) => {
  const redis = await startRedis(t);
  await redis.ask('config', 'set', 'requirepass', 'right');
  for (const [credentials, reason] of [
    [':wrong@', /WRONGPASS/],
    ['', /NOAUTH/],
  ] as const) {
    const client = unready(t, `redis://${credentials}127.0.0.1:${redis.port}`);
    await until('it says why', () =>
      client.get('key').then(
        () => false,
        (error: Error) => reason.test(error.message),
      ),
    );
  }
  t.pass();
});

check(
  'a user without permission to announce still publishes, pins and unpins, and the reason is reported',
  async (t) => {
    const redis = await startRedis(t);
    const prefix = ownPrefix();
    await redis.ask('acl', 'setuser', 'mute', 'on', '>mute', '~*', 'resetchannels', '+@all', '-publish');
    const heard: string[] = [];
    const client = await clientFor(t, `redis://mute:mute@127.0.0.1:${redis.port}`);
    const store = createRedisStore(client, {
      prefix,
      leaseToken: () => '1:mute',
      now: Date.now,
      notAnnounced: (reason) => heard.push(reason),
    });
    await redis.ask('set', `{${prefix}}:lease`, '1:mute');
    await publishEvents(store, 1);
    await publishEvents(store, 2);
    await store.pin(1);
    t.deepEqual(await store.target(), { version: 1, pinned: true });
    await store.unpin();
    t.deepEqual(await store.target(), { version: 2, pinned: false });
    t.is(heard.length, 4);
    for (const reason of heard) t.regex(reason, /permission|can't run/i);
  },
);
