// Slices on their way to a thread of the pool: they are passed on, not copied.

import { join } from 'node:path';
import test from 'ava';
import { rowCount } from '#/domain/packed/texts.ts';
import { createBuild } from '#/ingest/publishing/build.ts';
import { createPool } from '#/ingest/thread-pool.ts';
import buildHere from '#/snapshot/build.thread.ts';
import { createLog } from '#/telemetry/log.ts';
import { directoryFor } from '../../_support/directory.ts';
import { base, feed, plan } from '../../_support/feeds.ts';
import { openPipeline } from '../../_support/pipeline.ts';

test('the rows of a slice are handed to the thread that builds it, which gives what this one would', async (t) => {
  const pool = createPool(1, createLog({ level: 'silent', actor: 'test' }));
  t.teardown(() => pool.destroy());
  const archiveUrl = `sqlite:${join(await directoryFor(t), 'archive.sqlite')}`;
  const line = await openPipeline(t, [{}], { archiveUrl });
  await line.absorb(feed([base({ plans: [plan(), plan({ id: '2' })] })]));
  const slice = await line.archive.frozen((catalogue) => catalogue.slice(-1e9, 1e9, true));
  t.is(rowCount(slice.rows), 2);
  const expected = buildHere(structuredClone({ key: '2021', slice, stored: null }));

  t.deepEqual(await createBuild(pool)({ key: '2021', slice, stored: null }), expected);
  t.deepEqual([slice.rows.bytes.length, slice.rows.ends.length], [0, 0], 'Nobody else has them any more.');
  t.deepEqual([slice.zones?.bytes.length, slice.zones?.ends.length, slice.zones?.kinds.length], [0, 0, 0]);
});

test('the rows that threads share of a slice are built as well, and left as they are', async (t) => {
  const pool = createPool(1, createLog({ level: 'silent', actor: 'test' }));
  t.teardown(() => pool.destroy());
  const line = await openPipeline(t);
  await line.absorb(feed([base()]));
  const given = await line.archive.frozen((catalogue) => catalogue.slice(-1e9, 1e9));
  const bytes = new Uint8Array(new SharedArrayBuffer(given.rows.bytes.length));
  bytes.set(given.rows.bytes);
  const slice = { ...given, rows: { ...given.rows, bytes } };
  const expected = buildHere(structuredClone({ key: '2021', slice, stored: null }));

  t.deepEqual(await createBuild(pool)({ key: '2021', slice, stored: null }), expected);
  t.deepEqual(bytes, given.rows.bytes);
  t.true(slice.rows.ends.length > 0);
});

test('rows are free once they are built', async (t) => {
  const line = await openPipeline(t);
  await line.absorb(feed([base()]));
  const slice = await line.archive.frozen((catalogue) => catalogue.slice(-1e9, 1e9, true));
  const columns = [
    slice.rows.bytes,
    slice.rows.ends,
    slice.zones?.bytes,
    slice.zones?.ends,
    slice.zones?.kinds,
  ];
  for (const column of columns) t.true(column!.buffer.byteLength > 0);
  buildHere({ key: '2021', slice, stored: null });
  for (const column of columns) t.is(column!.buffer.byteLength, 0);
});
