// The order of what the leading host does with one feed.

import test from 'ava';
import { createTrouble } from '#/actor/trouble.ts';
import { startLeader } from '#/ingest/leader.ts';
import { systemClock } from '#/kit/clock.ts';
import { packTask } from '#/provider/parse-task.ts';
import parseBatch from '#/provider/parse.thread.ts';
import type { Provider } from '#/provider/provider.ts';
import build from '#/snapshot/build.thread.ts';
import { createLog } from '#/telemetry/log.ts';
import { noTracing } from '#/telemetry/tracing.ts';
import { base, feed } from '../_support/feeds.ts';
import { limits } from '../_support/limits.ts';
import { openPipeline } from '../_support/pipeline.ts';

const nothing = (): void => undefined;

const provider: Provider = {
  name: 'default',
  url: 'http://provider/',
  headers: {},
  redirectHosts: [],
  format: 'plan-list-xml',
  timeZone: 'UTC',
  priceZones: 'all',
  strict: false,
  pollSeconds: 60,
  pollSecondsMax: 60,
  limits,
  gate: { withdrawShareMax: 1, growthFactorMax: 1e6 },
};

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

test('the body of a feed is kept once its changes are published, or could not be', async (t) => {
  for (const isAway of [false, true]) {
    const line = await openPipeline(t);
    const steps: string[] = [];
    const [building, kept] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const stopping = new AbortController();
    const { done } = await startLeader(
      {
        archive: line.archive,
        store: line.store,
        mirror: null,
        providers: [provider],
        feeds: {
          fetch: () =>
            Promise.resolve({
              chunks: bytesOf(feed([base({ id: '1' })])),
              contentType: 'application/xml',
              validators: { etag: null, lastModified: null },
              freshForMs: null,
            }),
          parse: (task) => Promise.resolve([parseBatch(packTask(task))]),
          parseAhead: 1,
        },
        async build(task) {
          steps.push('build');
          // Longer than a body waits after a publish.
          await systemClock.sleep(1500);
          steps.push('built');
          building.resolve();
          if (isAway) throw new Error('the pool is away');
          return build(task);
        },
        buildAhead: 1,
        bodies: {
          keep() {
            steps.push('keep');
            kept.resolve();
            return Promise.resolve();
          },
        },
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
      },
      stopping.signal,
    );
    await kept.promise;
    t.deepEqual(steps.slice(0, 2), ['build', 'built']);
    t.true(steps.includes('keep'));
    stopping.abort();
    await building.promise;
    await done;
  }
});
