// The loop that publishes, with a real archive and store: what it leaves until all can be searched.

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createTrouble } from '#/actor/trouble.ts';
import type { Archive } from '#/archive/archive.ts';
import { startPublishing } from '#/ingest/publishing/publishing.ts';
import { systemClock } from '#/kit/clock.ts';
import build from '#/snapshot/build.thread.ts';
import { createLog } from '#/telemetry/log.ts';
import { noTracing } from '#/telemetry/tracing.ts';
import { base, feed } from '../../_support/feeds.ts';
import { openPipeline, type Pipeline } from '../../_support/pipeline.ts';
import { all, dropped, indexesOf, runEnd } from '../../archive/_indexes.ts';
import { beginRun, recordOf } from '../../archive/_observed.ts';

const nothing = (): void => undefined;

/** Publishes what the archive has, and again whenever `again` is called, until `stop`. */
function publishing(
  t: ExecutionContext,
  line: Pipeline,
  archive: Archive,
  announced: (version: number) => void,
  stopping = new AbortController(),
): { again(): Promise<void>; stop(): Promise<unknown> } {
  t.teardown(() => stopping.abort());
  const { changed, done } = startPublishing(
    {
      archive,
      // The loop keeps the methods that it is given.
      store: { ...line.store, publish: (...given) => line.store.publish(...given) },
      mirror: null,
      build: (task) => Promise.resolve(build(task)),
      buildAhead: 1,
      log: createLog({ level: 'silent', actor: 'publishing' }),
      clock: systemClock,
      sendToSupervisor(message) {
        if (message.type === 'announce') announced(message.version);
      },
      trouble: createTrouble(nothing),
      meters: { published: nothing, publishHeld: nothing },
      tracing: noTracing,
    },
    stopping.signal,
  );
  return {
    again: () => changed(null),
    stop() {
      stopping.abort();
      return done;
    },
  };
}

test('a version is announced before the archive is maintained, which no failure prevents', async (t) => {
  const line = await openPipeline(t);
  await line.absorb(feed([base({ id: '1' })]));
  const steps: string[] = [];
  const maintained = [0, 1, 2].map(() => Promise.withResolvers<void>());
  let calls = 0;
  const { publish } = line.store;
  const archive: Archive = {
    ...line.archive,
    maintain() {
      steps.push('maintain');
      maintained[calls++]?.resolve();
      // The second one fails too: the loop goes on.
      return calls === 2 ? Promise.reject(new Error('the disk is full')) : line.archive.maintain();
    },
  };
  const running = publishing(t, line, archive, (version) => steps.push(`announce ${version}`));
  await maintained[0]?.promise;
  await line.absorb(feed([base({ id: '1' }), base({ id: '2' })]));
  line.store.publish = () => Promise.reject(new Error('the store is away'));
  void running.again();
  await maintained[1]?.promise;
  line.store.publish = publish;
  await maintained[2]?.promise;
  await running.stop();
  // The number that the failed publish had taken is not given again.
  t.deepEqual(steps, ['announce 1', 'maintain', 'maintain', 'announce 3', 'maintain']);
});

test('after a first load, its indexes are built and its log is emptied once the version is announced', async (t) => {
  const line = await openPipeline(t);
  const path = join(line.directory, 'archive.sqlite');
  const logBytes = async (): Promise<number> => (await stat(`${path}-wal`)).size;
  const run = await beginRun(line.archive);
  await line.archive.absorb(run, [recordOf('a', [{}])]);
  await line.archive.endRun(run.id, { ...runEnd, counts: { added: 20_000 } });
  t.deepEqual(indexesOf(path), dropped);
  t.true((await logBytes()) > 0);
  const announced = Promise.withResolvers<{ indexes: string[] }>();
  const maintained = Promise.withResolvers<void>();
  const archive: Archive = {
    ...line.archive,
    maintain: () => line.archive.maintain().then(maintained.resolve),
  };
  const running = publishing(t, line, archive, () => announced.resolve({ indexes: indexesOf(path) }));
  t.notDeepEqual((await announced.promise).indexes, all);
  await maintained.promise;
  t.deepEqual(indexesOf(path), all);
  t.is(await logBytes(), 0);
  await running.stop();
});

test('each change has the publish that comes after it', async (t) => {
  const line = await openPipeline(t);
  const announced: number[] = [];
  const running = publishing(t, line, line.archive, (version) => announced.push(version));
  for (const id of ['1', '2', '3']) {
    await line.absorb(feed([base({ id })]));
    await running.again();
    t.is((await line.archive.lastPublished())?.version, announced.at(-1));
    t.is((await line.archive.lastPublished())?.events, Number(id));
  }
  t.true(announced.length >= 3);
  await running.stop();
});

test('publishing ends when it is stopped before it begins, and maintains nothing after a stop', async (t) => {
  const line = await openPipeline(t);
  const stopped = new AbortController();
  stopped.abort();
  await publishing(t, line, line.archive, nothing, stopped).stop();
  t.is(await line.archive.lastPublished(), null);
  const stopping = new AbortController();
  let maintained = 0;
  const archive: Archive = { ...line.archive, maintain: () => Promise.resolve(void maintained++) };
  await line.absorb(feed([base({ id: '1' })]));
  const running = publishing(t, line, archive, () => stopping.abort(), stopping);
  await running.again();
  await running.stop();
  t.is((await line.archive.lastPublished())?.version, 1, 'what has begun is finished');
  t.is(maintained, 0);
});
