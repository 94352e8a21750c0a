// Any past version can be rebuilt from the archive: the state after each of many random batches is found again by walking the
// journal backwards from the last one, zones included.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inflateRawSync } from 'node:zlib';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { openArchive } from '#/archive/archive.ts';
import type { AbsorbRecord } from '#/archive/absorbing/batch.ts';
import { zoneSetOf } from '#/domain/zones.ts';
import { endingOf } from '../_servers/ending.ts';
import { postgresIsHere, startPostgres, type PostgresServer } from '../_servers/postgres.ts';
import { randomOf, type Random } from '../_support/random.ts';
import { beginRun, evening, freely, hourMs, inBatch, parsedOf, recordOf } from './_observed.ts';

const test = anyTest as TestFn;
const ending = endingOf(test);
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));

let postgres: PostgresServer;
test.before(async () => {
  if (postgresIsHere) postgres = await startPostgres(ending);
});

type Row = Record<string, unknown>;
type Ask = (query: string) => Promise<Row[]>;

/** A record of one base with a plan or two, sometimes offline, with short or long zones. */
function randomRecord(random: Random, base: number): AbsorbRecord {
  const plans = Array.from({ length: random.int(0, 2) }, (_, i) => ({
    planId: String(i + 1),
    title: `Title ${random.int(1, 3)}`,
    offline: random.chance(0.2),
    start: evening + random.int(0, 3) * 24 * hourMs,
  }));
  const record = recordOf(`b${base}`, plans);
  const zones = Array.from({ length: random.chance(0.3) ? 60 : 2 }, (_, i) => ({
    zoneId: String(i),
    name: 'A zone',
    capacity: random.int(1, 3),
    price: 1000,
    numbered: true,
  }));
  const set = zoneSetOf(zones);
  const parsed = parsedOf(record);
  const observations = parsed.observations.map((one) => ({
    ...one,
    facts: { ...one.facts, zonesHash: set.hash },
    zonesText: set.text,
  }));
  return { ...record, ...inBatch({ ...parsed, observations }) };
}

const textOf = (zones: unknown): unknown =>
  zones instanceof Uint8Array ? inflateRawSync(zones).toString() : zones;

/** Of each event by its number: listing and facts as the journal has them, then the text of its zones. */
type State = Map<number, { known: string; zones: unknown }>;

async function stateNow(ask: Ask): Promise<State> {
  const rows = await ask('select n, listing, facts, zones from known_event');
  return new Map(
    rows.map(({ n, listing, facts, zones }) => {
      // What is only missing was never recorded as such.
      const recorded = listing === 'missing' ? 'listed' : listing;
      return [
        Number(n),
        { known: JSON.stringify([recorded, JSON.parse(String(facts))]), zones: textOf(zones) },
      ];
    }),
  );
}

async function check(t: ExecutionContext, url: string, ask: Ask): Promise<void> {
  t.log(`SEED=${seed}`);
  const random = randomOf(seed);
  const archive = await openArchive(url);
  t.teardown(() => archive.close());
  // 1. Many batches, and the state after each
  const past: { seq: number; state: State }[] = [];
  for (let batch = 1; batch <= 25; batch++) {
    const run = await beginRun(archive, batch * 1000);
    const bases = Array.from({ length: 12 }, (_, base) => base).filter(() => random.chance(0.6));
    await archive.absorb(
      run,
      bases.map((base) => randomRecord(random, base)),
    );
    if (random.chance(0.5)) await archive.withdrawUnseen(run, 0, freely);
    const [{ seq } = {}] = await ask('select coalesce(max(seq), 0) as seq from journal_entry');
    past.push({ seq: Number(seq), state: await stateNow(ask) });
  }
  // 2. From the last one backwards: each change is undone
  const state = await stateNow(ask);
  const entries = await ask('select seq, event, before, zones from journal_entry order by seq desc');
  for (const { seq, state: wanted } of past.toReversed()) {
    while (Number(entries[0]?.['seq'] ?? 0) > seq) {
      const { event, before, zones } = entries.shift()!;
      const now = state.get(Number(event))!;
      if (before === null) state.delete(Number(event));
      else
        state.set(Number(event), {
          known: JSON.stringify(JSON.parse(String(before))),
          zones: zones === null ? now.zones : textOf(zones),
        });
    }
    t.deepEqual(
      new Map([...state].toSorted(([a], [b]) => a - b)),
      new Map([...wanted].toSorted(([a], [b]) => a - b)),
    );
  }
  t.true(past.at(-1)!.seq > 100, 'hardly anything changed');
}

test.serial('SQLite: the state after any batch is rebuilt from the journal', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'marquee-archive-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, 'archive.sqlite');
  await check(t, `sqlite:${path}`, (query) => {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      return Promise.resolve(database.prepare(query).all());
    } finally {
      database.close();
    }
  });
});

(postgresIsHere ? test : test.skip)(
  'PostgreSQL: the state after any batch is rebuilt from the journal',
  async (t) => {
    const url = await postgres.database();
    await check(t, url, (query) => postgres.ask(url, query));
  },
);
