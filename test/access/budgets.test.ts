// Limits over several processes that share a counter: exact, and without a question for each request.

import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { createBudgets, type Budgets, type Consume } from '#/access/budgets.ts';
import { createClientAddress } from '#/access/client-address.ts';
import { createWindows } from '#/access/windows.ts';
import { seededFor } from '../_support/random.ts';

const windowMs = 60_000;

/** Processes that share a counter, which answers after `delayMs`; a clock that the test sets. */
function processesFor(t: { teardown(end: () => void): void }, many: number, delayMs = 0) {
  const clock = { at: 0, asked: 0, isAway: false };
  const now = (): number => clock.at;
  const windows = createWindows(now);
  const consume: Consume = async (client, tokens) => {
    clock.asked++;
    await sleep(delayMs);
    if (clock.isAway) throw new Error('away');
    return windows.consume(client, tokens, windowMs);
  };
  const failures: unknown[] = [];
  const failed = (error: unknown): void => void failures.push(error);
  const all = Array.from({ length: many }, () => createBudgets({ consume, now, failed }));
  t.teardown(() => all.forEach((one) => one.stop()));
  return { clock, all, failures };
}

const admit = async (budgets: Budgets, client: string, limit: number, tokens = 1): Promise<boolean> => {
  const account = budgets.accountOf(client, limit);
  const is = await budgets.admit(account);
  if (is && tokens > 1) budgets.spend(account, tokens - 1);
  return is;
};

test('over all processes, a client gets exactly its limit in a window, and others get theirs', async (t) => {
  const random = seededFor(t);
  for (const limit of [1, 7, 60, 1000, 12_345]) {
    const { clock, all } = processesFor(t, 4);
    const got = { loud: 0, quiet: 0 };
    for (let i = 0; i < 2 * limit + 50; i++) if (await admit(random.pick(all), 'loud', limit)) got.loud++;
    for (let i = 0; i < Math.min(limit, 5); i++) if (await admit(all[i % 4]!, 'quiet', limit)) got.quiet++;
    // What others hold may be given back later: never more than the limit, and nearly all of it.
    t.true(got.loud <= limit, `${got.loud} of ${limit}`);
    t.true(got.loud >= limit - 4 * Math.max(1, Math.ceil(limit * 0.005)) - 3, `${got.loud} of ${limit}`);
    t.is(got.quiet, Math.min(limit, 5));
    t.true(clock.asked < 4 * (8 * Math.log(limit + 1) + 20) + 20, `${clock.asked} questions for ${limit}`);
    clock.at += windowMs;
    t.true(await admit(all[0]!, 'loud', limit));
  }
});

test('an answer costs what it is, and what exceeds the window is paid in the next one', async (t) => {
  const { clock, all } = processesFor(t, 1);
  const [one] = all as [Budgets];
  t.true(await admit(one, 'a', 100, 150));
  t.false(await admit(one, 'a', 100));
  clock.at += windowMs;
  let got = 0;
  while (await admit(one, 'a', 100)) got++;
  t.true(got === 49 || got === 50, `${got}`);
  clock.at += windowMs;
  // A debt of at most one window.
  t.true(await admit(one, 'a', 100, 10_000));
  clock.at += windowMs;
  t.false(await admit(one, 'a', 100));
  clock.at += windowMs;
  t.true(await admit(one, 'a', 100));
});

test('tokens that a process holds without use go back to the others', async (t) => {
  const { clock, all } = processesFor(t, 2);
  const [idle, busy] = all as [Budgets, Budgets];
  t.true(await admit(idle, 'a', 80));
  let got = 1;
  while (await admit(busy, 'a', 80)) got++;
  t.true(got < 80, `${got}`);
  clock.at += 2000;
  await sleep(700);
  while (await admit(busy, 'a', 80)) got++;
  t.is(got, 80);
});

test('many requests at once ask once, and none is admitted beyond the limit', async (t) => {
  const { clock, all } = processesFor(t, 2, 5);
  const answers = await Promise.all(Array.from({ length: 400 }, (_, i) => admit(all[i % 2]!, 'a', 100)));
  const got = answers.filter(Boolean).length;
  t.true(got <= 100 && got >= 90, `${got}`);
  t.true(clock.asked < 120, `${clock.asked}`);
});

test('without the counter, requests are admitted and the failure is reported', async (t) => {
  const { clock, all, failures } = processesFor(t, 1);
  clock.isAway = true;
  for (let i = 0; i < 100; i++) t.true(await admit(all[0]!, 'a', 10));
  t.true(failures.length > 0);
});

test('the client is the nearest address that no trusted proxy has, IPv6 by its network', (t) => {
  const none = createClientAddress([]);
  const behind = createClientAddress(['10.0.0.0/8', '2001:db8::/32']);
  t.is(none('192.0.2.1', '198.51.100.7'), '192.0.2.1');
  t.is(behind('192.0.2.1', '198.51.100.7'), '192.0.2.1', 'not a proxy');
  t.is(behind('10.0.0.1', '198.51.100.7'), '198.51.100.7');
  t.is(
    behind('10.0.0.1', '203.0.113.9, 198.51.100.7'),
    '198.51.100.7',
    'what a client adds itself does not count',
  );
  t.is(behind('10.0.0.1', '203.0.113.9, 198.51.100.7, 10.1.1.1'), '198.51.100.7');
  t.is(behind('::ffff:10.0.0.1', '198.51.100.7'), '198.51.100.7');
  t.is(behind('10.0.0.1', '10.0.0.2'), '10.0.0.2');
  for (const bad of ['', 'unknown', '198.51.100.7:80', '__proto__', ',', '1.2.3'])
    t.is(behind('10.0.0.1', bad), '10.0.0.1', bad);
  t.is(behind('10.0.0.1', Array.from({ length: 1000 }, () => '10.9.9.9').join(',')), '10.9.9.9');
  t.is(none('2a00:1450:4001:0800::200e', undefined), '2a00:1450:4001:800::/64');
  t.is(none('2a00:1450:4001:800:1:2:3:4', undefined), '2a00:1450:4001:800::/64');
  t.is(none('::1', undefined), '0:0:0:0::/64');
  t.is(none('fe80::1%eth0', undefined), 'fe80:0:0:0::/64');
  t.is(none(undefined, undefined), 'none');
});
