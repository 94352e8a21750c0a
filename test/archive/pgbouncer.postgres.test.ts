// The archive behind PgBouncer in transaction mode: connections lack Marquee's parameters, and sessions are shared.

import { Kysely, sql } from 'kysely';
import test, { type ExecutionContext } from 'ava';
import { openArchive, type Archive } from '#/archive/archive.ts';
import { FencedOff } from '#/archive/leader.ts';
import { postgresDialect } from '#/archive/postgres.ts';
import { pgbouncerIsHere, startPgbouncer } from '../_servers/pgbouncer.ts';
import { postgresIsHere, startPostgres, type PostgresServer } from '../_servers/postgres.ts';
import { eventsIn } from '../_support/events-in.ts';
import { beginRun, recordOf } from './_observed.ts';

const check = postgresIsHere && pgbouncerIsHere ? test.serial : test.serial.skip;

async function pooled(
  t: ExecutionContext,
): Promise<{ postgres: PostgresServer; direct: string; url: string }> {
  const postgres = await startPostgres(t);
  const direct = await postgres.database();
  return { postgres, direct, url: await startPgbouncer(t, postgres, direct, 3) };
}

const opened = async (t: ExecutionContext, url: string): Promise<Archive> => {
  const archive = await openArchive(url);
  t.teardown(() => archive.close());
  return archive;
};

check('hosts start together behind a pooler, lead, absorb and read, and leave no lock behind', async (t) => {
  const { postgres, direct, url } = await pooled(t);
  const [first, second] = (await Promise.all(Array.from({ length: 4 }, () => opened(t, url)))) as [
    Archive,
    Archive,
  ];
  await first.lead(1);
  t.is((await first.absorb(await beginRun(first), [recordOf('a', [{}])])).added, 1);
  await second.lead(2);
  await t.throwsAsync(first.absorb(await beginRun(first), [recordOf('late', [{}])]), {
    instanceOf: FencedOff,
  });
  // More concurrent calls than there are connections to the server.
  const runs = await Promise.all(Array.from({ length: 12 }, () => beginRun(second)));
  await Promise.all(runs.map((run, i) => second.absorb(run, [recordOf(`b${i}`, [{}])])));
  t.is((await eventsIn(second)).length, 13);
  t.deepEqual(await postgres.ask(direct, `select pid from pg_locks where locktype = 'advisory'`), []);
});

check('deadlines hold for each transaction, and for no other client of the pooler', async (t) => {
  const { postgres, direct, url } = await pooled(t);
  const db = new Kysely<object>({ dialect: postgresDialect(url, () => undefined) });
  t.teardown(() => db.destroy());
  const settings = sql<object>`select current_setting('statement_timeout') as statement,
    current_setting('idle_in_transaction_session_timeout') as idle, current_setting('transaction_isolation') as isolation,
    current_setting('transaction_read_only') as readonly`;
  const own = { statement: '1min', idle: '1min' };
  const reading = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
  const seen = async (transaction: typeof reading): Promise<object[]> =>
    (await transaction.execute((tx) => settings.execute(tx))).rows;
  t.deepEqual(await seen(db.transaction()), [{ ...own, isolation: 'read committed', readonly: 'off' }]);
  t.deepEqual(await seen(reading), [{ ...own, isolation: 'repeatable read', readonly: 'on' }]);
  const archive = await opened(t, url);
  const defaults = await postgres.ask(direct, 'show statement_timeout');
  await archive.absorb(await beginRun(archive), [recordOf('a', [{}])]);
  for (let i = 0; i < 6; i++) t.deepEqual(await postgres.ask(url, 'show statement_timeout'), defaults);
});
