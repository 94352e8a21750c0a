// A record that keeps its thread for ever. The deadline of a batch is shortened here for all that ask for it in seconds.

import test from 'ava';
import { Piscina } from 'piscina';
import { createParse } from '#/actors/parse-pool.ts';
import { base, record } from '../_support/feeds.ts';
import { around, aroundPlace, knownLine, neighboursTaken } from '../provider/_line.ts';

const timeout = AbortSignal.timeout;
test.before(() => {
  AbortSignal.timeout = (ms) => timeout.call(AbortSignal, ms === 20_000 ? 2000 : ms);
});
test.after.always(() => {
  AbortSignal.timeout = timeout;
});

test('a record whose parsing never ends is refused alone, and its thread is let go of', async (t) => {
  const execArgv = ['--import', new URL('_poison.ts', import.meta.url).href];
  const pool = new Piscina({ minThreads: 1, maxThreads: 1, maxQueue: 64, execArgv });
  pool.on('error', () => undefined);
  t.teardown(() => pool.destroy());
  const line = await knownLine(t, { parse: createParse(pool) });
  const { row } = await line.hear(around(record(base({ id: 'poison', title: 'NEVER ENDS' }))));
  t.like(row, {
    outcome: 'incomplete',
    code: 'parse_failed',
    counts: { records: 5, added: 2, withdrawn: 0 },
  });
  t.like(await line.quarantine(), [{ ...aroundPlace, code: 'parse_failed', times: 1 }]);
  await neighboursTaken(t, line);
  t.is((await line.hear(around(record(base({ id: 'poison', title: 'Cured' }))))).row.outcome, 'absorbed');
});
