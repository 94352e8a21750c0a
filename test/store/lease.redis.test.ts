// The lease to publish: one holder at a time, each with a higher fence than all before.

import { setTimeout as sleep } from 'node:timers/promises';
import anyTest, { type TestFn } from 'ava';
import { leaseMs } from '#/store/lease.ts';
import { redisKeys } from '#/store/redis.ts';
import { endingOf } from '../_servers/ending.ts';
import { redisIsHere, startRedis, type RedisServer } from '../_servers/redis.ts';
import { until } from '../_servers/server.ts';
import { hostFor, ownPrefix } from './_snapshots.ts';

const test = anyTest as TestFn;
const ending = endingOf(test);
const check = redisIsHere ? test : test.skip;

let redis: RedisServer;
test.before(async () => {
  if (redisIsHere) redis = await startRedis(ending);
});

check('of many that ask at once, one acquires the lease', async (t) => {
  const prefix = ownPrefix();
  const hosts = await Promise.all(Array.from({ length: 8 }, () => hostFor(t, redis.url, { prefix })));
  const leases = await Promise.all(hosts.map(({ leases: own }) => own.acquire(0)));
  t.is(leases.filter((lease) => lease !== null).length, 1);
});

check('a renewed lease stays; another host can acquire an expired one, with a higher fence', async (t) => {
  const prefix = ownPrefix();
  const [a, b] = [await hostFor(t, redis.url, { prefix }), await hostFor(t, redis.url, { prefix })];
  const lease = (await a.leases.acquire(0))!;
  t.is(lease.fence, 1);
  const life = async (): Promise<number> => Number(await redis.ask('pttl', redisKeys(prefix).lease));
  t.true((await life()) <= leaseMs);
  await redis.ask('pexpire', redisKeys(prefix).lease, 300);
  t.true(await a.leases.renew(lease));
  t.true((await life()) > 1000);
  t.is(await b.leases.acquire(0), null);
  await redis.ask('pexpire', redisKeys(prefix).lease, 1);
  await sleep(20);
  t.true(await a.leases.renew(lease), 'nobody has had it meanwhile');
  t.true((await life()) > 1000);
  await redis.ask('pexpire', redisKeys(prefix).lease, 1);
  await sleep(20);
  const next = (await b.leases.acquire(0))!;
  t.is(next.fence, 2);
  t.false(await a.leases.renew(lease), 'another has it');
  t.true(await b.leases.renew(next));
  await b.leases.release(next);
  t.false(await a.leases.renew(lease), 'another has had it');
});

check('what another holds is neither renewed nor released', async (t) => {
  const prefix = ownPrefix();
  const [a, b] = [await hostFor(t, redis.url, { prefix }), await hostFor(t, redis.url, { prefix })];
  const lease = (await a.leases.acquire(0))!;
  await redis.ask('del', redisKeys(prefix).lease);
  const next = (await b.leases.acquire(0))!;
  await a.leases.release(lease);
  t.true(await b.leases.renew(next));
  await b.leases.release(next);
  t.is((await a.leases.acquire(0))?.fence, 3);
});

check(
  'a host that no longer waits for a lease, which a suspended Redis grants too late, can still acquire it',
  async (t) => {
    const own = await startRedis(t);
    const prefix = ownPrefix();
    const [a, b] = [await hostFor(t, own.url, { prefix }), await hostFor(t, own.url, { prefix })];
    await own.freeze();
    await t.throwsAsync(a.leases.acquire(0));
    await own.thaw();
    await until('it is granted', async () => Number(await own.ask('exists', redisKeys(prefix).lease)) === 1);
    t.is(await b.leases.acquire(0), null, 'it is not for others');
    const lease = await a.leases.acquire(0);
    t.is(lease?.fence, 2);
    t.true(await a.leases.renew(lease!));
    t.false(
      await a.leases.renew({ fence: 1, token: lease!.token.replace(/^2/, '1') }),
      'the first one has ended',
    );
  },
);

check('fences rise after Redis has lost everything, from the highest that is known elsewhere', async (t) => {
  const own = await startRedis(t);
  const host = await hostFor(t, own.url, { prefix: ownPrefix() });
  const fences: number[] = [];
  for (let i = 0; i < 5; i++) {
    const lease = (await host.leases.acquire(fences.at(-1) ?? 0))!;
    fences.push(lease.fence);
    if (i % 2 === 0) await own.ask('flushall');
    else await host.leases.release(lease);
  }
  t.deepEqual(fences, [1, 2, 3, 4, 5]);
});

check('without an answer of Redis, a lease is not reported as valid', async (t) => {
  const own = await startRedis(t);
  const host = await hostFor(t, own.url, { prefix: ownPrefix() });
  const lease = (await host.leases.acquire(0))!;
  await own.kill();
  await t.throwsAsync(host.leases.renew(lease));
  await t.throwsAsync(host.leases.acquire(0));
});
