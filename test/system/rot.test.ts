// Damage on the disk of a single host is noticed by a worker that starts, and repaired from the archive.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { startSimulator } from '../../load/simulator/server.ts';
import { openLocalStore } from '#/store/local.ts';
import { directoryFor, startSystem, until } from './_system.ts';

test('a damaged segment on the disk is repaired, and no answer lacks it', async (t) => {
  t.timeout(120_000);
  const directory = await directoryFor(t);
  const simulator = await startSimulator({ port: 0 });
  t.teardown(() => simulator.close().catch(() => undefined));
  const system = await startSystem(t, {
    DATA_DIR: directory,
    PROVIDER_URL: `${simulator.url}/plans?response=1&etag=0`,
    POLL_SECONDS: '1',
    API_WORKERS: '2',
    LOG_LEVEL: 'warn',
  });
  const served = async (): Promise<boolean> => {
    const { workers, version, events } = await system.status();
    return events > 0 && workers.every((worker) => worker.ready && worker.version === version);
  };
  await until('every worker serves a catalogue', served);
  const whole = await system.search();

  // 1. A segment is damaged, and a worker starts
  const store = await openLocalStore(join(directory, 'snapshots'));
  const version = (await store.currentVersion())!;
  const { segments } = await store.retrieveManifest(version);
  const path = join(directory, 'snapshots', 'segments', segments[0]!.hash);
  const good = await readFile(path);
  const bad = Buffer.from(good);
  bad[bad.length >> 1]! ^= 1;
  await writeFile(path, bad);
  const first = (await system.status()).workers[0]!;
  process.kill(first.pid!, 'SIGKILL');
  const answers = new Set<string>();
  const begun = performance.now();
  // 2. Requests get complete answers: from the other worker, until the new one has everything
  await until('the new worker serves', async () => {
    answers.add(await system.search());
    const { pid } = (await system.status()).workers[0]!;
    return pid !== null && pid !== first.pid && (await served());
  });
  t.log(`a worker that started on a bad segment served after ${Math.round(performance.now() - begun)} ms`);
  t.deepEqual([...answers], [whole]);
  t.true((await system.status()).workers[0]!.refusals > 0);
  t.deepEqual(await readFile(path), good);
  t.is(await store.currentVersion(), version);
});
