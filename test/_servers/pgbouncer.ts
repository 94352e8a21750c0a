// A real PgBouncer in transaction mode, in front of a PostgreSQL: each transaction may run on another connection.

import { chmod, chown, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { isInstalled, programAt } from '../_programs/catalog.ts';
import type { Ending } from './ending.ts';
import { ownUser, type PostgresServer } from './postgres.ts';
import { directoryFor, freePort, startProgram, until } from './server.ts';

export const pgbouncerIsHere = isInstalled('pgbouncer');

/** Returns the URL of the database at `url` through PgBouncer, which has this many connections to the server. */
export async function startPgbouncer(
  ending: Ending,
  postgres: PostgresServer,
  url: string,
  connections: number,
): Promise<string> {
  const directory = await directoryFor(ending);
  const port = await freePort();
  const { port: postgresPort, pathname } = new URL(url);
  const [ini, users] = [join(directory, 'pgbouncer.ini'), join(directory, 'users.txt')];
  await writeFile(users, '"postgres" ""\n');
  await writeFile(
    ini,
    [
      '[databases]',
      `* = host=127.0.0.1 port=${postgresPort}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = trust',
      `auth_file = ${users}`,
      'pool_mode = transaction',
      `default_pool_size = ${connections}`,
      'max_client_conn = 100',
      '',
    ].join('\n'),
  );
  const user = await ownUser();
  if (userInfo().uid === 0 && user !== undefined) {
    for (const path of [directory, ini, users]) await chown(path, user.uid, user.gid);
  }
  await chmod(directory, 0o700);
  const program = startProgram(programAt('pgbouncer') ?? '', [ini], { user });
  ending.teardown(() => program.kill('SIGKILL'));
  const pooled = `postgres://postgres@127.0.0.1:${port}${pathname}`;
  await until('PgBouncer answers', () => postgres.ask(pooled, 'select 1')).catch((error: unknown) => {
    throw new Error(program.output(), { cause: error });
  });
  return pooled;
}
