// Ingest that reads a feed in pages is really killed while it reads them: no item is lost, and none counts twice.

import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { isLong } from '../_support/long.ts';
import { seededFor } from '../_support/random.ts';
import { eventNode, startRpdeProvider } from '../_support/rpde-provider.ts';
import { directoryFor, nextRun, run, startSystem, until } from './_system.ts';

const kills = isLong ? 40 : 4;
const events = isLong ? 60 : 20;

test('ingest that is killed at its pages continues where it was', async (t) => {
  t.timeout(600_000);
  const random = seededFor(t);
  const directory = await directoryFor(t);
  const provider = await startRpdeProvider(t, isLong ? 1 : 4);
  for (let i = 1; i <= events; i++) provider.put(String(i), eventNode(String(i)));
  const providersFile = join(directory, 'providers.json');
  const entry = { name: 'paged', url: provider.url, format: 'rpde' };
  await writeFile(providersFile, JSON.stringify({ providers: [entry] }));
  const dataDir = join(directory, 'data');
  const environment = {
    DATA_DIR: dataDir,
    PROVIDERS_FILE: providersFile,
    INGEST_THREADS: '1',
    LOG_LEVEL: 'warn',
  };

  // 1. Each process reads some pages; some answers arrive in two parts
  for (let kill = 1; kill <= kills; kill++) {
    const asked = provider.asked.length;
    const pages = random.int(1, 3);
    const isHeld = random.chance(0.5);
    provider.hook = (_request, response) => {
      if (!isHeld || provider.asked.length < asked + pages) return false;
      const text = provider.pageText(0);
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.write(text.slice(0, random.int(1, text.length)));
      return true;
    };
    const ingest = run(t, 'src/ingest/ingest.ts', environment);
    await until('it reads pages, or has read them all', () => provider.asked.length >= asked + 1);
    await sleep(random.int(0, 120));
    ingest.kill('SIGKILL');
    t.is(await ingest.ended, 'SIGKILL', ingest.errors());
    // A schedule that was saved would delay the next process.
    forgetSchedule(dataDir);
    const id = String(random.int(1, events));
    provider.put(id, random.chance(0.5) ? null : eventNode(id, `Night ${id}, ${kill}`));
  }

  // 2. Without kills, everything is absorbed, once
  provider.hook = null;
  provider.put('last', eventNode('999', 'The last one'));
  const last = run(t, 'src/ingest/ingest.ts', environment);
  await until('the last item is absorbed', () => titles(dataDir).includes('The last one'));
  last.kill('SIGTERM');
  t.is(await last.ended, 0, last.output());
  const rows = ask(dataDir, "select plan_id, json_extract(facts, '$[0]') as title, listing from known_event");
  provider.limit = 1000;
  const { items } = JSON.parse(provider.pageText(0)) as {
    items: { id: string; state: string; data?: { identifier: string; name: string } }[];
  };
  const listed = new Map(
    rows.filter(({ listing }) => listing === 'listed').map((row) => [row['plan_id'], row['title']]),
  );
  t.deepEqual(
    [...listed].toSorted(),
    items
      .flatMap(({ data }) => (data === undefined ? [] : [[data.identifier, data.name] as [string, string]]))
      .toSorted(),
  );
  const added = ask(
    dataDir,
    "select event, count(*) as times from journal_entry where kind = 'added' group by event",
  );
  t.is(added.length, rows.length);
  t.true(added.every(({ times }) => times === 1));
  t.log(`${provider.asked.length} requests`);
});

test('a page with a hundredfold price of all items is held until an operator approves it', async (t) => {
  t.timeout(120_000);
  const provider = await startRpdeProvider(t, 100);
  const numbers = Array.from({ length: 30 }, (_, i) => String(i + 1));
  for (const id of numbers) provider.put(id, eventNode(id));
  const directory = await directoryFor(t);
  const providersFile = join(directory, 'providers.json');
  const entry = { name: 'paged', url: provider.url, format: 'rpde' };
  await writeFile(providersFile, JSON.stringify({ providers: [entry] }));
  const system = await startSystem(t, {
    DATA_DIR: join(directory, 'data'),
    PROVIDERS_FILE: providersFile,
    LOG_LEVEL: 'warn',
  });
  const question = '?starts_at=2031-01-01T00:00:00Z&ends_at=2032-01-01T00:00:00Z';
  const prices = async (): Promise<number[]> => {
    const { data } = JSON.parse(await system.search(question)) as {
      data: { events: { min_price: number }[] };
    };
    return [...new Set(data.events.map((event) => event.min_price))];
  };
  const post = async (path: string): Promise<number> =>
    (await fetch(`${system.adminUrl}/providers/paged/${path}`, { method: 'POST' })).status;
  const held = async (): Promise<string | undefined> =>
    /^marquee_provider_withdrawals_held\{.*provider="paged".*\} (\d+)$/m.exec(await system.metrics())?.[1];
  await until('the first prices are served', async () => (await prices()).join() === '20');

  for (const id of numbers) provider.put(id, { ...eventNode(id), offers: { price: '2000.00' } });
  const holding = nextRun(system, 'paged', ({ code }) => code === 'values_held');
  t.true((await post('run')) < 300);
  t.regex((await holding).message ?? '', /^30 of 30 records have other prices \(100 %\), most often × 100/);
  t.like((await system.status()).providers['paged'], { held: { events: 30 } });
  await until('the metric has it', async () => (await held()) === '30');
  t.deepEqual(await prices(), [20]);

  t.is(await post('approve'), 200);
  // On a slow machine the poll of the approval may run already.
  t.true([200, 202, 409].includes(await post('run')));
  await until('the approved prices are served', async () => (await prices()).join() === '2000');
  await until('nothing is held', async () => (await held()) === '0');
});

function ask(dataDir: string, sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(join(dataDir, 'archive.sqlite'));
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

function titles(dataDir: string): unknown[] {
  try {
    return ask(dataDir, "select json_extract(facts, '$[0]') as title from known_event").map(
      ({ title }) => title,
    );
  } catch {
    return [];
  }
}

function forgetSchedule(dataDir: string): void {
  try {
    ask(dataDir, 'delete from poll_state');
  } catch {
    // The process was killed before there was one.
  }
}
