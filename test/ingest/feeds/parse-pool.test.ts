// Records that kill their parser thread, or block it permanently, in a real pool: only the record itself is refused.

import test, { type ExecutionContext } from 'ava';
import { Piscina } from 'piscina';
import { createParse } from '#/ingest/feeds/parse-pool.ts';
import { base, feedOf, plan, record } from '../../_support/feeds.ts';
import {
  aroundPlace,
  knownBases,
  knownLine,
  neighboursTaken,
  around,
  lineFor,
  type Line,
} from '../../provider/_line.ts';

function poolFor(t: ExecutionContext, options: ConstructorParameters<typeof Piscina>[0] = {}): Piscina {
  const pool = new Piscina({ minThreads: 1, maxThreads: 1, maxQueue: 64, ...options });
  pool.on('error', () => undefined);
  t.teardown(() => pool.destroy());
  return pool;
}

const poison = { execArgv: ['--import', new URL('_poison.ts', import.meta.url).href] };

const poisonedLine = (t: ExecutionContext, options = {}): Promise<Line> =>
  knownLine(t, { parse: createParse(poolFor(t, { ...poison, ...options })) });

async function refusedAlone(t: ExecutionContext, line: Line, title: string): Promise<void> {
  const { row } = await line.hear(around(record(base({ id: 'poison', title }))));
  t.like(row, {
    outcome: 'incomplete',
    code: 'parse_failed',
    counts: { records: 5, added: 2, withdrawn: 0 },
  });
  t.like(await line.quarantine(), [{ ...aroundPlace, code: 'parse_failed', baseId: null, times: 1 }]);
  await neighboursTaken(t, line);
  const mended = await line.hear(around(record(base({ id: 'poison', title: 'Cured' }))));
  t.like(mended.row, { outcome: 'absorbed', code: null, counts: { added: 1 } });
  t.deepEqual(await line.quarantine(), []);
}

test('a record that ends its thread is refused alone', async (t) => {
  await refusedAlone(t, await poisonedLine(t), 'KILLS ITS THREAD');
});

test('a record that exhausts the memory of its thread is refused alone', async (t) => {
  const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 };
  await refusedAlone(t, await poisonedLine(t, { resourceLimits }), 'EATS MEMORY');
});

test('a record too large for its thread is refused alone', async (t) => {
  const resourceLimits = { maxOldGenerationSizeMb: 24, maxYoungGenerationSizeMb: 4 };
  const line = await lineFor(t, { parse: createParse(poolFor(t, { resourceLimits })) });
  const plans = Array.from({ length: 30_000 }, (_, i) => plan({ id: `${i}`, zones: [] }));
  const texts = [...knownBases, base({ id: 'huge', plans }), base({ id: 'last', title: 'Last' })].map((one) =>
    record(one),
  );
  t.true(texts[2]!.length < 8e6);
  const { row } = await line.hear(feedOf(texts));
  t.like(row, { outcome: 'incomplete', code: 'parse_failed', counts: { records: 4, added: 4 } });
  t.like(await line.quarantine(), [{ line: 6, column: 7, code: 'parse_failed' }]);
});

test('many poisonous records among valid ones are refused one by one', async (t) => {
  const line = await poisonedLine(t, { maxThreads: 2 });
  const texts = Array.from({ length: 40 }, (_, i) =>
    record(base({ id: `n${i}`, title: i % 10 === 3 ? 'KILLS ITS THREAD' : `Base ${i}` })),
  );
  const { row } = await line.hear(feedOf(texts));
  t.like(row, { outcome: 'incomplete', code: 'parse_failed', counts: { added: 36, quarantined: 4 } });
  t.deepEqual(
    (await line.quarantine()).map((refused) => refused.line).toSorted((a, b) => a - b),
    [7, 17, 27, 37],
  );
});
