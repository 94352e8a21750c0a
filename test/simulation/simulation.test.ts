// Thousands of simulations of the whole system in one process, with faults at every await; _story.ts has the invariants.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { isLong } from '../_support/long.ts';
import { tellStory } from './_story.ts';

const seconds = Number(process.env['SIMULATION_SECONDS'] ?? (isLong ? 60 : 4));

test('under any faults, no absorbed event is lost, every view is one version, and the system converges', async (t) => {
  t.timeout(seconds * 1000 + 120_000);
  const script = join(import.meta.dirname, 'simulate.ts');
  // The tests that run at the same time need processor time too.
  const nicely = ['-n', '10', process.execPath, script, '--seconds', String(seconds)];
  const { stdout, stderr } = await promisify(execFile)('nice', nicely);
  t.log(stdout.trim());
  t.is(stderr, '');
  const [seeds = 0, versions = 0] = [/^(\d+) seeds/, /(\d+) versions/].map((one) =>
    Number(one.exec(stdout)?.[1]),
  );
  // On a busy machine there may be few.
  t.true(seeds > 0, 'no story was run');
  t.true(versions > seeds, 'hardly anything happens in them');
});

test('a seed gives the same simulation each time', async (t) => {
  const [first, again, other] = [await tellStory(1), await tellStory(1), await tellStory(2)];
  t.is(first.trace, again.trace);
  t.not(first.trace, other.trace);
});
