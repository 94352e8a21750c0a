// Tasks of different weights, in random order.

import { setImmediate as tick } from 'node:timers/promises';
import test from 'ava';
import { createWeightedLimit } from '#/kit/weighted-limit.ts';
import { seededFor } from '../_support/random.ts';

test('tasks begin in their order, within the limit; one that is too heavy is alone', async (t) => {
  const random = seededFor(t);
  const most = 10;
  const limit = createWeightedLimit(most);
  const under = new Map<number, number>();
  const begun: number[] = [];
  let together = 0;
  const tasks = Array.from({ length: 500 }, async (_, i) => {
    const weight = random.chance(0.1) ? random.int(11, 40) : random.int(1, 6);
    const work = limit(weight, async () => {
      begun.push(i);
      under.set(i, weight);
      const sum = [...under.values()].reduce((all, one) => all + one, 0);
      if (under.size > 1) t.true(sum <= most, `${sum}`);
      together = Math.max(together, under.size);
      for (let ticks = random.int(0, 3); ticks >= 0; ticks--) await tick();
      under.delete(i);
      if (random.chance(0.1)) throw new RangeError('refused');
      return i;
    });
    await work.then(
      (result) => t.is(result, i),
      (error: unknown) => t.true(error instanceof RangeError),
    );
  });
  await Promise.all(tasks);
  t.deepEqual(
    begun,
    Array.from({ length: 500 }, (_, i) => i),
  );
  t.true(together > 1);
});
