// A record that blocks its thread permanently. These tests shorten the deadline of a batch, which is in seconds.

import test, { type ExecutionContext } from 'ava';
import { Piscina } from 'piscina';
import { createParse } from '#/ingest/feeds/parse-pool.ts';
import { unpackAll } from '#/domain/packed/records.ts';
import type { ParseTask } from '#/provider/parse-task.ts';
import { base, record } from '../../_support/feeds.ts';
import { longTest } from '../../_support/long.ts';
import { around, aroundPlace, knownLine, neighboursTaken } from '../../provider/_line.ts';

/** A new thread starts within this on a busy machine, too. */
const deadlineMs = 8000;
const timeout = AbortSignal.timeout;
test.before(() => {
  AbortSignal.timeout = (ms) => timeout.call(AbortSignal, ms === 20_000 ? deadlineMs : ms);
});
test.after.always(() => {
  AbortSignal.timeout = timeout;
});

/** One thread, in which records with some titles never finish parsing. */
function poisonedPool(t: ExecutionContext): Piscina {
  const execArgv = ['--import', new URL('_poison.ts', import.meta.url).href];
  const pool = new Piscina({ minThreads: 1, maxThreads: 1, maxQueue: 64, execArgv });
  pool.on('error', () => undefined);
  t.teardown(() => pool.destroy());
  return pool;
}

test('a record whose parsing never ends is refused alone, and its thread is terminated', async (t) => {
  const line = await knownLine(t, { parse: createParse(poisonedPool(t)) });
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

/** A batch of records with these titles, which are also their keys. */
function taskOf(...titles: string[]): ParseTask {
  const texts = titles.map((title) => Buffer.from(record(base({ id: title, title, plans: [] }))));
  let used = 0;
  const records = texts.map(({ length }) => {
    used += length;
    return { from: used - length, to: used, place: { offset: used - length, line: 1, column: 1 } };
  });
  const bytes = new SharedArrayBuffer(used);
  new Uint8Array(bytes).set(Buffer.concat(texts));
  const reading = { provider: 'hostile', timeZone: 'UTC', priceZones: 'all', strict: false } as const;
  return { format: 'plan-list-xml', reading, bytes, records };
}

longTest(test)('records whose parsing never ends affect no record that waits for their thread', async (t) => {
  const parse = createParse(poisonedPool(t));
  const batches = [
    ['a', 'NEVER ENDS', 'b'],
    ['NEVER ENDS', 'c'],
    ['d', 'e'],
    ['f', 'g'],
  ];
  const parsed = await Promise.all(batches.map((titles) => parse(taskOf(...titles))));
  t.deepEqual(
    parsed.map((packed) =>
      packed.flatMap(unpackAll).map(({ key, faults }) => key ?? faults[0]?.refusal.code),
    ),
    [
      ['a', 'parse_failed', 'b'],
      ['parse_failed', 'c'],
      ['d', 'e'],
      ['f', 'g'],
    ],
  );
});
