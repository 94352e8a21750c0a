import { hash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { createRefresher } from '#/api/refresh.ts';
import { encodeManifest, segmentName } from '#/snapshot/manifest.ts';
import { answerOf, everything, withoutDetails } from '../../_support/catalogue.ts';
import { createPublisher } from '#/ingest/publishing/publisher.ts';
import build from '#/snapshot/build.thread.ts';
import { base, feed } from '../../_support/feeds.ts';
import { openPipeline, type Pipeline } from '../../_support/pipeline.ts';

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

  const publisher = publisherOf(line);
  const outcome = await publisher.publish();
  t.like(outcome, { kind: 'published', version: version + 1, built: 1, reused: 0 });
  await line.refresh();
  t.is(line.view.version, version + 1);
  t.is(line.ask(), answer);
});

test('segments without details are served, and rebuilt once', async (t) => {
  const line = await openPipeline(t);
  await line.tell(feed([base()]));
  const answer = line.ask();
  // Today's bytes, as an earlier version of Marquee encodes them.
  const manifest = await line.store.retrieveManifest(line.view.version);
  const segments = await Promise.all(
    manifest.segments.map(async (entry) => {
      const bytes = withoutDetails(await line.store.retrieveSegment(entry.hash));
      await line.store.putSegment(segmentName(bytes), bytes);
      return { ...entry, hash: segmentName(bytes), bytes: bytes.length };
    }),
  );
  const path = join(line.directory, 'snapshots', 'manifests', String(manifest.version));
  await writeFile(path, encodeManifest({ ...manifest, segments }));
  const refused: string[] = [];
  const worker = createRefresher({
    store: line.store,
    swapped: () => undefined,
    refused: (_version, reason) => refused.push(reason),
  });
  t.true(await worker.refresh());
  t.is(answerOf(worker.view, everything), answer);
  t.true(worker.view.segments.every(({ details }) => details === null));

  const publisher = publisherOf(line);
  const { version } = manifest;
  t.like(await publisher.publish(), { kind: 'published', version: version + 1, built: 1, mended: 0 });
  t.true(await worker.refresh());
  t.is(answerOf(worker.view, everything), answer);
  t.true(worker.view.segments.every(({ details }) => details !== null));
  t.deepEqual(refused, []);
  t.like(await publisherOf(line).publish(), { kind: 'unchanged', version: version + 1 });
});

/** A publisher as ingest creates it at its start: it reads every stored segment. */
const publisherOf = (line: Pipeline) =>
  createPublisher({
    mirror: null,
    archive: line.archive,
    store: line.store,
    build: (task) => Promise.resolve(build(structuredClone(task))),
    buildAhead: 2,
    announce: () => undefined,
    notPruned: () => undefined,
    now: Date.now,
  });
