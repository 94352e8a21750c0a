// Failures of PostgreSQL: closed connections, a stopped server, hosts that start together, a leader that is suspended with an
// open transaction.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { migrations } from '#/archive/tables/migrations.ts';
import { openArchive, type Archive } from '#/archive/archive.ts';
import { endingOf } from '../_servers/ending.ts';
import { postgresIsHere, startPostgres, type PostgresServer } from '../_servers/postgres.ts';
import { isLong } from '../_support/long.ts';
import { eventsIn } from '../_support/events-in.ts';
import { beginRun, recordOf } from './_observed.ts';

const check = postgresIsHere ? test.serial : test.serial.skip;

/** One server for all tests: each leaves it running. */
let postgres: PostgresServer;
const ending = endingOf(test);
test.before(async () => {
  if (postgresIsHere) postgres = await startPostgres(ending);
});

const opened = async (t: ExecutionContext, url: string, lost?: (error: Error) => void): Promise<Archive> => {
  const archive = await openArchive(url, lost);
  t.teardown(() => archive.close());
  return archive;
};

check('hosts that start together on an empty database bring it up to date once', async (t) => {
  for (let times = 0; times < (isLong ? 5 : 2); times++) {
    const url = await postgres.database();
    const archives = await Promise.all(Array.from({ length: 4 }, () => opened(t, url)));
    for (const [i, archive] of archives.entries()) {
      const run = await beginRun(archive);
      t.is((await archive.absorb(run, [recordOf(String(i), [{}])])).added, 1);
    }
    const applied = await postgres.ask(url, 'select name from kysely_migration order by name');
    t.deepEqual(
      applied.map(({ name }) => name),
      Object.keys(migrations),
    );
  }
});

check('after its connections were cut, the next call works', async (t) => {
  const url = await postgres.database();
  let lost = 0;
  const archive = await opened(t, url, () => void lost++);
  await archive.absorb(await beginRun(archive), [recordOf('a', [{}])]);
  const cut = (): Promise<unknown> =>
    postgres.ask(
      url,
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'marquee'`,
    );
  for (let times = 1; times <= 3; times++) {
    await cut();
    await sleep(50);
    t.is((await archive.absorb(await beginRun(archive), [recordOf(`after ${times}`, [{}])])).added, 1);
  }
  t.true(lost > 0, 'and it was reported');
  // In the middle of a transaction: that one fails and has no effect.
  const read = archive.frozen(async (reader) => {
    await reader.dirtyDays();
    await cut();
    await sleep(50);
    return reader.dirtyDays();
  });
  await t.throwsAsync(read);
  t.is((await eventsIn(archive)).length, 4);
});

check('with the server away calls fail in time, and work again once it is back', async (t) => {
  const url = await postgres.database();
  const archive = await opened(t, url);
  await archive.absorb(await beginRun(archive), [recordOf('a', [{}])]);
  for (const how of ['stop', 'kill'] as const) {
    await postgres[how]();
    const begun = performance.now();
    const calls = [
      beginRun(archive),
      archive.fence(),
      archive.lastPublished(),
      archive.frozen((reader) => reader.dirtyDays()),
    ];
    for (const call of await Promise.allSettled(calls)) t.is(call.status, 'rejected');
    await t.throwsAsync(openArchive(url));
    t.log(`${how}: all calls failed within ${Math.round(performance.now() - begun)} ms`);
    t.true(performance.now() - begun < 6000);
    await postgres.start();
    const startedAt = performance.now();
    // The end of an idle connection may not have been noticed: then the first call fails, as a run would.
    const run = await beginRun(archive).catch(() => beginRun(archive));
    t.is((await archive.absorb(run, [recordOf(how, [{}])])).added, 1);
    t.true(performance.now() - startedAt < 5000);
  }
});

check(
  'with the server suspended, a new connection times out, and everything works again afterwards',
  async (t) => {
    const url = await postgres.database();
    const archive = await opened(t, url);
    await archive.fence();
    await postgres.freeze();
    t.teardown(() => postgres.thaw());
    const begun = performance.now();
    const waiting = archive.fence();
    waiting.catch(() => undefined);
    await t.throwsAsync(openArchive(url));
    t.log(`a new connection was given up after ${Math.round(performance.now() - begun)} ms`);
    t.true(performance.now() - begun < 12_000);
    await postgres.thaw();
    await t.notThrowsAsync(waiting, 'what was asked meanwhile is answered');
    t.is((await archive.absorb(await beginRun(archive), [recordOf('a', [{}])])).added, 1);
  },
);

check(
  'a leader that is suspended with an open transaction does not block the next leader, and its writes are refused',
  async (t) => {
    const url = await postgres.database();
    const archive = await opened(t, url);
    const path = fileURLToPath(new URL('_slow-leader.ts', import.meta.url));
    const stuck = spawn(process.execPath, [path, url, '1', '9000'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const gone = once(stuck, 'close');
    t.teardown(async () => {
      stuck.kill('SIGKILL');
      await gone;
    });
    let said = '';
    stuck.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    await once(stuck.stdout, 'data');
    const begun = performance.now();
    await archive.lead(2);
    t.log(`another took the lead after ${Math.round(performance.now() - begun)} ms`);
    t.true(performance.now() - begun < 6000);
    await archive.absorb(await beginRun(archive), [recordOf('in time', [{}])]);
    await gone;
    const [, first, second] = said.split('\n');
    t.regex(first ?? '', /^refused: /);
    t.regex(second ?? '', /^refused again: FencedOff/);
    const rows = await postgres.ask(url, 'select base_id from known_event');
    t.deepEqual(rows, [{ base_id: 'in time' }]);
  },
);

const segments = '/proc/sysvipc/shm';

const checkOnLinux = postgresIsHere && existsSync(segments) ? test.serial : test.serial.skip;

checkOnLinux('a server of the tests leaves no shared memory behind', async (t) => {
  const ends: (() => void | Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  t.teardown(stop);
  const own = await startPostgres({ teardown: (end) => void ends.push(end) });
  await own.kill();
  await own.start();
  const [found] = await own.ask(await own.database(), 'show data_directory');
  // Its seventh line has the key and the number of its segment.
  const lines = (await readFile(`${String(found!['data_directory'])}/postmaster.pid`, 'utf8')).split('\n');
  const segment = Number(lines[6]!.trim().split(/ +/)[1]);
  const exists = async (): Promise<boolean> =>
    (await readFile(segments, 'utf8'))
      .split('\n')
      .some((line) => Number(line.trim().split(/ +/)[1]) === segment);
  t.true(await exists());
  await stop();
  t.false(await exists());
});
