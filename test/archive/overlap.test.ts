// A batch commits while the feed is read on: what the run meets meanwhile, and what the archive's thread shows of the process.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setImmediate as tick } from 'node:timers/promises';
import { promisify } from 'node:util';
import test from 'ava';
import { haveRepeated } from '#/archive/absorbing/repeated-ids.ts';
import { openArchive } from '#/archive/archive.ts';
import { eventId } from '#/domain/identity.ts';
import { createDigests } from '#/kit/digests.ts';
import { directoryFor } from '../_support/directory.ts';
import { eventsIn } from '../_support/events-in.ts';
import { seededFor } from '../_support/random.ts';
import { beginRun, recordOf } from './_observed.ts';

test('the last record of a key counts, whenever the feed meets it during the commit of an earlier one', async (t) => {
  const archive = await openArchive(`sqlite:${join(await directoryFor(t), 'archive.sqlite')}`);
  const [earlier, last] = ['1'.repeat(64), '2'.repeat(64)];
  const recordAt = (title: string, hash: string, offset: number) => ({
    ...recordOf('a', [{ title }]),
    hash,
    offset,
  });
  let skipped = 0;
  for (let ticks = 0; ticks < 40; ticks++) {
    await archive.absorb(await beginRun(archive), [recordAt('last', last, 1)]);
    const run = { ...(await beginRun(archive)), known: createDigests() };
    await archive.recallRecords(run);
    // 1. The key has changed, and is committed
    const committing = archive.absorb(run, [recordAt('earlier', earlier, 1)]);
    // 2. Meanwhile the feed has it once more, as it was before: skipped when known, else absorbed after that commit
    for (let i = 0; i < ticks; i++) await tick();
    const id = run.known.get(last);
    if (id > 0) {
      run.seen.add(id, 9);
      skipped++;
    }
    await committing;
    if (id <= 0) await archive.absorb(run, [recordAt('last', last, 9)]);
    const events = await eventsIn(archive);
    t.deepEqual(
      events.map(({ title }) => title),
      ['last'],
      `after ${ticks} ticks`,
    );
  }
  t.true(skipped > 0, 'none was met before the commit');
  await archive.close();
});

test('a reader that waits for a batch to be committed does not keep what the batch takes back', async (t) => {
  const archive = await openArchive(`sqlite:${join(await directoryFor(t), 'archive.sqlite')}`);
  for (let ticks = 0; ticks < 20; ticks++) {
    const base = `base ${ticks}`;
    const run = await beginRun(archive, 1000 + ticks);
    await archive.absorb(run, [recordOf(base, [{ title: 'online' }])]);
    // 1. The same run reports the event offline
    const offline = { ...recordOf(base, [{ title: 'offline', offline: true }]), offset: 9 };
    const committing = archive.absorb(run, [offline]);
    // 2. A reader begins to wait for the only connection
    for (let i = 0; i < ticks; i++) await tick();
    const shown = await eventsIn(archive);
    await committing;
    // 3. No reader has ever seen the event online
    t.deepEqual(shown, [], `after ${ticks} ticks`);
    t.deepEqual(await eventsIn(archive), [], `after ${ticks} ticks`);
  }
  await archive.close();
});

test('a report of the process has the environment in no section of a thread', async (t) => {
  const script = `
    import { openArchive } from '#/archive/archive.ts';
    const archive = await openArchive('sqlite:' + process.argv[1]);
    await archive.identity();
    process.stdout.write(JSON.stringify(process.report.getReport()));
    await archive.close();`;
  const path = join(await directoryFor(t), 'archive.sqlite');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--report-exclude-env', '--input-type=module', '--eval', script, path],
    {
      cwd: join(import.meta.dirname, '../..'),
      env: { ...process.env, PASSWORD: 'hunter2' },
      maxBuffer: 10_000_000,
    },
  );
  const report = JSON.parse(stdout) as { workers: unknown[] };
  t.is(report.workers.length, 1);
  t.false(stdout.includes('hunter2'));
});

test('ids of a batch are repeated when a Set of them is smaller, also where they begin in the same way', (t) => {
  const random = seededFor(t);
  const idOf = (): string => {
    const id = eventId('p', String(random.int(0, 1_000_000)), '1');
    return random.chance(0.5) ? id : `00000000-0000${id.slice(13)}`;
  };
  let repeated = 0;
  for (let round = 0; round < 200; round++) {
    const ids = Array.from({ length: random.int(0, 300) }, idOf);
    if (ids.length > 0 && random.chance(0.3)) ids.push(random.pick(ids));
    const expected = new Set(ids).size < ids.length;
    if (haveRepeated(ids) !== expected) t.is(haveRepeated(ids), expected, ids.join(' '));
    repeated += Number(expected);
  }
  t.true(repeated > 10 && repeated < 190);
});
