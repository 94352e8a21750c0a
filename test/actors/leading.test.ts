// When a leader gives up: told that the lease is lost, or told nothing for too long; not for having been busy.

import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { systemClock } from '#/kit/clock.ts';
import { keepLeading } from '#/actors/leading.ts';
import { leaseMs, type Leases } from '#/store/lease.ts';
import { createLog } from '#/telemetry/log.ts';

interface Stage {
  /** Terms that were begun, and ended. */
  readonly terms: { begun: number; ended: number };
  stop(): Promise<void>;
}

function lead(leases: Partial<Leases>): Stage {
  const stopping = new AbortController();
  const terms = { begun: 0, ended: 0 };
  const done = keepLeading(
    {
      leases: {
        acquire: () => Promise.resolve({ fence: terms.begun + 1, token: 'token' }),
        renew: () => Promise.resolve(true),
        release: () => Promise.resolve(),
        ...leases,
      },
      fence: () => Promise.resolve(0),
      async term(_lease, stop) {
        terms.begun++;
        await sleep(60_000, undefined, { signal: stop }).catch(() => undefined);
        terms.ended++;
      },
      log: createLog({ level: 'silent', actor: 'test' }),
      clock: systemClock,
    },
    stopping.signal,
  );
  return {
    terms,
    stop() {
      stopping.abort();
      return done;
    },
  };
}

test.serial('who was busy for almost as long as a lease lasts asks, and goes on', async (t) => {
  let asked = 0;
  const { terms, stop } = lead({ renew: () => Promise.resolve(++asked > 0) });
  await sleep(1500);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, leaseMs - 500);
  const before = asked;
  await sleep(1500);
  t.true(asked > before);
  t.deepEqual(terms, { begun: 1, ended: 0 });
  await stop();
  t.deepEqual(terms, { begun: 1, ended: 1 });
});

test.serial('who is told that another has had the lease ends its term at once', async (t) => {
  const { terms, stop } = lead({ renew: () => Promise.resolve(false) });
  await sleep(1400);
  t.is(terms.ended, 1);
  await stop();
});

test.serial('who hears nothing ends its term before the lease runs out', async (t) => {
  const begunAt = performance.now();
  const { terms, stop } = lead({ renew: () => Promise.reject(new Error('away')) });
  while (terms.ended === 0 && performance.now() - begunAt < 2 * leaseMs) await sleep(20);
  const took = performance.now() - begunAt;
  t.log(`it gave up after ${Math.round(took)} ms`);
  t.true(took > 2000 && took < 2 * leaseMs);
  await stop();
});
