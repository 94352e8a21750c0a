// A first load with all that can interrupt it, against the same records in an archive that has events and so has none.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test from 'ava';
import type { AbsorbRecord, RunInHand } from '#/archive/absorbing/batch.ts';
import type { Archive } from '#/archive/archive.ts';
import { messageOf } from '#/kit/errors.ts';
import { archiveAt } from '../_support/archive.ts';
import { directoryFor } from '../_support/directory.ts';
import { eventsIn } from '../_support/events-in.ts';
import { seededFor, type Random } from '../_support/random.ts';
import { all, indexesOf, refusing, runEnd } from './_indexes.ts';
import { beginRun, freely, recordOf } from './_observed.ts';

const providers = ['large', 'small', 'late'];

interface Twin {
  readonly path: string;
  readonly archive: Archive;
  /** Another connection to the file. */
  readonly other: DatabaseSync;
  readonly runs: Map<string, RunInHand>;
  /** Whether its runs know which keys they have met, and ask for no others; else they ask for all. */
  readonly recalls: boolean;
}

async function twinAt(path: string, recalls: boolean): Promise<Twin> {
  const archive = await archiveAt(path);
  return { path, archive, other: new DatabaseSync(path), runs: new Map(), recalls };
}

async function runOf({ archive, runs, recalls }: Twin, of: string, at: number): Promise<RunInHand> {
  const before = runs.get(of);
  if (before !== undefined) return before;
  const run = await beginRun(archive, at, of);
  if (recalls) await archive.recallRecords(run);
  runs.set(of, run);
  return run;
}

/** What became of the batch. Refused: its last statement fails, and the transaction is rolled back. */
async function absorb(
  twin: Twin,
  of: string,
  at: number,
  records: readonly AbsorbRecord[],
  isRefused: boolean,
) {
  const run = await runOf(twin, of, at);
  const absorbed = () => twin.archive.absorb(run, records).catch(messageOf);
  return isRefused ? refusing(twin.other, 'insert on dirty_day', absorbed) : absorbed();
}

async function endRun({ archive, runs }: Twin, of: string): Promise<void> {
  const run = runs.get(of);
  if (run === undefined) return;
  runs.delete(of);
  await archive.withdrawUnseen(run, 0, freely);
  await archive.endRun(run.id, runEnd);
  await archive.maintain();
}

/** All that it has of the providers, in the order in which it came. */
function contentsOf({ other }: Twin): unknown[] {
  const mine = `provider in (${providers.map((of) => `'${of}'`).join()})`;
  const queries = [
    `select h.event_id, h.kind, h.at, h.before, h.after from history h where exists (
       select 1 from known_event where ${mine} and lower(hex(id)) = replace(h.event_id, '-', '')) order by h.seq`,
    `select hex(id), provider, record_key, listing, facts, day, shown, first_seen_at, changed_at, zones
       from known_event where ${mine} order by n`,
    `select provider, key, hash, contested from feed_record where ${mine} order by id`,
  ];
  return queries.map((query) => other.prepare(query).all());
}

let bases = 0;
let offset = 0;

/** Most records are new; some keys and events come again, in the batch, in the run, or under another key. */
function recordsFor(random: Random, of: string, newShare: number): AbsorbRecord[] {
  return Array.from({ length: random.int(1, 5) }, () => {
    const isNew = random.chance(newShare);
    const isMoved = random.chance(0.1);
    const base = isMoved
      ? `new ${random.int(Math.max(1, bases - 20), bases)}`
      : isNew
        ? `new ${++bases}`
        : `base ${random.int(0, 12)}`;
    const title = `title ${random.int(0, 3)}`;
    // A key that comes again may tell of new events only.
    const plans = random.chance(0.4)
      ? [{ provider: of, planId: `only ${offset}`, title }]
      : [
          { provider: of, title, offline: random.chance(0.2) },
          { provider: of, planId: '2', title },
        ];
    const key = isMoved ? `${base} moved` : base;
    return { ...recordOf(base, plans, `${base} ${JSON.stringify(plans)}`, key), offset: ++offset };
  });
}

test('a first load that is interrupted stores the same as an archive that has events', async (t) => {
  const random = seededFor(t);
  const directory = await directoryFor(t);
  const times = { begun: 0, paused: 0, refused: 0, events: 0 };
  for (let round = 0; round < 4; round++) {
    const [fresh, used] = [
      await twinAt(join(directory, `fresh ${round}.sqlite`), true),
      await twinAt(join(directory, `used ${round}.sqlite`), false),
    ];
    const twins = [fresh, used];
    await used.archive.absorb(await beginRun(used.archive, 1, 'another'), [
      recordOf('z', [{ provider: 'another' }]),
    ]);
    await used.archive.endRun(1, runEnd);
    // While this run is in progress, the first load continues.
    for (const twin of twins) await runOf(twin, 'large', 10);
    const newShare = random.pick([0.6, 0.95, 1]);
    let wereThere = true;
    for (let at = 100; at < 145; at++) {
      const of = random.pick(providers);
      const what = random.fraction();
      if (what < 0.65) {
        const records = recordsFor(random, of, newShare);
        for (let refused = Number(random.chance(0.15)); refused >= 0; refused--) {
          const [a, b] = [
            await absorb(fresh, of, at, records, refused > 0),
            await absorb(used, of, at, records, refused > 0),
          ];
          t.deepEqual(a, b);
          if (typeof a === 'string') times.refused++;
          // Most are sent again.
          if (random.chance(0.3)) break;
        }
      } else if (what < 0.85) {
        const [a, b] = [await eventsIn(fresh.archive), await eventsIn(used.archive)];
        t.deepEqual(
          a,
          b.filter((event) => event.provider !== 'another'),
        );
      } else if (of !== 'large') {
        for (const twin of twins) await endRun(twin, of);
      }
      t.deepEqual(contentsOf(fresh), contentsOf(used));
      const areThere = indexesOf(fresh.path).length === all.length;
      if (wereThere && !areThere) times.begun++;
      if (!wereThere && areThere) times.paused++;
      wereThere = areThere;
    }
    for (const twin of twins) for (const of of providers) await endRun(twin, of);
    t.deepEqual(indexesOf(fresh.path), all);
    const contents = contentsOf(fresh);
    times.events += (contents[1] as unknown[]).length;
    t.deepEqual(contents, contentsOf(used));
    for (const { archive, other } of twins) {
      other.close();
      await archive.close();
    }
  }
  t.log(JSON.stringify(times));
  t.true(times.begun > 8 && times.paused > 8, 'first loads continue after pauses');
  t.true(times.refused > 0 && times.events > 200);
});
