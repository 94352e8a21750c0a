// One archive, two databases: the same tests run on SQLite and on a real PostgreSQL.

import { hash } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { openArchive, type Archive } from '#/archive/archive.ts';
import type { AbsorbRecord } from '#/archive/absorbing/batch.ts';
import { FencedOff } from '#/archive/leader.ts';
import type { CatalogueReader } from '#/archive/catalogue.ts';
import { quarantineRowsMax } from '#/archive/runs/quarantine.ts';
import { dayOf } from '#/domain/time/calendar.ts';
import { rowCount } from '#/domain/packed/texts.ts';
import { inflateZones, zoneSetOf, zonesIn } from '#/domain/zones.ts';
import { archiveAt } from '../_support/archive.ts';
import { endingOf } from '../_servers/ending.ts';
import { postgresIsHere, startPostgres, type PostgresServer } from '../_servers/postgres.ts';
import { eventsIn, eventsOf, titlesIn } from '../_support/events-in.ts';
import {
  beginRun,
  evening,
  faultyRecord,
  freely,
  hourMs,
  idOf,
  inBatch,
  parsedOf,
  provider,
  recordOf,
} from './_observed.ts';

const test = anyTest as TestFn;
const ending = endingOf(test);

let postgres: PostgresServer;
/** An archive without data, which is copied for each test: so its tables are created once. */
let empty: string;
test.before(async () => {
  if (!postgresIsHere) return;
  postgres = await startPostgres(ending);
  empty = await postgres.database();
  await (await openArchive(empty)).close();
});

type Kind = 'SQLite' | 'PostgreSQL';
type Rows = Record<string, unknown>[];

interface Bench {
  readonly kind: Kind;
  readonly archive: Archive;
  /** Opens the same archive as another host. */
  again(): Promise<Archive>;
  /** Queries its tables directly. */
  ask(query: string): Promise<Rows>;
  /** Runs a statement on its tables directly. */
  change(statement: string): Promise<void>;
}

async function benchFor(t: ExecutionContext, kind: Kind): Promise<Bench> {
  const url = kind === 'PostgreSQL' ? await postgres.database(empty) : `sqlite:${await fileFor(t)}`;
  const again = async (): Promise<Archive> => {
    const archive = await (kind === 'PostgreSQL' ? openArchive(url) : archiveAt(url.replace('sqlite:', '')));
    t.teardown(() => archive.close());
    return archive;
  };
  return {
    kind,
    archive: await again(),
    again,
    ask: (query) => (kind === 'PostgreSQL' ? postgres.ask(url, query) : Promise.resolve(rowsOf(url, query))),
    async change(statement) {
      if (kind === 'PostgreSQL') await postgres.ask(url, statement);
      else changeRows(url, statement);
    },
  };
}

async function fileFor(t: ExecutionContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'marquee-archive-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  return join(directory, 'archive.sqlite');
}

function rowsOf(url: string, query: string): Rows {
  const database = new DatabaseSync(url.replace('sqlite:', ''), { readOnly: true });
  try {
    return database.prepare(query).all();
  } finally {
    database.close();
  }
}

function changeRows(url: string, statement: string): void {
  const database = new DatabaseSync(url.replace('sqlite:', ''));
  try {
    database.exec(statement);
  } finally {
    database.close();
  }
}

/** The same test on both databases; SQLite first, since it blocks this process and would delay PostgreSQL. */
function onBoth(title: string, body: (t: ExecutionContext, bench: Bench) => Promise<void>): void {
  for (const kind of ['SQLite', 'PostgreSQL'] as const) {
    const check = kind === 'SQLite' ? test.serial : postgresIsHere ? test : test.skip;
    check(`${kind}: ${title}`, async (t) => body(t, await benchFor(t, kind)));
  }
}

const everything = async (reader: CatalogueReader) => eventsOf(await reader.slice(-1e7, 1e7));

onBoth(
  'an event that a later batch of the run sets offline stays in the search as it was before the run',
  async (t, { archive, ask }) => {
    const online = await beginRun(archive, 1000);
    await archive.absorb(online, [
      recordOf('was', [{ title: 'was online' }]),
      recordOf('off', [{ title: 'was online too' }]),
    ]);
    await archive.absorb(await beginRun(archive, 2000), [recordOf('off', [{ offline: true, title: 'off' }])]);
    const run = await beginRun(archive, 3000);
    const bases = ['new', 'was', 'off'];
    const at = (offset: number, title: string, offline: boolean) =>
      bases.map((base, i) => ({
        ...recordOf(base, [{ title, offline, start: evening + offset * hourMs }]),
        offset: offset * 10 + i,
      }));
    await archive.absorb(run, at(10, 'for a while', false));
    await archive.absorb(run, at(20, 'for another', false));
    await archive.absorb(run, at(30, 'taken back', true));
    t.deepEqual((await titlesIn(archive)).toSorted(), ['was online', 'was online too']);
    const offline = await ask(`select facts from known_event where base_id in ('new', 'was', 'off')`);
    t.true(offline.every(({ facts }) => String(facts).includes('"taken back"')));
    // The last record sets it online again.
    await archive.absorb(run, at(40, 'after all', false));
    t.deepEqual(await titlesIn(archive), ['after all', 'after all', 'after all']);
  },
);

onBoth(
  'a later batch does not remove an event that a reader may have seen online',
  async (t, { archive }) => {
    const run = await beginRun(archive, 1000);
    await archive.absorb(run, [recordOf('a', [{ title: 'seen' }])]);
    t.deepEqual(await titlesIn(archive), ['seen']);
    await archive.absorb(run, [{ ...recordOf('a', [{ title: 'taken back', offline: true }]), offset: 9 }]);
    t.deepEqual(await titlesIn(archive), ['seen']);
  },
);

onBoth('unknown values of an event and its zones are stored as unknown', async (t, { archive, ask }) => {
  const known = recordOf('a', [{ title: 'A night' }]);
  const [observation] = parsedOf(known).observations;
  const { hash: zonesHash, text } = zoneSetOf([
    { zoneId: null, name: null, capacity: null, price: 1250, numbered: null },
  ]);
  const facts = { ...observation!.facts, soldOut: null, sellFrom: null, zonesHash };
  const parsed = {
    ...parsedOf(known),
    observations: [{ ...observation!, facts, zonesText: text }],
  };
  for (const at of [1000, 2000]) {
    const counts = await archive.absorb(await beginRun(archive, at), [{ ...known, ...inBatch(parsed) }]);
    t.is(counts.added + counts.changed, at === 1000 ? 1 : 0);
  }
  const [entry] = await ask('select after from history');
  const { capacity, ...viewed } = facts;
  t.is(capacity, 100);
  t.deepEqual(JSON.parse(String(entry!['after'])), { listing: 'listed', facts: viewed });
  t.like(facts, { soldOut: null, sellFrom: null, sellTo: null });
  const [set] = await ask('select zones from known_event');
  t.deepEqual(inflateZones(set!['zones'] as string | Uint8Array), zonesIn(text));
});

onBoth('the journal of an event: added, changed, offline, withdrawn, back', async (t, { archive, ask }) => {
  const counts = {
    added: 0,
    changed: 0,
    relisted: 0,
    withdrawn: 0,
    quarantined: 0,
    duplicates: 0,
    contested: 0,
    held: null,
  };
  const story = [
    { plans: [{ title: 'one' }], wanted: { ...counts, added: 1 }, shown: 'one' },
    { plans: [{ title: 'one' }], wanted: counts, shown: 'one' },
    { plans: [{ title: 'two', minPrice: null }], wanted: { ...counts, changed: 1 }, shown: 'two' },
    { plans: [{ title: 'three', offline: true }], wanted: { ...counts, changed: 1 }, shown: 'two' },
    { plans: [], wanted: counts, shown: 'two' },
    { plans: [{ title: 'four' }], wanted: { ...counts, changed: 1 }, shown: 'four' },
  ];
  for (const [i, { plans, wanted, shown }] of story.entries()) {
    const run = await beginRun(archive, 1000 * (i + 1));
    t.deepEqual(await archive.absorb(run, [recordOf('base', plans)]), wanted, `chapter ${i}`);
    await archive.withdrawUnseen(run, 0, freely);
    t.deepEqual(await titlesIn(archive), [shown]);
  }
  const journal = await ask('select kind, before, after, at, run_id from history order by seq');
  t.deepEqual(
    journal.map(({ kind }) => kind),
    ['added', 'changed', 'changed', 'withdrawn', 'changed'],
  );
  // Each entry starts with the state in which the one before it ended: the state at any time can be rebuilt.
  for (const [i, entry] of journal.entries()) {
    const before: unknown = i === 0 ? null : JSON.parse(String(journal[i - 1]!['after']));
    t.deepEqual(entry['before'] === null ? null : JSON.parse(String(entry['before'])), before);
  }
  t.deepEqual(
    journal.map(({ at }) => Number(at)),
    [1000, 3000, 4000, 5000, 6000],
  );
});

onBoth('an event that returns unchanged is listed again', async (t, { archive, ask }) => {
  const first = await beginRun(archive);
  await archive.absorb(first, [recordOf('a', [{}]), recordOf('b', [{}])]);
  const second = await beginRun(archive, 2000);
  await archive.absorb(second, [recordOf('a', [{}])]);
  t.deepEqual(await archive.withdrawUnseen(second, 0, freely), { withdrawn: 1, held: null, grown: null });
  const third = await beginRun(archive, 3000);
  t.is((await archive.absorb(third, [recordOf('a', [{}]), recordOf('b', [{}])])).relisted, 1);
  t.deepEqual(
    (await ask('select kind from history order by seq')).map(({ kind }) => kind),
    ['added', 'added', 'withdrawn', 'relisted'],
  );
  t.is((await eventsIn(archive)).length, 2, 'and was searchable all the while');
});

onBoth('one plan id under three bases is three events', async (t, { archive }) => {
  const run = await beginRun(archive);
  await archive.absorb(
    run,
    ['x', 'y', 'z'].map((base) => recordOf(base, [{ planId: '1642', title: base }])),
  );
  t.deepEqual((await titlesIn(archive)).toSorted(), ['x', 'y', 'z']);
});

const hashOf = (text: string): string => hash('sha256', text);

/** The row ids of the records with these hashes; 0 for an unknown one. */
async function recalled(archive: Archive, of: string, texts: readonly string[]): Promise<number[]> {
  const run = await beginRun(archive, 1000, of);
  await archive.recallRecords(run);
  const { known } = run;
  return texts.map((text) => known.get(hashOf(text)));
}

onBoth(
  'unchanged records are known by their hash, until they are parsed in another way',
  async (t, { archive }) => {
    await archive.readAs(provider, 'one way');
    const run = await beginRun(archive);
    await archive.absorb(run, [recordOf('a', [{}], hashOf('a')), recordOf('b', [{}], hashOf('b'))]);
    const ids = await recalled(archive, provider, ['a', 'b', 'c']);
    t.deepEqual(
      ids.map((id) => id > 0),
      [true, true, false],
    );
    for (const id of ids.slice(0, 2)) t.true(run.seen.offset(id) >= 0);
    t.deepEqual(await recalled(archive, 'another', ['a']), [0]);
    await archive.keepValidators(provider, { etag: '"e"', lastModified: null });
    t.deepEqual(await archive.feedValidators(provider, 'one way'), { etag: '"e"', lastModified: null });
    t.deepEqual(await archive.feedValidators(provider, 'another'), { etag: null, lastModified: null });
    await archive.readAs(provider, 'another way');
    t.deepEqual(await recalled(archive, provider, ['a', 'b']), [0, 0]);
  },
);

onBoth('a record that is absorbed again is no longer known by its old hash', async (t, { archive }) => {
  await archive.absorb(await beginRun(archive), [
    recordOf('a', [{}], hashOf('a')),
    recordOf('b', [{}], hashOf('b')),
  ]);
  const run = await beginRun(archive, 2000);
  await archive.recallRecords(run);
  await archive.absorb(run, [recordOf('a', [{ title: 'other' }], hashOf('other'))]);
  t.is(run.known.get(hashOf('a')), 0);
  t.true(run.known.get(hashOf('b')) > 0);
});

onBoth(
  'a hash that an earlier version stored is known until its record is absorbed again',
  async (t, bench) => {
    const { archive, ask, change, kind } = bench;
    const records = ['a', 'b'].map((key) => recordOf(key, [{}], hashOf(key)));
    await archive.absorb(await beginRun(archive), records);
    for (const key of ['a', 'b'])
      await change(`update feed_record set hash = '${hashOf(key)}' where key = '${key}'`);
    const run = await beginRun(archive, 2000);
    await archive.recallRecords(run);
    t.true(run.known.get(hashOf('a')) > 0 && run.known.get(hashOf('b')) > 0);
    await archive.absorb(run, [recordOf('a', [{ title: 'other' }], hashOf('other'))]);
    t.is(run.known.get(hashOf('a')), 0);
    t.true(run.known.get(hashOf('b')) > 0);
    const ids = await recalled(archive, provider, ['other', 'a', 'b']);
    t.deepEqual(
      ids.map((id) => id > 0),
      [true, false, true],
    );
    const lengths = (await ask('select length(hash) as bytes from feed_record order by key')).map(
      ({ bytes }) => bytes,
    );
    t.deepEqual(lengths, kind === 'SQLite' ? [16, 64] : [64, 64]);
  },
);

onBoth('more records than fit a page are all known', async (t, { archive }) => {
  const texts = Array.from({ length: 12_345 }, (_, i) => `r${i}`);
  const run = await beginRun(archive);
  await archive.absorb(
    run,
    texts.map((text) => recordOf(text, [], hashOf(text))),
  );
  t.false((await recalled(archive, provider, texts)).includes(0));
});

onBoth('of a key with two records, both are absorbed each time', async (t, { archive }) => {
  const run = await beginRun(archive);
  const plans = ['1', '2'].map((planId) => recordOf('twice', [{ planId }], hashOf(planId)));
  await archive.absorb(run, plans);
  t.deepEqual([...(await archive.contestedKeys(provider))], ['twice']);
  t.deepEqual(await recalled(archive, provider, ['1', '2']), [0, 0]);
  t.deepEqual(await archive.withdrawUnseen(run, 2, freely), { withdrawn: 0, held: null, grown: null });
});

onBoth('the quarantine of a provider is limited, and its entries stay', async (t, { archive }) => {
  const first = await beginRun(archive, 1000);
  await archive.absorb(first, [faultyRecord('early', '1')]);
  const many = Array.from({ length: quarantineRowsMax + 50 }, (_, i) => faultyRecord(`b${i}`, '1'));
  const { quarantined } = await archive.absorb(await beginRun(archive, 2000), many);
  t.is(quarantined, many.length, 'all are counted');
  t.is(await archive.quarantineSize(provider), quarantineRowsMax);
  await archive.absorb(await beginRun(archive, 3000), [
    faultyRecord('early', '1'),
    faultyRecord('late', '1'),
  ]);
  const rows = await archive.quarantined(provider, quarantineRowsMax);
  t.like(
    rows.find(({ baseId }) => baseId === 'early'),
    { times: 2 },
  );
  t.is(
    rows.find(({ baseId }) => baseId === 'late'),
    undefined,
  );
});

onBoth(
  'a refused record goes to quarantine, is counted there, and leaves when it is fixed',
  async (t, { archive }) => {
    const first = await beginRun(archive, 1000);
    t.deepEqual(
      await archive.absorb(first, [faultyRecord('a', '9', [{ title: 'good' }]), recordOf('b', [{}])]),
      {
        added: 2,
        changed: 0,
        relisted: 0,
        withdrawn: 0,
        quarantined: 1,
        duplicates: 0,
        contested: 0,
        held: null,
      },
    );
    t.is(await archive.quarantineSize(provider), 1);
    const second = await beginRun(archive, 2000);
    await archive.absorb(second, [faultyRecord('a', '9', [{ title: 'good' }])]);
    t.deepEqual(await archive.quarantined(provider, 10), [
      {
        baseId: 'a',
        planId: '9',
        code: 'date_impossible',
        message: 'Got 2021-09-31, expected a day that exists.',
        offset: 10,
        line: 2,
        column: 3,
        firstSeenAt: 1000,
        lastSeenAt: 2000,
        runId: second.id,
        times: 2,
      },
    ]);
    const third = await beginRun(archive, 3000);
    await archive.absorb(third, [recordOf('a', [{ title: 'good' }, { planId: '9' }])]);
    t.is(await archive.quarantineSize(provider), 0);
  },
);

onBoth(
  'withdrawals that look like an accident are held, and pass once they are approved',
  async (t, { archive }) => {
    const gate = { withdrawShareMax: 0.5, growthFactorMax: 10 };
    const bases = Array.from({ length: 40 }, (_, i) => recordOf(`base ${i}`, [{}]));
    await archive.readAs(provider, 'a way');
    await archive.absorb(await beginRun(archive), bases);
    t.is(await archive.held(provider), null);
    t.is(await archive.approve(provider), null);
    const half = await beginRun(archive, 2000);
    await archive.absorb(half, bases.slice(0, 10));
    const { withdrawn, held } = await archive.withdrawUnseen(half, 0, gate);
    t.is(withdrawn, 0);
    t.is(held?.code, 'withdrawals_held');
    t.like(await archive.held(provider), { runId: half.id, events: 30 });
    t.like(await archive.approve(provider), { events: 30 });
    const again = await beginRun(archive, 3000);
    await archive.absorb(again, bases.slice(0, 10));
    t.deepEqual(await archive.withdrawUnseen(again, 0, gate), { withdrawn: 30, held: null, grown: null });
    t.is(await archive.held(provider), null);
    t.is((await eventsIn(archive)).length, 40);
  },
);

onBoth(
  'days are counted, marked when they change, and cleared once they are published',
  async (t, { archive }) => {
    const dayMs = 24 * hourMs;
    const run = await beginRun(archive);
    const starts = [0, 0, 1, 5].map((days) => evening + days * dayMs);
    await archive.absorb(
      run,
      starts.map((start, i) => recordOf(String(i), [{ start }])),
    );
    const first = dayOf(evening);
    const read = await archive.frozen(async (reader) => ({
      all: await reader.dayCounts(),
      some: await reader.dayCounts([first, first + 1, first + 2]),
      none: await reader.dayCounts([]),
      dirty: await reader.dirtyDays(),
      slice: rowCount((await reader.slice(first, first + 2)).rows),
    }));
    t.deepEqual([...read.all].toSorted(), [
      [first, 2],
      [first + 1, 1],
      [first + 5, 1],
    ]);
    t.deepEqual([...read.some].toSorted(), [
      [first, 2],
      [first + 1, 1],
    ]);
    t.is(read.none.size, 0);
    t.deepEqual(read.dirty.days, [first, first + 1, first + 5]);
    t.is(read.slice, 3);
    await archive.cleanDays(read.dirty);
    t.deepEqual((await archive.frozen((reader) => reader.dirtyDays())).days, []);
    // An event that moves also marks the day that it leaves. One that turns offline marks its own: `/events` says so.
    await archive.absorb(await beginRun(archive, 2000), [
      recordOf('3', [{ start: evening + 9 * dayMs }]),
      recordOf('0', [{ offline: true, title: 'unseen' }]),
    ]);
    t.deepEqual((await archive.frozen((reader) => reader.dirtyDays())).days, [first, first + 5, first + 9]);
  },
);

onBoth('slices are ordered by start, then by id byte for byte', async (t, { archive }) => {
  const run = await beginRun(archive);
  const bases = Array.from({ length: 300 }, (_, i) =>
    recordOf(`b${i}`, [{ start: evening + (i % 3) * hourMs }]),
  );
  await archive.absorb(run, bases);
  const shown = await eventsIn(archive);
  const wanted = shown.toSorted(
    (a, b) => a.start - b.start || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)),
  );
  t.deepEqual(
    shown.map(({ id }) => id),
    wanted.map(({ id }) => id),
  );
  t.is(shown.length, 300);
});

const texts = [
  '🎭 Zoë & l’été — “quoted” \\ back\\slash',
  `'; drop table event; --`,
  'line\u2028separator\u2029and\ttab\nand newline',
  '"json": {"a": [1]}',
  '%_$1 ? @p',
  '日本語 العربية',
  ' ',
  '',
];
onBoth('texts are read back unchanged', async (t, { archive }) => {
  const run = await beginRun(archive);
  await archive.absorb(
    run,
    texts.map((title, i) => recordOf(`${i} ${title}`, [{ title, planId: title }])),
  );
  t.deepEqual((await titlesIn(archive)).toSorted(), texts.toSorted());
  const rerun = await beginRun(archive, 2000);
  const again = await archive.absorb(
    rerun,
    texts.map((title, i) => recordOf(`${i} ${title}`, [{ title, planId: title }])),
  );
  t.is(again.added + again.changed, 0, 'and are found again under what they are named by');
});

onBoth('numbers are read back as numbers, however large', async (t, { archive }) => {
  const far = Date.UTC(9999, 11, 31, 20);
  const old = -62_000_000_000_000;
  const run = await beginRun(archive, Date.UTC(2100, 0, 1));
  await archive.absorb(run, [
    recordOf('far', [{ start: far, minPrice: 9_000_000_000_000 }]),
    recordOf('old', [{ start: old, minPrice: null }]),
  ]);
  const shown = await eventsIn(archive);
  t.deepEqual(
    shown.map(({ start, minPrice }) => [start, minPrice]),
    [
      [old, null],
      [far, 9_000_000_000_000],
    ],
  );
  const [row] = await archive.runs(provider, 1);
  t.is(row?.startedAt, Date.UTC(2100, 0, 1));
});

onBoth('runs and their findings are listed, the newest first', async (t, { archive }) => {
  for (const outcome of ['absorbed', 'failed', 'unchanged'] as const) {
    const { id } = await beginRun(archive);
    const findings = [
      {
        code: 'x',
        severity: 'error' as const,
        times: 1,
        message: '🎭',
        place: null,
        baseId: null,
        planId: null,
      },
    ];
    await archive.endRun(id, {
      endedAt: 5,
      outcome,
      code: null,
      message: 'why',
      counts: { added: 3 },
      findings,
    });
  }
  await beginRun(archive);
  const runs = await archive.runs(provider, 3);
  t.deepEqual(
    runs.map(({ outcome }) => outcome),
    [null, 'unchanged', 'failed'],
  );
  t.like(runs[1], { endedAt: 5, counts: { added: 3 }, message: 'why' });
  t.is(runs[1]?.findings[0]?.message, '🎭');
});

/** The second entry of the journal in a transaction fails. */
const breaking: Record<Kind, string> = {
  SQLite: `create trigger breaking before insert on journal_entry
    when (select count(*) from journal_entry) > 1 begin select raise(abort, 'in the middle'); end`,
  PostgreSQL: `create function fail() returns trigger language plpgsql as $$ begin
    if (select count(*) from journal_entry) > 1 then raise exception 'in the middle'; end if; return new; end $$;
    create trigger breaking before insert on journal_entry for each row execute function fail()`,
};

onBoth('a batch is absorbed wholly or not at all', async (t, { archive, ask, change, kind }) => {
  await archive.absorb(await beginRun(archive), [recordOf('before', [{}])]);
  await change(breaking[kind]);
  const run = await beginRun(archive, 2000);
  const batch = [recordOf('good', [{}]), recordOf('broken', [{}])];
  await t.throwsAsync(archive.absorb(run, batch), { message: 'in the middle' });
  await change(kind === 'SQLite' ? 'drop trigger breaking' : 'drop trigger breaking on journal_entry');
  for (const table of ['known_event', 'journal_entry', 'searchable', 'feed_record']) {
    t.is(Number((await ask(`select count(*) as rows from ${table}`))[0]!['rows']), 1, table);
  }
  t.is(
    (await archive.absorb(await beginRun(archive, 3000), [recordOf('good', [{}])])).added,
    1,
    'and it goes on',
  );
});

onBoth('a published version is recorded once, and can be read', async (t, { archive }) => {
  t.is(await archive.lastPublished(), null);
  for (const version of [1, 2, 3])
    await archive.notePublished({ version, seq: version * 10, at: version, events: version });
  await archive.notePublished({ version: 2, seq: 99, at: 99, events: 99 });
  t.deepEqual(
    (await archive.published(2)).map(({ version, seq }) => [version, seq]),
    [
      [3, 30],
      [2, 20],
    ],
  );
  t.like(await archive.lastPublished(), { version: 3 });
});

test.serial(
  'the write-ahead log of SQLite is emptied after a large run by what maintains the archive',
  async (t) => {
    const path = await fileFor(t);
    const archive = await archiveAt(path);
    t.teardown(() => archive.close());
    const logBytes = async (): Promise<number> => (await stat(`${path}-wal`)).size;
    const published = { seq: 0, at: 0, events: 0 };
    const end = { endedAt: 1, outcome: 'absorbed', code: null, message: null, findings: [] } as const;
    const { id } = await beginRun(archive);
    await archive.notePublished({ ...published, version: 1 });
    await archive.maintain();
    t.true((await logBytes()) > 0, 'a run is under way');
    await archive.endRun(id, { ...end, counts: { added: 19_000, changed: 900 } });
    await archive.notePublished({ ...published, version: 2 });
    await archive.maintain();
    t.true((await logBytes()) > 0, 'the run was small');

    await archive.endRun(id, { ...end, counts: { added: 19_000, changed: 1000 } });
    const reader = new DatabaseSync(path, { readOnly: true });
    reader.exec('begin; select count(*) from published');
    await archive.notePublished({ ...published, version: 3 });
    await archive.maintain();
    t.true((await logBytes()) > 0, 'a reader needs it');
    reader.close();
    await archive.notePublished({ ...published, version: 4 });
    t.true((await logBytes()) > 0, 'nobody waits for it');
    await archive.maintain();
    t.is(await logBytes(), 0);
    t.like(await archive.lastPublished(), { version: 4 });
  },
);

onBoth('the number of a version is never used again', async (t, { archive, again }) => {
  t.is(await archive.lastVersion(), 0);
  t.is((await archive.nextVersion(0)).version, 1);
  t.is((await archive.nextVersion(0)).version, 2, 'though the first was not published');
  t.is((await archive.nextVersion(9)).version, 10, 'a store may be ahead of the archive');
  t.is((await archive.nextVersion(3)).version, 11, 'or behind it');
  t.is(await archive.lastPublished(), null);
  const other = await again();
  t.is(await other.lastVersion(), 11, 'it outlives who has taken it');
  t.is((await other.nextVersion(0)).version, 12);
  t.is((await archive.nextVersion(9_000_000_000_000)).version, 9_000_000_000_001);
});

(postgresIsHere ? test : test.skip)(
  'PostgreSQL: hosts that take numbers at the same time get different ones',
  async (t) => {
    const { archive, again } = await benchFor(t, 'PostgreSQL');
    const other = await again();
    const hosts = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? archive : other));
    const taken = await Promise.all(hosts.map((one) => one.nextVersion(0)));
    t.deepEqual(
      taken.map(({ version }) => version).toSorted((a, b) => a - b),
      hosts.map((_, i) => i + 1),
    );
  },
);

onBoth(
  'an archive recognises its own versions by their stamps, and another archive does not',
  async (t, bench) => {
    const { archive, again } = bench;
    const given = await archive.nextVersion(0);
    const other = await again();
    t.is(await other.identity(), await archive.identity(), 'its identity does not change');
    t.regex(await archive.identity(), /^[0-9a-f]{32}$/);
    t.true(await other.gaveVersion(given));
    t.false(await archive.gaveVersion({ ...given, version: given.version + 1 }));
    t.false(await archive.gaveVersion({ ...given, stamp: '0'.repeat(32) }));
  },
);

onBoth('numbers continue from the highest that was published before they were counted', async (t, bench) => {
  for (const version of [7, 41, 12]) await bench.archive.notePublished({ version, seq: 1, at: 1, events: 1 });
  // As an older version leaves it, and as one that died during the migration leaves it.
  for (const left of ['drop table version_counter', 'delete from version_counter']) {
    await bench.change(left);
    await bench.change('delete from kysely_migration');
    const archive = await bench.again();
    t.is(await archive.lastVersion(), 41, left);
    t.is((await archive.nextVersion(0)).version, 42, left);
  }
});

onBoth('schedules are stored for the next leader', async (t, { archive, again }) => {
  t.is(await archive.pollState(provider), null);
  for (const failures of [1, 2]) await archive.keepPollState(provider, { failures, breaker: { open: true } });
  t.deepEqual(await (await again()).pollState(provider), { failures: 2, breaker: { open: true } });
});

onBoth(
  'a leader that was replaced absorbs, withdraws and publishes nothing',
  async (t, { archive, again }) => {
    const next = await again();
    t.is(await archive.fence(), 0);
    await archive.lead(1);
    const run = await beginRun(archive);
    await archive.absorb(run, [recordOf('a', [{}]), recordOf('b', [{}])]);
    await next.lead(2);
    t.is(await archive.fence(), 2);
    const late = await beginRun(archive, 2000);
    await t.throwsAsync(archive.absorb(late, [recordOf('c', [{}])]), { instanceOf: FencedOff });
    await t.throwsAsync(archive.withdrawUnseen(late, 0, freely), { instanceOf: FencedOff });
    await t.throwsAsync(archive.nextVersion(0), { instanceOf: FencedOff });
    await t.throwsAsync(archive.notePublished({ version: 1, seq: 9, at: 1, events: 2 }), {
      instanceOf: FencedOff,
    });
    const dirty = await next.frozen((reader) => reader.dirtyDays());
    await t.throwsAsync(archive.cleanDays(dirty), { instanceOf: FencedOff });
    t.is(await next.lastVersion(), 0, 'no number is used up');
    t.is((await next.frozen((reader) => reader.dirtyDays())).days.length, 1);
    await t.throwsAsync(archive.lead(1), { instanceOf: FencedOff }, 'nor does it take the lead back');
    await t.throwsAsync(archive.lead(2), { instanceOf: FencedOff }, 'not with the same fence either');
    t.is((await eventsIn(next)).length, 2);
    t.is((await next.absorb(await beginRun(next, 3000), [recordOf('c', [{}])])).added, 1);
    await archive.lead(3);
    t.is((await archive.absorb(await beginRun(archive, 4000), [recordOf('d', [{}])])).added, 1);
  },
);

onBoth('a consistent read does not change while it runs', async (t, { archive }) => {
  await archive.absorb(await beginRun(archive), [recordOf('a', [{}])]);
  let absorbed: Promise<unknown> = Promise.resolve();
  const [before, after] = await archive.frozen(async (reader) => {
    const first = await everything(reader);
    absorbed = beginRun(archive, 2000).then((run) => archive.absorb(run, [recordOf('b', [{}])]));
    // Long enough for PostgreSQL to commit it; SQLite makes it wait.
    await Promise.race([absorbed, new Promise((resolve) => setTimeout(resolve, 300))]);
    return [first, await everything(reader)];
  });
  t.deepEqual(after, before);
  await absorbed;
  t.is((await eventsIn(archive)).length, 2);
});

onBoth('slices can be read concurrently', async (t, { archive }) => {
  const run = await beginRun(archive);
  await archive.absorb(
    run,
    Array.from({ length: 50 }, (_, i) => recordOf(String(i), [{ start: evening + i * 24 * hourMs }])),
  );
  const first = dayOf(evening);
  const slices = await archive.frozen((reader) =>
    Promise.all(Array.from({ length: 50 }, (_, i) => reader.slice(first + i, first + i + 1))),
  );
  t.deepEqual(
    slices.map(({ rows }) => rowCount(rows)),
    Array.from({ length: 50 }, () => 1),
  );
});

onBoth('providers do not see each other', async (t, { archive }) => {
  for (const name of ['one', 'two']) {
    const run = await beginRun(archive, 1000, name);
    await archive.absorb(run, [recordOf('same', [{ provider: name, title: name }])]);
  }
  const run = await beginRun(archive, 2000, 'one');
  await archive.absorb(run, [recordOf('other', [{ provider: 'one' }])]);
  t.is((await archive.withdrawUnseen(run, 1, freely)).withdrawn, 1);
  t.deepEqual((await titlesIn(archive)).toSorted(), ['A night', 'one', 'two']);
  t.not(idOf('same', '1', 'one'), idOf('same', '1', 'two'));
});

test.serial(
  'tables that were created in part are completed by the next process that opens them',
  async (t) => {
    const directory = await mkdtemp(join(tmpdir(), 'marquee-archive-'));
    t.teardown(() => rm(directory, { recursive: true, force: true }));
    const path = join(directory, 'archive.sqlite');
    await (await openArchive(`sqlite:${path}`)).close();
    const database = new DatabaseSync(path);
    // As when it died before it could record that the migrations were complete.
    database.exec('delete from kysely_migration');
    database.exec('drop table version_counter; drop table quarantine; delete from leader');
    database.close();
    const archive = await openArchive(`sqlite:${path}`);
    t.teardown(() => archive.close());
    await archive.lead(1);
    t.is((await archive.nextVersion(0)).version, 1);
    await archive.absorb(await beginRun(archive), [faultyRecord('a', '1')]);
    t.is(await archive.quarantineSize(provider), 1);
  },
);

onBoth('facts stored without a capacity have that of their zones, or none', async (t, { archive }) => {
  const { hash: zonesHash, text } = zoneSetOf(
    [7, 5, null].map((capacity) => ({ zoneId: null, name: null, capacity, price: 1250, numbered: null })),
  );
  const olderRecord = (baseId: string, zones: string, key: string): AbsorbRecord => {
    const record = recordOf(baseId, [{}]);
    const parsed = parsedOf(record);
    const { capacity, ...facts } = parsed.observations[0]!.facts;
    t.is(capacity, 100);
    const observations = [
      { ...parsed.observations[0]!, facts: { ...facts, zonesHash: key }, zonesText: zones },
    ];
    return { ...record, ...inBatch({ ...parsed, observations }) };
  };
  await archive.absorb(await beginRun(archive, 1000), [
    olderRecord('whole', text, zonesHash),
    olderRecord('damaged', 'no zones', 'x'),
    recordOf('new', [{}]),
  ]);
  const capacities = async (): Promise<(number | null)[]> =>
    (await eventsIn(archive))
      .toSorted((a, b) => (a.baseId < b.baseId ? -1 : 1))
      .map((event) => event.capacity);
  t.deepEqual(await capacities(), [null, 100, 12]);
  // The same event read by this version does not change it: only its zones can change its capacity.
  const record = olderRecord('whole', text, zonesHash);
  const parsed = parsedOf(record);
  const [one] = parsed.observations;
  const observations = [{ ...one!, facts: { ...one!.facts, capacity: 12 } }];
  const again = { ...record, hash: 'again', ...inBatch({ ...parsed, observations }) };
  t.like(await archive.absorb(await beginRun(archive, 2000), [again]), { added: 0, changed: 0 });
  t.deepEqual(await capacities(), [null, 100, 12]);
});
