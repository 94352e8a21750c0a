// Ingest gets SIGKILL, or its disk fails, at exactly the Nth fsync, write and rename: for every N in the long form until a run
// succeeds, for some random N in the short one. The next run publishes what was committed without the provider; with the
// provider, the result is the same as without the fault.

import { cp, readdir, readFile, copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test, { type ExecutionContext } from 'ava';
import { createCompanions } from '#/api/companions.ts';
import { createRefresher } from '#/api/refresh.ts';
import { answer } from '#/search/answer.ts';
import type { DetailedSegment } from '#/search/events/edition.ts';
import { search } from '#/search/search.ts';
import { idOfPlace } from '#/snapshot/places.ts';
import { openLocalStore } from '#/store/local.ts';
import { mulberry32 } from '../../load/simulator/random.ts';
import { startSimulator } from '../../load/simulator/server.ts';
import { figure } from '../_chaos/stage.ts';
import { endingOf } from '../_servers/ending.ts';
import { isLong } from '../_support/long.ts';
import { runTraced, straceWorks, type Traced } from '../_chaos/strace.ts';
import { directoryFor, until, type Environment } from './_system.ts';

const check = straceWorks() ? test.serial : test.serial.skip;
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** The least number of system calls of a thread in one run; the short form picks one of one of these kinds. */
const kinds = {
  fsync: { calls: 9, isShort: true },
  rename: { calls: 6, isShort: true },
  pwrite64: { calls: 60, isShort: true },
  write: { calls: 60, isShort: false },
} as const;
type Kind = keyof typeof kinds;

/** All, or a random one. */
function kindsFor(random: () => number): Kind[] {
  const all = Object.keys(kinds) as Kind[];
  if (isLong) return all;
  const short = all.filter((kind) => kinds[kind].isShort);
  return [short[Math.floor(random() * short.length)]!];
}
/**
 * Calls that no error is injected into. The first rename takes the data directory: a process that cannot do that says so and
 * exits, and the supervisor starts another. Opening the archive takes fewer than 12 writes, and each attempt to open it has a
 * new thread, for which strace counts from one: an error among them would come back with every attempt.
 */
const spared = { fsync: 0, rename: 1, pwrite64: 12 } as const;
const callsMax = 400;

/** Every N while there is a call of that number; or a random one, and earlier ones in case a run is over before it. */
function points(kind: Kind, random: () => number): number[] {
  if (isLong) return Array.from({ length: callsMax }, (_, i) => i + 1);
  const n = 1 + Math.floor(random() * kinds[kind].calls);
  return [n, Math.ceil(n / 2), Math.ceil(n / 4)];
}

interface Workshop {
  /** Data directory after the first feed. */
  readonly before: string;
  /** The answer of the search and the contents of the archive, after the first feed and after the second. */
  readonly told: { readonly before: State; readonly after: State };
  environmentOf(dataDir: string): Environment;
  /** Which of the three answers the provider sends, or none. */
  provider(response: 1 | 2 | null): void;
  readonly directory: string;
}

interface State {
  readonly answer: string;
  /** Of each event that is found by its id, from the companions of the published version. */
  readonly zones: string;
  readonly catalogue: string;
  readonly journal: string;
  readonly indexes: string;
}

const ending = endingOf(test);
let shared: Promise<Workshop> | null = null;

/** Both tests work on copies of what the workshop holds. */
const workshopFor = (t: ExecutionContext): Promise<Workshop> => (shared ??= setUp(t));

async function setUp(t: ExecutionContext): Promise<Workshop> {
  const directory = await directoryFor(ending);
  const simulator = await startSimulator({ port: 0 });
  ending.teardown(() => simulator.close().catch(() => undefined));
  const feeds = await Promise.all(
    [1, 2].map(async (n) => (await fetch(`${simulator.url}/plans?response=${n}`)).text()),
  );
  const shop = {
    directory,
    before: join(directory, 'before'),
    environmentOf: (dataDir: string) => ({
      DATA_DIR: dataDir,
      PROVIDER_URL: `${simulator.url}/raw/feed?etag=0`,
      POLL_SECONDS: '0.3',
      INGEST_THREADS: '1',
      LOG_LEVEL: 'warn',
    }),
    provider(response: 1 | 2 | null) {
      simulator.misbehave(response === null ? { status: 503 } : null);
      if (response !== null) simulator.setRaw('feed', feeds[response - 1]!);
    },
  };
  const settled = async (response: 1 | 2, dataDir: string): Promise<State> => {
    shop.provider(response);
    const seen = { version: await versionOf(dataDir), answer: await answerOf(dataDir) };
    const ingest = runTraced(t, 'src/ingest/ingest.ts', shop.environmentOf(dataDir), null);
    await until('it is published', async () => {
      if ((await versionOf(dataDir)) === seen.version) return false;
      const found = await answerOf(dataDir);
      if (found === seen.answer || found.length <= 100) return false;
      return (await stateOf(dataDir, directory)).indexes.includes('known_event_by_id');
    });
    await end(t, ingest);
    return stateOf(dataDir, directory);
  };
  const before = await settled(1, shop.before);
  const after = join(directory, 'after');
  await cp(shop.before, after, { recursive: true });
  return { ...shop, told: { before, after: await settled(2, after) } };
}

async function end(t: ExecutionContext, ingest: Traced): Promise<void> {
  ingest.terminate();
  // A process without work may still be starting.
  t.true([0, 'SIGTERM'].includes(await ingest.ended), ingest.output());
}

/** The answers of a worker that starts now. Throws when the published version is incomplete, or has no companions. */
async function answersOf(dataDir: string): Promise<Pick<State, 'answer' | 'zones'>> {
  const refused: string[] = [];
  const store = await openLocalStore(join(dataDir, 'snapshots'));
  const refresher = createRefresher({
    store,
    swapped: () => undefined,
    refused: (_version, reason) => refused.push(reason),
  });
  await refresher.refresh();
  if (refused.length > 0) throw new Error(`Got a snapshot that is not whole: ${refused.join()}`);
  const { view } = refresher;
  const companions = createCompanions({ store });
  const zones: Record<string, string> = {};
  for (const [hash, segment] of view.byHash as ReadonlyMap<string, DetailedSegment>) {
    for (let place = 0; place < segment.events; place++)
      zones[idOfPlace(segment, place)] = (await companions.read({ segment, hash, place })).zones;
  }
  return {
    answer: Buffer.concat(answer(search(view, { start: -Infinity, end: Infinity })).parts).toString(),
    zones: JSON.stringify(zones),
  };
}

/** The published version, as a file has it; empty while there is none. */
const versionOf = (dataDir: string): Promise<string> =>
  readFile(join(dataDir, 'snapshots', 'current'), 'utf8').catch(() => '');

const answerOf = async (dataDir: string): Promise<string> => (await answersOf(dataDir)).answer;

/** Reads the archive from a copy, so that ingest itself recovers from its log. */
async function stateOf(dataDir: string, directory: string): Promise<State> {
  const copy = join(directory, `copy-${Math.random()}`);
  for (const name of await readdir(dataDir)) {
    if (name.startsWith('archive.sqlite') && !name.endsWith('-shm'))
      await copyFile(join(dataDir, name), name.replace('archive.sqlite', copy));
  }
  const database = new DatabaseSync(copy);
  try {
    const read = (sql: string): string => JSON.stringify(database.prepare(sql).all());
    const integrity = read('pragma integrity_check');
    if (!integrity.includes('"ok"')) throw new Error(`Got an archive that is not whole: ${integrity}`);
    return {
      ...(await answersOf(dataDir)),
      catalogue: read('select * from searchable order by id'),
      indexes: read(`select name from sqlite_schema where type = 'index' order by name`),
      journal: read('select event_id, kind, before, after from history order by seq'),
    };
  } finally {
    database.close();
  }
}

/** Whether the archive and the search have everything of the second feed. */
async function isDone({ told: { after }, directory, before }: Workshop, dataDir: string): Promise<boolean> {
  if ((await versionOf(dataDir)) === (await versionOf(before))) return false;
  if ((await answerOf(dataDir)) !== after.answer) return false;
  return (await stateOf(dataDir, directory)).journal === after.journal;
}

/** A run with the fault, on a copy of the state after the first feed. Returns whether it succeeded. */
async function runWith(
  t: ExecutionContext,
  shop: Workshop,
  dataDir: string,
  fault: string,
): Promise<boolean> {
  await rm(dataDir, { recursive: true, force: true });
  await cp(shop.before, dataDir, { recursive: true });
  shop.provider(2);
  const ingest = runTraced(t, 'src/ingest/ingest.ts', shop.environmentOf(dataDir), fault);
  await until(
    `it ends, or completes with ${fault}`,
    async () => ingest.isOver || (await isDone(shop, dataDir)),
  );
  ingest.terminate();
  const ended = await ingest.ended;
  t.true(ended === 0 || ended === 'SIGKILL', `${fault}: ${ended} ${ingest.output()}`);
  return ended === 0;
}

check('ingest killed at any call loses nothing that was committed, and the next run mends all', async (t) => {
  t.timeout(3_600_000);
  t.log(`SEED=${seed}`);
  const shop = await workshopFor(t);
  const { before, after } = shop.told;
  const dataDir = join(shop.directory, 'killed');
  const random = mulberry32(seed);
  let killedAtAll = 0;
  for (const kind of kindsFor(random)) {
    const seen = { killed: 0, committed: 0 };
    for (const n of points(kind, random)) {
      const where = `${kind} ${n}`;
      if (await runWith(t, shop, dataDir, `${kind}:signal=KILL:when=${n}`)) {
        if (isLong) break;
        continue;
      }
      seen.killed++;
      // 1. The search and single events have one complete version, and the archive is intact
      const found = await stateOf(dataDir, shop.directory);
      t.true([before.answer, after.answer].includes(found.answer), `${where}: half a snapshot`);
      t.is(found.zones, (found.answer === before.answer ? before : after).zones, `${where}: other zones`);
      t.true([before.catalogue, after.catalogue].includes(found.catalogue), `${where}: half a transaction`);
      // 2. What was committed is published although the provider is down, and not journaled twice when it is back
      const committed = found.catalogue === after.catalogue;
      if (committed) seen.committed++;
      shop.provider(null);
      const next = runTraced(t, 'src/ingest/ingest.ts', shop.environmentOf(dataDir), null);
      const wanted = committed ? after.answer : before.answer;
      await until(`${where}: it is published`, async () => (await answerOf(dataDir)) === wanted);
      shop.provider(2);
      await until(`${where}: all is as if nothing had happened`, () => isDone(shop, dataDir));
      await end(t, next);
      t.deepEqual(await stateOf(dataDir, shop.directory), after, where);
      if (!isLong) break;
    }
    figure(
      t,
      `ingest killed at each ${kind}`,
      `${seen.killed} points, ${seen.committed} of them after the commit; all recovered`,
    );
    killedAtAll += seen.killed;
  }
  t.true(killedAtAll > 0, 'some run was killed');
});

check('a first load killed at any call is completed by the next run, with all indexes', async (t) => {
  t.timeout(3_600_000);
  t.log(`SEED=${seed}`);
  const shop = await workshopFor(t);
  const { before } = shop.told;
  const dataDir = join(shop.directory, 'first');
  const random = mulberry32(seed + 2);
  let killed = 0;
  for (const kind of kindsFor(random)) {
    for (const n of points(kind, random)) {
      const where = `${kind} ${n}`;
      await rm(dataDir, { recursive: true, force: true });
      shop.provider(1);
      // With the indexes, which come after the version.
      const isLoaded = async (): Promise<boolean> => {
        if ((await answerOf(dataDir)) !== before.answer) return false;
        const { journal, indexes } = await stateOf(dataDir, shop.directory);
        return journal === before.journal && indexes === before.indexes;
      };
      const first = runTraced(
        t,
        'src/ingest/ingest.ts',
        shop.environmentOf(dataDir),
        `${kind}:signal=KILL:when=${n}`,
      );
      await until(`${where}: it ends, or completes`, async () => first.isOver || (await isLoaded()));
      first.terminate();
      if ((await first.ended) !== 'SIGKILL') {
        if (isLong) break;
        continue;
      }
      killed++;
      const next = runTraced(t, 'src/ingest/ingest.ts', shop.environmentOf(dataDir), null);
      await until(`${where}: all is as if nothing had happened`, isLoaded);
      await end(t, next);
      t.deepEqual(await stateOf(dataDir, shop.directory), before, where);
      if (!isLong) break;
    }
  }
  figure(t, 'a first load killed at each call', `${killed} points; all completed by the next run`);
  t.true(killed > 0, 'some run was killed');
});

check('a disk that is full at a single write, fsync or rename delays ingest, and nothing else', async (t) => {
  t.timeout(3_600_000);
  t.log(`SEED=${seed}`);
  const shop = await workshopFor(t);
  const dataDir = join(shop.directory, 'full');
  const random = mulberry32(seed + 1);
  let injected = 0;
  const failing = ['fsync', 'rename', 'pwrite64'] as const;
  for (const kind of isLong ? failing : [failing[Math.floor(random() * 3)]!]) {
    const { calls } = kinds[kind];
    for (const point of points(kind, random).slice(0, isLong ? calls : 1)) {
      const n = spared[kind] + point;
      const where = `${kind} ${n}`;
      t.true(
        await runWith(t, shop, dataDir, `${kind}:error=ENOSPC:when=${n}`),
        `${where}: it continued by itself`,
      );
      t.is((await stateOf(dataDir, shop.directory)).journal, shop.told.after.journal, where);
      injected++;
    }
  }
  figure(t, 'ENOSPC at a single call', `${injected} points, ingest went on by itself each time`);
});
