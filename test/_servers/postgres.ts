// A real PostgreSQL without fsync: fast, and not safe after a power loss, which no test simulates.

import { execFile } from 'node:child_process';
import { hash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { isInstalled, programAt } from '../_programs/catalog.ts';
import { root } from '../_run/run.ts';
import type { Ending } from './ending.ts';
import { directoryFor, freePort, startProgram, until, type Program } from './server.ts';

const run = promisify(execFile);
/** Next to what other tools of the tests keep; `make clean` deletes it. */
const clusters = join(root, 'node_modules/.cache/marquee-postgres');

export const postgresIsHere = isInstalled('postgres') && isInstalled('initdb');

interface User {
  readonly uid: number;
  readonly gid: number;
}

export interface PostgresServer {
  /** Creates an empty database, or a copy of the one at the URL `like`, to which nobody is connected, and returns its URL. */
  database(like?: string): Promise<string>;
  /** Runs a statement in the database at `url`, on a connection of its own. */
  ask(url: string, statement: string): Promise<Record<string, unknown>[]>;
  /** Closes every connection at once and stops; committed data stays. */
  stop(): Promise<void>;
  /** The same with SIGKILL. */
  kill(): Promise<void>;
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Starts again after `stop` or `kill`, on the same port. */
  start(): Promise<void>;
}

export async function startPostgres(ending: Ending): Promise<PostgresServer> {
  const directory = join(await directoryFor(ending), 'cluster');
  const port = await freePort();
  const user = await ownUser();
  const base = `postgres://postgres@127.0.0.1:${port}`;
  await createCluster(directory, user);
  let program: Program | null = null;
  let databases = 0;
  ending.teardown(async () => {
    // A server that is killed leaves its shared memory to the machine, so it ends by itself where it can.
    const killed = setTimeout(() => void program?.kill('SIGKILL'), 5000);
    await program?.kill('SIGQUIT');
    clearTimeout(killed);
  });

  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    // Next to its data, so that it is removed with them, also after a SIGKILL.
    dynamic_shared_memory_type: 'mmap',
    // Committed data survives a crash of the server, but not of the machine.
    synchronous_commit: 'on',
    full_page_writes: 'off',
    shared_buffers: '64MB',
    max_connections: 60,
    autovacuum: 'off',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

  async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 3000 });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(statement)).rows;
    } finally {
      await client.end();
    }
  }

  /** Copying files takes a tenth of the processor time of writing each page to the log, which is the default from 15 on. */
  async function copying(): Promise<string> {
    const [row] = await ask(
      `${base}/postgres`,
      `select current_setting('server_version_num')::int as version`,
    );
    return Number(row?.['version']) >= 150_000 ? 'strategy file_copy' : '';
  }

  async function start(): Promise<void> {
    // After a SIGKILL, the remaining children of the old server release its shared memory within moments.
    await until('PostgreSQL answers', async () => {
      program = startProgram(programAt('postgres') ?? '', ['-D', directory, ...args], { user });
      const { output } = program;
      await until('it lets somebody in', () => ask(`${base}/postgres`, 'select 1'), 10_000).catch(
        async (error: unknown) => {
          await program?.kill('SIGKILL');
          throw new Error(output(), { cause: error });
        },
      );
    });
  }

  await start();
  const strategy = await copying();
  return {
    ask,
    start,
    async database(like) {
      const name = `marquee_${++databases}`;
      const template = like === undefined ? '' : `template ${new URL(like).pathname.slice(1)}`;
      await ask(`${base}/postgres`, `create database ${name} ${template} ${strategy}`);
      return `${base}/${name}`;
    },
    async stop() {
      await program?.kill('SIGQUIT');
    },
    async kill() {
      await program?.kill('SIGKILL');
    },
    async freeze() {
      await program?.freeze();
    },
    async thaw() {
      await program?.thaw();
    },
  };
}

/** A copy of the cluster that the first test file has created: copying takes a tenth of creating. */
async function createCluster(directory: string, user: User | undefined): Promise<void> {
  const initdb = programAt('initdb') ?? '';
  const { mtimeMs } = await stat(initdb);
  const first = join(clusters, hash('sha256', JSON.stringify([initdb, mtimeMs]), 'hex').slice(0, 16));
  if (existsSync(first)) {
    await cp(first, directory, { recursive: true });
    if (user !== undefined) await run('chown', ['-R', `${user.uid}:${user.gid}`, directory]);
    await chmod(directory, 0o700);
    return;
  }
  await mkdir(directory, { mode: 0o700 });
  if (user !== undefined) await chown(directory, user.uid, user.gid);
  await run(
    initdb,
    ['-D', directory, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
    {
      cwd: '/tmp',
      ...user,
    },
  );
  // Files may share a process.
  const own = `${first}.${randomUUID()}`;
  await cp(directory, own, { recursive: true });
  // Another file may have been faster.
  await rename(own, first).catch(() => rm(own, { recursive: true }));
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package created. */
export async function ownUser(): Promise<User | undefined> {
  if (userInfo().uid !== 0) return undefined;
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)),
  );
  return { uid: uid ?? 0, gid: gid ?? 0 };
}
