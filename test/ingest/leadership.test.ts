// When a leader gives up: told that the lease is lost, or told nothing for too long; not for having been busy.

import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { systemClock } from '#/kit/clock.ts';
import { keepLeadership, type LeadershipDeps } from '#/ingest/leadership.ts';
import { createTrouble } from '#/actor/trouble.ts';
import { leaseMs, type Leases } from '#/store/lease.ts';
import { createLog } from '#/telemetry/log.ts';
import { until } from '../_servers/server.ts';

interface Stage {
  /** What keeps it from leading, by source. */
  readonly troubles: ReadonlyMap<string, string>;
  /** Terms that were begun, and ended. */
  readonly terms: { begun: number; ended: number };
  stop(): Promise<void>;
}

function lead(leases: Partial<Leases>, more: Partial<LeadershipDeps> = {}): Stage {
  const troubles = new Map<string, string>();
  const trouble = createTrouble((message) => {
    if (message.type !== 'trouble') return;
    if (message.message === null) troubles.delete(message.source);
    else troubles.set(message.source, message.message);
  });
  const stopping = new AbortController();
  const terms = { begun: 0, ended: 0 };
  const done = keepLeadership(
    {
      leases: {
        acquire: () => Promise.resolve({ fence: terms.begun + 1, token: 'token' }),
        renew: () => Promise.resolve(true),
        release: () => Promise.resolve(),
        ...leases,
      },
      fence: () => Promise.resolve(0),
      async lead(_lease, stop) {
        terms.begun++;
        await sleep(60_000, undefined, { signal: stop }).catch(() => undefined);
        terms.ended++;
      },
      log: createLog({ level: 'silent', actor: 'test' }),
      clock: systemClock,
      trouble,
      ...more,
    },
    stopping.signal,
  );
  return {
    terms,
    troubles,
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

test.serial('a leader that learns of another holder of the lease stops leading at once', async (t) => {
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

test.serial('what keeps a host from the lease is reported, and taken back when it is over', async (t) => {
  let fault: string | null = "READONLY You can't write against a read only replica.";
  const { terms, troubles, stop } = lead({
    acquire: () =>
      fault === null ? Promise.resolve({ fence: 1, token: '1' }) : Promise.reject(new Error(fault)),
  });
  await until('it is reported', () => troubles.get('lease')?.startsWith('READONLY') === true);
  fault = null;
  await until('it leads', () => terms.begun > 0);
  t.deepEqual([...troubles], []);
  await stop();
});

test.serial('an archive that is away is reported by a host that does not lead as well', async (t) => {
  let isAway = true;
  const { troubles, stop } = lead(
    { acquire: () => Promise.resolve(null) },
    { fence: () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(0)) },
  );
  await until('it is reported', () => troubles.get('archive') === 'away');
  isAway = false;
  await until('it is over', () => troubles.size === 0);
  await stop();
  t.pass();
});

test.serial('a term that cannot begin is reported, and what ends with a term is taken back', async (t) => {
  let times = 0;
  const troubles = new Map<string, string | null>();
  const seen: unknown[] = [];
  const { stop } = lead(
    { renew: () => Promise.resolve(times < 2) },
    {
      trouble: { report: (source, message) => troubles.set(source, message), repeat: () => undefined },
      async lead(_lease, ending) {
        seen.push(Object.fromEntries(troubles));
        if (++times === 1) throw new Error('read only');
        troubles.set('archive', null).set('publish', 'full');
        await sleep(60_000, undefined, { signal: ending }).catch(() => undefined);
      },
    },
  );
  await until('it has led three times', () => times > 2);
  await stop();
  t.deepEqual(seen.slice(0, 3), [
    { lease: null },
    { lease: null, archive: 'read only', publish: null },
    { lease: null, archive: null, publish: null },
  ]);
});
