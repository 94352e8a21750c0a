// A replay of the feeds that ingest has kept: a new archive, and an identical catalogue.

import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test, { type ExecutionContext } from 'ava';
import { openArchive } from '#/archive/archive.ts';
import { lockUntilExit } from '#/archive/directory-lock.ts';
import { readIndex, type BodyEntry } from '#/provider/bodies/entry.ts';
import type { SegmentEntry } from '#/snapshot/manifest.ts';
import { openLocalStore } from '#/store/local.ts';
import { base, feed, feedOf, plan, record, zones, type Dialect, type FeedBase } from '../_support/feeds.ts';
import { endingOf } from '../_servers/ending.ts';
import { isLong, longTest } from '../_support/long.ts';
import { directoryFor, run, until, type Environment, type Running } from './_system.ts';

/** Rows of the archive in `dataDir`; empty while there is no archive. */
function rows(dataDir: string, sql: string): Record<string, unknown>[] {
  try {
    const database = new DatabaseSync(join(dataDir, 'archive.sqlite'), { readOnly: true });
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  } catch {
    return [];
  }
}

const events = (dataDir: string): unknown[] =>
  rows(
    dataDir,
    'select id, record_key, listing, facts, first_seen_at, changed_at from known_event order by id',
  );
const journal = (dataDir: string): unknown[] =>
  rows(dataDir, 'select event_id, at, kind, before, after from history order by event_id, seq');

async function segments(dataDir: string): Promise<readonly SegmentEntry[]> {
  const store = await openLocalStore(join(dataDir, 'snapshots'));
  return (await store.retrieveManifest((await store.currentVersion())!)).segments;
}

const bodiesOf = async (dataDir: string): Promise<readonly BodyEntry[]> =>
  (await readIndex(join(dataDir, 'bodies', 'runs'))).entries;

interface Served {
  readonly body: string;
  /** The length after which the body stops; the connection may break shortly after. */
  readonly cutAt?: number;
  readonly thenStalls?: true;
  /** Called at the request, before the answer is sent. */
  readonly asked?: () => void;
}

interface Server {
  urlOf(provider: string): string;
  serve(provider: string, served: Served): void;
}

/** Providers by path; one without a feed yet is unavailable. */
async function serverFor(t: ExecutionContext): Promise<Server> {
  const feeds = new Map<string, Served>();
  const server = createServer((request, response) => {
    const served = feeds.get((request.url ?? '').slice(1));
    if (served === undefined) {
      response.writeHead(503).end();
      return;
    }
    const { body, cutAt, thenStalls = false, asked } = served;
    asked?.();
    response.writeHead(200, {
      'Content-Type': 'application/xml',
      'Content-Length': Buffer.byteLength(body),
    });
    if (cutAt === undefined) response.end(body);
    else response.write(body.slice(0, cutAt));
    // The client must read the sent part before the connection breaks: it drops the rest.
    if (cutAt !== undefined && !thenStalls) setTimeout(() => response.destroy(), 500);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (provider) => `http://127.0.0.1:${port}/${provider}`,
    serve: (provider, served) => void feeds.set(provider, served),
  };
}

interface Ingest {
  readonly environment: Environment;
  readonly dataDir: string;
  readonly running: Running;
}

/** Ingest only, with providers of these dialects that are polled continuously. */
async function startIngest(
  t: ExecutionContext,
  directory: string,
  providers: readonly { name: string; url: string; format: Dialect }[],
): Promise<Ingest> {
  const file = join(directory, 'providers.json');
  const entries = providers.map((provider) => ({ ...provider, pollSeconds: 0.3, pollSecondsMax: 0.3 }));
  await writeFile(file, JSON.stringify({ providers: entries }));
  const dataDir = join(directory, 'data');
  const environment = {
    DATA_DIR: dataDir,
    PROVIDERS_FILE: file,
    INGEST_THREADS: isLong ? '2' : '1',
    LOG_LEVEL: 'warn',
  };
  return { environment, dataDir, running: run(t, 'src/ingest/ingest.ts', environment) };
}

/** Stops ingest once everything is published. */
async function stop({ dataDir, running }: Ingest, t: ExecutionContext): Promise<void> {
  await until('all is published', () => rows(dataDir, 'select day from dirty_day').length === 0);
  running.kill('SIGTERM');
  t.is(await running.ended, 0, running.output());
}

interface RunRow {
  readonly outcome: string;
  readonly code: string | null;
}

/** The first run that reads the feed from now on, when it has ended. */
async function tell(server: Server, dataDir: string, provider: string, served: Served): Promise<RunRow> {
  let first = 0;
  const asked = (): void => {
    first ||= Number(
      rows(dataDir, `select max(id) as id from feed_run where provider = '${provider}'`)[0]!['id'],
    );
  };
  server.serve(provider, { ...served, asked });
  let ended: Record<string, unknown> | undefined;
  await until(`${provider} has such a run`, () => {
    [ended] = rows(
      dataDir,
      `select outcome, code from feed_run where id = ${first} and ended_at is not null`,
    );
    return ended !== undefined;
  });
  return ended as unknown as RunRow;
}

function replay(t: ExecutionContext, environment: Environment, ...args: string[]): Running {
  return run(t, 'src/commands/feed-replay.ts', environment, args);
}

const shows = (from: number, to: number, given: Partial<FeedBase> = {}): FeedBase[] =>
  Array.from({ length: to - from + 1 }, (_, i) => {
    const day = `2021-07-${String(1 + ((from + i) % 28)).padStart(2, '0')}`;
    const plans = [
      plan({ id: '1', start: `${day}T20:00:00`, end: `${day}T22:00:00` }),
      plan({ id: '2', start: `${day}T23:00:00`, end: `${day}T23:30:00`, zones: zones('12.50', '40.00/0') }),
    ];
    return base({ id: String(from + i), title: `Show ${from + i}`, plans, ...given });
  });

interface Chapter {
  readonly provider: 'north' | 'south';
  readonly feed: string;
  readonly cutAt?: number;
  readonly ends: string;
  readonly code?: string;
  /** Approves what was held before. */
  readonly approved?: true;
}

const onePlan = { plans: [plan({ id: '1', start: '2021-08-01T20:00:00', end: '2021-08-01T22:00:00' })] };
const later = { plans: [plan({ id: '1', start: '2022-03-01T20:00:00', end: '2022-03-01T22:00:00' })] };
const held = 'withdrawals_held';

function story(): Chapter[] {
  const renamed = feed([...shows(1, 9), ...shows(10, 19, { title: 'Renamed' }), ...shows(20, 40)]);
  const shorter = `${feed([...shows(1, 20), ...shows(21, 25, later)])}${'\n'.repeat(100)}`;
  const south = (bases: FeedBase[]): string => feed(bases, 'event-list-xml');
  const impossible = base({ id: '77', plans: [plan({ start: '2021-09-31T20:00:00' })] });
  const torn = [
    ...shows(1, 5, later).map((one) => record(one, 'event-list-xml')),
    '<base_event base_event_id="6"',
  ];
  return [
    { provider: 'north', feed: feed(shows(1, 40)), ends: 'absorbed' },
    { provider: 'south', feed: south(shows(1, 30)), ends: 'absorbed' },
    // A plan vanishes, an event goes offline, another moves to the next year.
    {
      provider: 'north',
      feed: feed([
        ...shows(1, 1, onePlan),
        ...shows(2, 2, { sellMode: 'offline', title: 'Never shown' }),
        ...shows(3, 3, later),
        ...shows(4, 40),
      ]),
      ends: 'absorbed',
    },
    // The connection breaks after half of the renamed records.
    {
      provider: 'north',
      feed: renamed,
      cutAt: renamed.indexOf('base_plan_id="15"'),
      ends: 'incomplete',
      code: 'feed_truncated',
    },
    // It breaks after the last record: missing events must not be withdrawn.
    {
      provider: 'north',
      feed: shorter,
      cutAt: shorter.length - 50,
      ends: 'incomplete',
      code: 'feed_truncated',
    },
    { provider: 'south', feed: feedOf(torn, 'event-list-xml'), ends: 'incomplete' },
    { provider: 'south', feed: south([...shows(1, 28), impossible]), ends: 'absorbed' },
    // Too many events are missing: held, while new ones are taken.
    { provider: 'north', feed: feed([...shows(30, 40), ...shows(50, 51)]), ends: 'absorbed', code: held },
    { provider: 'north', feed: feed([...shows(5, 40), ...shows(50, 52)]), ends: 'absorbed' },
    { provider: 'south', feed: south(shows(1, 3)), ends: 'unchanged', code: held },
    { provider: 'south', feed: south(shows(1, 3)), ends: 'absorbed', approved: true },
    { provider: 'south', feed: south([...shows(1, 4), ...shows(5, 5, later)]), ends: 'absorbed' },
    // The prices of all shows are a hundred times as high: nothing of it is absorbed.
    {
      provider: 'south',
      feed: south(shows(1, 30)).replaceAll('.00"', '00.00"'),
      ends: 'incomplete',
      code: 'values_held',
    },
    // Held until the end.
    { provider: 'north', feed: feed(shows(50, 53)), ends: 'absorbed', code: held },
  ];
}

interface Kept {
  readonly directory: string;
  readonly dataDir: string;
  readonly environment: Environment;
}
const ending = endingOf(test);
let kept: Promise<Kept> | null = null;

/** What ingest has kept of the story, for both tests of it; ingest has stopped. */
const keptBodies = (t: ExecutionContext): Promise<Kept> => (kept ??= keepBodies(t));

async function keepBodies(t: ExecutionContext): Promise<Kept> {
  const directory = await directoryFor(ending);
  const server = await serverFor(t);
  const ingest = await startIngest(t, directory, [
    { name: 'north', url: server.urlOf('north'), format: 'plan-list-xml' },
    { name: 'south', url: server.urlOf('south'), format: 'event-list-xml' },
  ]);
  const { dataDir, environment } = ingest;
  for (const [i, { provider, feed: body, cutAt, ends, code, approved }] of story().entries()) {
    if (approved === true) {
      const archive = await openArchive(`sqlite:${join(dataDir, 'archive.sqlite')}`);
      const withdrawals = `select id from feed_run where provider = '${provider}' and counts ->> '$.withdrawn' > 0`;
      const before = rows(dataDir, withdrawals).length;
      t.truthy(await archive.approve(provider));
      await archive.close();
      // The feed is the one before: any run from now on carries out the approval.
      await until('it is withdrawn', () => rows(dataDir, withdrawals).length > before);
      continue;
    }
    const served = cutAt === undefined ? { body } : { body, cutAt };
    const { outcome, code: seen } = await tell(server, dataDir, provider, served);
    t.is(outcome, ends, `chapter ${i}`);
    if (code !== undefined) t.is(seen, code);
  }
  await stop(ingest, t);
  return { directory, dataDir, environment };
}

test.serial(
  'the kept bodies give the identical catalogue, journal and listings, in both dialects',
  async (t) => {
    t.timeout(150_000);
    const { directory, dataDir, environment } = await keptBodies(t);
    const into = join(directory, 'replayed');
    const replayed = replay(t, environment, '--into', into);
    t.is(await replayed.ended, 0, replayed.output());
    t.deepEqual(await segments(into), await segments(dataDir));
    t.deepEqual(events(into), events(dataDir));
    t.deepEqual(journal(into), journal(dataDir));
    t.true(events(into).length > 100);

    const lines = replayed.output().trim().split('\n');
    t.is(lines.length, (await bodiesOf(dataDir)).length + 2);
    t.regex(lines[0]!, /^north: body 1 of run \d+, .*Z: absorbed, 80 added, 0 changed/);
    t.regex(lines.at(-2)!, /^version 1: \d+ events, \d+ segments$/);
    t.regex(lines.at(-1)!, /^sha256 [0-9a-f]{64}$/);

    // A dry run: nothing differs; then the settings of one provider are others, and nothing is written.
    const same = replay(t, environment, '--against');
    t.is(await same.ended, 0, same.output());
    t.regex(same.output(), /^0 changed, 0 added, 0 absent$/m);
    const known = events(dataDir);
    const other = join(directory, 'other.json');
    const file = JSON.parse(await readFile(environment['PROVIDERS_FILE']!, 'utf8')) as {
      providers: object[];
    };
    const [north, ...others] = file.providers;
    await writeFile(
      other,
      JSON.stringify({ providers: [{ ...north, timeZone: 'Europe/Madrid' }, ...others] }),
    );
    const differs = replay(t, { ...environment, PROVIDERS_FILE: other }, '--against');
    t.is(await differs.ended, 2, differs.output());
    const [, changed = '0'] = /^(\d+) changed, 0 added, 0 absent$/m.exec(differs.output()) ?? [];
    t.is(differs.output().match(/^north: base .*: would change$/gm)?.length, Number(changed));
    t.true(Number(changed) > 50);
    t.notRegex(differs.output(), /^south: base/m);
    t.regex(differs.output(), /^ {2}start: "2021-07-\d\dT20:00:00.000Z" -> "2021-07-\d\dT18:00:00.000Z"$/m);
    t.deepEqual(events(dataDir), known);
  },
);

longTest(test.serial)('records that a killed ingest had absorbed are in the replay as well', async (t) => {
  t.timeout(150_000);
  const directory = await directoryFor(t);
  const nights = isLong ? 6000 : 3000;
  const bases = Array.from({ length: nights }, (_, i) =>
    base({ id: String(i + 1), title: `Night ${i + 1}` }),
  );
  const whole = feed(bases);
  const next = feed(bases.slice(10));
  const server = await serverFor(t);
  server.serve('default', { body: whole, cutAt: Math.floor(whole.length * 0.9), thenStalls: true });
  const providers = [{ name: 'default', url: server.urlOf('default'), format: 'plan-list-xml' as const }];
  const first = await startIngest(t, directory, providers);
  const count = (): number =>
    Number(rows(first.dataDir, 'select count(*) as nights from known_event')[0]?.['nights'] ?? 0);
  await until('a part is absorbed', () => count() >= nights / 2);
  first.running.kill('SIGKILL');
  await first.running.ended;
  t.true(count() < nights);

  server.serve('default', { body: next });
  const second = await startIngest(t, directory, providers);
  await until('all is absorbed', () => count() === nights);
  await stop(second, t);

  const into = join(directory, 'replayed');
  const replayed = replay(t, second.environment, '--into', into);
  t.is(await replayed.ended, 0, replayed.output());
  t.regex(replayed.output(), /body 1 of a run that was killed, .*: incomplete \(killed\)/);
  t.deepEqual(await segments(into), await segments(second.dataDir));
  const listings = 'select id, listing from known_event order by id';
  t.deepEqual(rows(into, listings), rows(second.dataDir, listings));
});

test.serial('a replay that is not possible is refused, with its reason and without an archive', async (t) => {
  t.timeout(150_000);
  const { directory, dataDir, environment } = await keptBodies(t);
  const [{ hash }] = (await bodiesOf(dataDir)) as [BodyEntry];
  const into = join(directory, 'refused');
  const refused = async (exitCode: number, says: RegExp, given: Environment, ...args: string[]) => {
    const replayed = replay(t, given, ...args);
    t.is(await replayed.ended, exitCode, replayed.output());
    t.regex(replayed.errors(), says);
    t.false((await readdir(directory)).includes('refused'));
  };

  await refused(64, /Got no --into, expected a directory/, environment);
  if (isLong) {
    const help = replay(t, {}, '--help');
    t.is(await help.ended, 0);
    t.regex(help.output(), /^Usage: npx marquee replay --into DIRECTORY/);
    await refused(64, /Got --unto, .* Did you mean --into\?/, environment, '--unto', into);
    await refused(64, /which is not empty/, environment, '--into', dataDir);
    await refused(
      78,
      /FEED_BODIES_MEGABYTES: got "-1"/,
      { ...environment, FEED_BODIES_MEGABYTES: '-1' },
      '--into',
      into,
    );
    await refused(1, /Got no bodies in/, environment, '--into', into, '--from', directory);
    const taken = join(directory, 'taken');
    await mkdir(taken);
    await lockUntilExit(join(taken, 'ingest.lock'), Date.now);
    await refused(78, RegExp(`--into: got .*: the process ${process.pid} on`), environment, '--into', taken);
  }
  const others = { DATA_DIR: dataDir, PROVIDER_URL: 'http://127.0.0.1:9/' };
  await refused(1, /Got a body of the provider north, expected one of default/, others, '--into', into);

  const content = join(dataDir, 'bodies', 'content', hash);
  const bytes = await readFile(content);
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(content, bytes);
  await refused(1, new RegExp(hash), environment, '--into', into);
});
