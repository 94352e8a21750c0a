// Limits over two hosts that share Redis.

import { setTimeout as sleep } from 'node:timers/promises';
import anyTest, { type TestFn } from 'ava';
import { createBudgets, type Budgets } from '#/access/budgets.ts';
import { createRateWindowsFor } from './_rate-windows.ts';
import { endingOf } from '../_servers/ending.ts';
import { redisIsHere, startRedis, type RedisServer } from '../_servers/redis.ts';

const test = anyTest as TestFn;
const ending = endingOf(test);
const check = redisIsHere ? test : test.skip;

let redis: RedisServer;
test.before(async () => {
  if (redisIsHere) redis = await startRedis(ending);
});

check('hosts that share Redis grant a client its limit once, whichever of them it asks', async (t) => {
  let asked = 0;
  const hosts: Budgets[] = [];
  for (let i = 0; i < 2; i++) {
    const consume = await createRateWindowsFor(t, redis.url, 'limits', 2);
    const counted: typeof consume = (client, tokens) => {
      asked++;
      return consume(client, tokens);
    };
    const budgets = createBudgets({
      consume: counted,
      now: () => performance.now(),
      failed: (e) => t.fail(String(e)),
    });
    t.teardown(() => budgets.stop());
    hosts.push(budgets);
  }
  const admitted = async (times: number): Promise<number[]> => {
    const got = [0, 0];
    for (let i = 0; i < times; i++) {
      const host = i % 2;
      const budgets = hosts[host]!;
      if (await budgets.admit(budgets.accountOf('shop', 500))) got[host] = got[host]! + 1;
    }
    return got;
  };
  const [first = 0, second = 0] = await admitted(1200);
  t.true(first + second <= 500 && first + second >= 490, `${first} and ${second}`);
  t.true(Math.abs(first - second) < 150, `fair: ${first} and ${second}`);
  t.true(asked < 250, `${asked} round trips for 1200 requests`);
  // The window ends by itself.
  await sleep(2100);
  t.true((await admitted(2)).every((one) => one === 1));
});
