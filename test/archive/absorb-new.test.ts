// Batches of a first load whose events are all new, and what they leave for the batches after them.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test, { type ExecutionContext } from 'ava';
import type { Archive } from '#/archive/archive.ts';
import { archiveAt } from '../_support/archive.ts';
import { directoryFor } from '../_support/directory.ts';
import { eventsIn, titlesIn } from '../_support/events-in.ts';
import { beginRun, inBatch, parsedOf, recordOf } from './_observed.ts';

async function emptyArchive(t: ExecutionContext): Promise<{ archive: Archive; other: DatabaseSync }> {
  const path = join(await directoryFor(t), 'archive.sqlite');
  const archive = await archiveAt(path);
  const other = new DatabaseSync(path);
  t.teardown(async () => {
    other.close();
    await archive.close();
  });
  return { archive, other };
}

test('two records of a new key are counted, and so are the events that a record has twice', async (t) => {
  const { archive } = await emptyArchive(t);
  const run = await beginRun(archive);
  const one = recordOf('a', [{ planId: '1' }]);
  const told = { ...one, ...inBatch({ ...parsedOf(one), duplicates: 2 }) };
  const { added, contested, duplicates } = await archive.absorb(run, [
    told,
    { ...recordOf('a', [{ planId: '2' }]), offset: 9 },
  ]);
  t.deepEqual({ added, contested, duplicates }, { added: 2, contested: 2, duplicates: 2 });
  t.deepEqual([...(await archive.contestedKeys(run.provider))], ['a']);
});

test('a new event of a batch that also has a known one is known after a pause', async (t) => {
  const { archive, other } = await emptyArchive(t);
  const run = await beginRun(archive);
  await archive.absorb(run, [recordOf('a', [{}])]);
  // An event that is there ends the search for new ones, but not that of the others.
  await archive.absorb(run, [recordOf('a', [{}], 'moved', 'key of a'), recordOf('b', [{}])]);
  await eventsIn(archive);
  await archive.absorb(run, [recordOf('c', [{}])]);
  await archive.absorb(run, [recordOf('b', [{ title: 'again' }], 'moved too', 'key of b')]);
  t.is((await titlesIn(archive)).length, 3);
  t.deepEqual(
    other
      .prepare('select base_id, record_key from known_event order by n')
      .all()
      .map((row) => ({ ...row })),
    [
      { base_id: 'a', record_key: 'key of a' },
      { base_id: 'b', record_key: 'key of b' },
      { base_id: 'c', record_key: 'c' },
    ],
  );
});

test('the run knows where it has met each record, new or known', async (t) => {
  const { archive, other } = await emptyArchive(t);
  const at = (key: string, offset: number, title = 'A night') => ({ ...recordOf(key, [{ title }]), offset });
  const first = await beginRun(archive);
  await archive.absorb(first, [at('a', 10), at('b', 20), at('c', 30)]);
  const second = await beginRun(archive, 2000);
  await archive.absorb(second, [at('d', 5), at('b', 7, 'again'), at('a', 40, 'again')]);
  const idOf = new Map(
    other
      .prepare('select key, id from feed_record')
      .all()
      .map(({ key, id }) => [String(key), Number(id)]),
  );
  const offsets = ({ seen }: typeof first) =>
    ['a', 'b', 'c', 'd'].map((key) => seen.offset(idOf.get(key) ?? 0));
  t.deepEqual(offsets(first), [10, 20, 30, -1]);
  t.deepEqual(offsets(second), [40, 7, -1, 5]);
});
