// Announcements over a real Redis: they are hints, but they arrive, also after the connection was lost.

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { watchAnnouncements } from '#/store/announcements.ts';
import { createRedisClient } from '#/store/redis-client.ts';
import { endingOf } from '../_servers/ending.ts';
import { redisIsHere, startRedis, type RedisServer } from '../_servers/redis.ts';
import { until } from '../_servers/server.ts';
import { addressOf, clientFor, hostFor, ownPrefix, publishEvents, type Host } from './_snapshots.ts';

const test = anyTest as TestFn;
const ending = endingOf(test);
const check = redisIsHere ? test : test.skip;

let redis: RedisServer;
test.before(async () => {
  if (redisIsHere) redis = await startRedis(ending);
});

interface Listener {
  heard: number;
}

/** Resolves when it has noticed that it is connected. */
async function listenerFor(t: ExecutionContext, url: string, prefix: string): Promise<Listener> {
  const listener = { heard: 0 };
  const unwatch = watchAnnouncements(
    createRedisClient(addressOf(url), () => undefined),
    prefix,
    () => void listener.heard++,
  );
  t.teardown(unwatch);
  await until('it is connected', () => listener.heard > 0);
  return listener;
}

const hears = async (listener: Listener, host: Host, version: number): Promise<void> => {
  const before = listener.heard;
  await publishEvents(host.store, version);
  await until('it hears of it', () => listener.heard > before, 1000);
};

check('each publish, pin and unpin is heard', async (t) => {
  const prefix = ownPrefix();
  const host = await hostFor(t, redis.url, { prefix });
  await host.lead();
  const listener = await listenerFor(t, redis.url, prefix);
  await hears(listener, host, 1);
  await hears(listener, host, 2);
  let before = listener.heard;
  await host.store.pin(1);
  await until('the pin is heard', () => listener.heard > before, 1000);
  before = listener.heard;
  await host.store.unpin();
  await until('the unpin is heard', () => listener.heard > before, 1000);
  t.pass();
});

check('news of another deployment is not heard', async (t) => {
  const host = await hostFor(t, redis.url, { prefix: ownPrefix() });
  await host.lead();
  const listener = await listenerFor(t, redis.url, ownPrefix());
  const before = listener.heard;
  await publishEvents(host.store, 1);
  await sleep(100);
  t.is(listener.heard, before);
});

check('who begins to watch on a connection that is there already hears too', async (t) => {
  const prefix = ownPrefix();
  const host = await hostFor(t, redis.url, { prefix });
  await host.lead();
  const client = await clientFor(t, redis.url);
  const listener = { heard: 0 };
  t.teardown(watchAnnouncements(client, prefix, () => void listener.heard++));
  await sleep(100);
  await hears(listener, host, 1);
  t.is(client.status, 'ready');
});

check('after a lost connection it looks at once, and hears again', async (t) => {
  const own = await startRedis(t);
  const prefix = ownPrefix();
  const host = await hostFor(t, own.url, { prefix });
  await host.lead();
  const listener = await listenerFor(t, own.url, prefix);
  const before = listener.heard;
  await own.ask('client', 'kill', 'type', 'pubsub');
  await until('it looks after what it may have missed', () => listener.heard > before, 2000);
  await hears(listener, host, 1);
  t.pass();
});

check('after a freeze it hears again', async (t) => {
  const own = await startRedis(t);
  const prefix = ownPrefix();
  const host = await hostFor(t, own.url, { prefix });
  await host.lead();
  const client = createRedisClient(addressOf(own.url), () => undefined);
  const listener = { heard: 0 };
  t.teardown(watchAnnouncements(client, prefix, () => void listener.heard++));
  await until('it is connected', () => listener.heard > 0);
  await own.freeze();
  await once(client, 'close', { signal: AbortSignal.timeout(10_000) });
  const before = listener.heard;
  await own.thaw();
  await until('it looks after what it may have missed', () => listener.heard > before, 4000);
  await until(
    'the other connection is there too',
    async () => (await host.store.versions()).length >= 0,
    5000,
  );
  await hears(listener, host, 1);
  t.pass();
});
