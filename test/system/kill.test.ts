// Ingest is really killed, repeatedly, at random points: committed data stays, uncommitted data has no effect, and the search
// keeps answering.

import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { copyFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { bodyAfter, faultOf, startNights, tornAt, type Nights } from './_nights.ts';
import { mulberry32 } from '../../load/simulator/random.ts';
import { isLong, longTest } from '../_support/long.ts';
import { directoryFor, run, startSystem, until, type System } from './_system.ts';

const kills = isLong ? 50 : 2;
const killsUnderSupervisor = 3;
const archiveCheckedEvery = isLong ? 5 : 1;
/** Keeps the test short on a slow machine. */
const lifeMsMax = 1200;

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** A run that is killed may leave all changes of several revisions to the next one, which no gate must hold. */
async function providersFile(directory: string, { url }: Nights): Promise<string> {
  const file = join(directory, 'providers.json');
  const open = { priceShareMax: 1, dateShareMax: 1 };
  await writeFile(file, JSON.stringify({ providers: [{ name: 'default', url, ...open }] }));
  return file;
}

test.serial(
  'ingest that is repeatedly killed at random leaves an intact archive and a correct search',
  async (t) => {
    t.timeout(600_000);
    t.log(`SEED=${seed}`);
    const random = mulberry32(seed);
    const directory = await directoryFor(t);
    const nights = await startNights(t);
    const environment = {
      DATA_DIR: join(directory, 'data'),
      PROVIDERS_FILE: await providersFile(directory, nights),
      POLL_SECONDS: '0.2',
      INGEST_THREADS: isLong ? '2' : '1',
      LOG_LEVEL: 'warn',
    };
    const current = join(environment.DATA_DIR, 'snapshots', 'current');
    const system = await startSystem(t, { ...environment, ROLES: 'api' });
    const pids = await pidsOf(system);
    const witness = watch(system, nights);

    // 1. Measure one process, from its fetch to its snapshot. (Version 1 is the empty catalogue.)
    const first = run(t, 'src/ingest/ingest.ts', environment);
    await until('it fetches', () => nights.served.length > 0);
    const fetchedAt = performance.now();
    await until('a snapshot is published', () => Number(readFileSync(current, 'utf8')) > 1);
    const lifeMs = performance.now() - fetchedAt;
    first.kill('SIGKILL');
    await first.ended;

    // 2. Kill: most processes while they fetch, parse, absorb or publish, some while they start
    for (let kill = 1; kill <= kills; kill++) {
      const fetches = nights.served.length;
      const ingest = run(t, 'src/ingest/ingest.ts', environment);
      if (kill % 5 !== 0) await until('it fetches', () => nights.served.length > fetches);
      await sleep(random() * 1.3 * Math.min(lifeMs, lifeMsMax));
      ingest.kill('SIGKILL');
      t.is(await ingest.ended, 'SIGKILL', ingest.errors());
      if (kill % archiveCheckedEvery !== 0) continue;
      const copy = await copyOfArchive(environment.DATA_DIR, join(directory, `copy-${kill}`));
      t.is(integrityOf(copy), 'ok');
      t.is(tornAt(titlesIn(copy), nights.served), undefined);
    }

    // 3. Without kills: everything that was served is absorbed
    const revision = nights.stopChanging();
    const last = run(t, 'src/ingest/ingest.ts', environment);
    await catchesUp(t, system, revision, witness);
    last.kill('SIGTERM');
    t.is(await last.ended, 0, last.output());
    await witness.stop();

    t.deepEqual(witness.faults, []);
    t.true(witness.bodies.size > 1, 'the search has moved on while the kills went on');
    t.deepEqual(await pidsOf(system), pids, 'the API workers have not noticed a thing');
    t.is(integrityOf(join(environment.DATA_DIR, 'archive.sqlite')), 'ok');
    t.log(
      `A process took ${Math.round(lifeMs)} ms; ${nights.served.length} feeds served, ${witness.searches} searches gave ${witness.bodies.size} answers, and ${witness.unavailable} single events were 503`,
    );
  },
);

// The short form is in faults.test.ts.
longTest(test.serial)('ingest that is killed under the supervisor is replaced, and catches up', async (t) => {
  t.timeout(300_000);
  const directory = await directoryFor(t);
  const nights = await startNights(t);
  const environment = {
    DATA_DIR: join(directory, 'data'),
    PROVIDERS_FILE: await providersFile(directory, nights),
    POLL_SECONDS: '0.2',
    LOG_LEVEL: 'warn',
  };
  const system = await startSystem(t, environment);
  const pids = await pidsOf(system);
  const witness = watch(system, nights);
  const random = mulberry32(seed);

  for (let kill = 1; kill <= killsUnderSupervisor; kill++) {
    await sleep(random() * 1500);
    const { ingest } = await system.status();
    process.kill(ingest!.pid!, 'SIGKILL');
    await until('another has taken its place', async () => {
      const now = (await system.status()).ingest!;
      return now.restarts === kill && now.ready && now.pid !== ingest!.pid;
    });
  }
  const revision = nights.stopChanging();
  await catchesUp(t, system, revision, witness);
  await witness.stop();
  t.deepEqual(witness.faults, []);
  t.deepEqual(await pidsOf(system), pids);

  system.kill('SIGTERM');
  t.is(await system.ended, 0);
  t.is(integrityOf(join(environment.DATA_DIR, 'archive.sqlite')), 'ok');
});

async function pidsOf(system: System): Promise<{ pid: number | null; restarts: number }[]> {
  return (await system.status()).workers.map(({ pid, restarts }) => ({ pid, restarts }));
}

interface Witness {
  readonly faults: string[];
  searches: number;
  /** Single events that were 503. */
  unavailable: number;
  /** The answers that differed. */
  readonly bodies: Set<string>;
  readonly ids: Map<number, string>;
  stop(): Promise<void>;
}

const unavailable = '503';

/** Null when the answer is right. While ingest repairs a companion, its events are 503. */
async function faultOfSingle(system: System, id: string): Promise<string | null> {
  const answer = await fetch(`${system.url}/events/${id}`);
  const text = await answer.text();
  if (answer.status === 503 && text.includes('"zones_unavailable"')) return unavailable;
  if (answer.status !== 200) return `${answer.status} ${text}`;
  const { event } = (JSON.parse(text) as { data: { event: Single } }).data;
  // An offline event has the values that it was last on sale with, and the zones of now.
  const revision = Number(/revision (\d+)$/.exec(event.title)?.[1]);
  const isRight = event.sell_mode === 'offline' || event.zones.some(({ price }) => price === revision + 0.5);
  return isRight ? null : `${event.title}: ${JSON.stringify(event.zones)}`;
}

interface Single {
  readonly title: string;
  readonly sell_mode: string;
  readonly zones: readonly { readonly price: number }[];
}

/** Searches everything without a pause, and records the fault of any answer. */
function watch(system: System, nights: Nights): Witness {
  let stopped = false;
  const witness: Witness = {
    faults: [],
    searches: 0,
    unavailable: 0,
    bodies: new Set(),
    ids: new Map(),
    stop: async () => {
      stopped = true;
      await watching;
    },
  };
  let next = 0;
  /** An event by its id: its zones, from a companion, are of the same revision as its title, from the segment. */
  async function single(): Promise<void> {
    const id = witness.ids.get(next++ % Math.max(1, witness.ids.size));
    if (id === undefined) return;
    const fault = await faultOfSingle(system, id).catch(String);
    if (fault === unavailable) witness.unavailable++;
    else if (fault !== null) witness.faults.push(fault);
  }
  const watching = (async () => {
    while (!stopped && witness.faults.length === 0) {
      try {
        const body = await system.search();
        const name = hash('sha256', body);
        // An answer that was valid once stays valid, since feeds are only added.
        const fault = witness.bodies.has(name) ? undefined : faultOf(body, nights.served, witness.ids);
        if (fault !== undefined) witness.faults.push(fault);
        witness.bodies.add(name);
      } catch (error) {
        witness.faults.push(String(error));
      }
      witness.searches++;
      await single();
      await sleep(isLong ? 40 : 100);
    }
  })();
  return witness;
}

/** Waits until every worker serves the state after the last feed, byte for byte. */
async function catchesUp(
  t: ExecutionContext,
  system: System,
  revision: number,
  witness: Witness,
): Promise<void> {
  let body = '';
  await until('the search shows the last feed, and nothing else', async () => {
    body = await system.search();
    return witness.faults.length > 0 || body === bodyAfter(revision, witness.ids);
  });
  t.deepEqual(witness.faults, []);
  await until('all workers serve the same', async () => {
    const { workers } = await system.status();
    return workers.every(({ version }) => version === workers[0]!.version);
  });
  for (let i = 0; i < 10; i++) t.true((await system.search()) === body);
  await until('the companion of each segment is whole', async () => {
    const ids = [...witness.ids.values()].filter((_, i) => i % 16 === 0);
    const faults = await Promise.all(ids.map((id) => faultOfSingle(system, id)));
    return faults.every((fault) => fault === null);
  });
}

/** Reads the archive from a copy, so that ingest itself recovers from its log. */
async function copyOfArchive(dataDir: string, copy: string): Promise<string> {
  for (const name of await readdir(dataDir)) {
    if (name.startsWith('archive.sqlite') && !name.endsWith('-shm'))
      await copyFile(join(dataDir, name), name.replace('archive.sqlite', copy));
  }
  return copy;
}

function integrityOf(path: string): unknown {
  return rowsOf(path, 'pragma integrity_check')[0]?.['integrity_check'];
}

const titlesIn = (path: string): string[] =>
  rowsOf(path, 'select title from searchable').map(({ title }) => String(title));

function rowsOf(path: string, query: string): Record<string, unknown>[] {
  const database = new DatabaseSync(path);
  try {
    return database.prepare(query).all();
  } finally {
    database.close();
  }
}
