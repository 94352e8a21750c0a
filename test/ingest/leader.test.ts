// What the leading host does with its feeds, and in which order.

import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createTrouble } from '#/actor/trouble.ts';
import { startLeader, type LeaderDeps, type RunningLeader } from '#/ingest/leader.ts';
import { systemClock } from '#/kit/clock.ts';
import { FeedFault } from '#/provider/fault.ts';
import { packTask } from '#/provider/parse-task.ts';
import parseBatch from '#/provider/parse.thread.ts';
import build from '#/snapshot/build.thread.ts';
import { createLog } from '#/telemetry/log.ts';
import { noTracing } from '#/telemetry/tracing.ts';
import { all, indexesOf } from '../archive/_indexes.ts';
import { base, feed } from '../_support/feeds.ts';
import { openPipeline, type Pipeline } from '../_support/pipeline.ts';
import { providerOf } from '../provider/_line.ts';

const nothing = (): void => undefined;

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

const oneEvent = () =>
  Promise.resolve({
    chunks: bytesOf(feed([base({ id: '1' })])),
    contentType: 'application/xml',
    validators: { etag: null, lastModified: null },
    freshForMs: null,
  });

interface Given extends Partial<Pick<LeaderDeps, 'build' | 'bodies'>> {
  readonly fetch?: LeaderDeps['feeds']['fetch'];
  readonly names?: readonly string[];
}

/** Leads until `stop`, or the end of the test. Each feed has one event. */
async function leading(
  t: ExecutionContext,
  { archive, store }: Pipeline,
  { fetch = oneEvent, names = ['default'], ...given }: Given,
): Promise<RunningLeader & { stop(): void }> {
  const stopping = new AbortController();
  t.teardown(() => stopping.abort());
  const leader = await startLeader(
    {
      archive,
      store,
      mirror: null,
      providers: names.map((name) => providerOf(`http://${name}/`, { name, format: 'plan-list-xml' })),
      feeds: { fetch, parse: (task) => Promise.resolve([parseBatch(packTask(task))]), parseAhead: 1 },
      build: (task) => Promise.resolve(build(task)),
      buildAhead: 1,
      bodies: { keep: () => Promise.resolve() },
      log: createLog({ level: 'silent', actor: 'leader' }),
      clock: systemClock,
      sendToSupervisor: nothing,
      trouble: createTrouble(nothing),
      meters: {
        published: nothing,
        publishHeld: nothing,
        startsPolling: nothing,
        runEnded: nothing,
        reportProvider: nothing,
      },
      tracing: noTracing,
      ...given,
    },
    stopping.signal,
  );
  return { ...leader, stop: () => stopping.abort() };
}

test('the body of a feed is kept once its changes are published, or could not be', async (t) => {
  for (const isAway of [false, true]) {
    const steps: string[] = [];
    const kept = Promise.withResolvers<void>();
    const leader = await leading(t, await openPipeline(t), {
      async build(task) {
        steps.push('build');
        // Longer than a body waits after a publish.
        await systemClock.sleep(1500);
        steps.push('built');
        if (isAway) throw new Error('the pool is away');
        return build(task);
      },
      bodies: {
        keep() {
          steps.push('keep');
          kept.resolve();
          return Promise.resolve();
        },
      },
    });
    await kept.promise;
    t.deepEqual(steps.slice(0, 2), ['build', 'built']);
    leader.stop();
    await leader.done;
  }
});

test('a leader that is stopped while it publishes ends with that publish', async (t) => {
  // Not with the longest wait for a publish.
  t.timeout(30_000);
  const line = await openPipeline(t);
  const [begun, going] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const kept = Promise.withResolvers<void>();
  const leader = await leading(t, line, {
    async build(task) {
      begun.resolve();
      await going.promise;
      return build(task);
    },
    bodies: {
      keep() {
        kept.resolve();
        return Promise.resolve();
      },
    },
  });
  await begun.promise;
  leader.stop();
  // Stopped, nobody waits for the publish.
  going.resolve();
  await kept.promise;
  await leader.done;
  t.is((await line.archive.lastPublished())?.events, 1);
});

test('the indexes of a first load are built too when the last of the first runs fails', async (t) => {
  const line = await openPipeline(t);
  const path = join(line.directory, 'archive.sqlite');
  const failing = Promise.withResolvers<never>();
  const ran = Promise.withResolvers<void>();
  const leader = await leading(t, line, {
    names: ['large', 'small'],
    fetch: ({ name }) => (name === 'large' ? oneEvent() : failing.promise),
    bodies: {
      keep({ provider }) {
        if (provider === 'small') ran.resolve();
        else failing.reject(new FeedFault('connection_lost', 'The connection broke.'));
        return Promise.resolve();
      },
    },
  });
  await ran.promise;
  t.deepEqual(indexesOf(path), all);
  leader.stop();
  await leader.done;
});
