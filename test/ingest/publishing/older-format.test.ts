import { hash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { createPublisher } from '#/ingest/publishing/publisher.ts';
import buildSegment from '#/snapshot/build.thread.ts';
import { base, feed } from '../../_support/feeds.ts';
import { openPipeline } from '../../_support/pipeline.ts';

test('a catalogue in an older format is refused, and rebuilt from the archive alone', async (t) => {
  const line = await openPipeline(t);
  await line.tell(feed([base()]));
  const { version } = line.view;
  const answer = line.ask();
  const path = join(line.directory, 'snapshots', 'manifests', String(version));
  const [, body = ''] = (await readFile(path, 'utf8')).split('\n');
  const older = JSON.stringify({ ...(JSON.parse(body) as object), format: 1 });
  await writeFile(path, `${hash('sha256', older, 'hex')}\n${older}\n`);
  await t.throwsAsync(line.store.retrieveManifest(version), {
    message: 'Got manifest format 1, expected 2.',
  });

  // As ingest does at its start.
  const publisher = createPublisher({
    mirror: null,
    archive: line.archive,
    store: line.store,
    build: (task) => Promise.resolve(buildSegment(structuredClone(task))),
    buildAhead: 2,
    announce: () => undefined,
    notPruned: () => undefined,
    now: Date.now,
  });
  const outcome = await publisher.publish();
  t.like(outcome, { kind: 'published', version: version + 1, built: 1, reused: 0 });
  await line.refresh();
  t.is(line.view.version, version + 1);
  t.is(line.ask(), answer);
});
