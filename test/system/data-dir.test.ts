// One system per DATA_DIR, and one clear fault when the directory cannot be used.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { isLong, longTest } from '../_support/long.ts';
import { claimDataDir } from '#/actor/data-dir.ts';
import { Locked, lockUntilExit } from '#/archive/directory-lock.ts';
import { ConfigError } from '#/config-fault.ts';
import { readConfig } from '#/config.ts';
import { directoryFor, freePort, root, run, startSystem, until, type Running } from './_system.ts';

const quiet = {
  PROVIDER_URL: 'http://127.0.0.1:1/feed',
  HOST: '127.0.0.1',
  API_WORKERS: '1',
  STOP_PAUSE_SECONDS: '0',
};

async function start(t: ExecutionContext, environment: Record<string, string>): Promise<Running> {
  const [port, adminPort] = [await freePort(), await freePort()];
  return run(t, 'src/main.ts', { ...quiet, PORT: `${port}`, ADMIN_PORT: `${adminPort}`, ...environment });
}

test('a second system on the same directory exits with 78 and names the first; SIGKILL releases the lock', async (t) => {
  const directory = await directoryFor(t);
  const dataDir = join(directory, 'new', 'data');
  const first = await startSystem(t, { ...quiet, DATA_DIR: dataDir });
  const second = await start(t, { DATA_DIR: dataDir });
  t.is(await second.ended, 78, second.output());
  t.regex(
    second.errors(),
    RegExp(
      `DATA_DIR: got ".*", expected one that no other .*: the process ${first.pid} on ${hostname()} uses it since \\d`,
    ),
  );
  t.notRegex(second.errors(), /^\s+at /m);
  await first.search();

  // Its children may outlive it for a moment.
  first.kill('SIGKILL');
  await first.ended.catch(() => undefined);
  const environment = { ...quiet, DATA_DIR: dataDir };
  if (isLong) {
    const third = await startSystem(t, environment);
    third.kill('SIGTERM');
    t.is(await third.ended, 0, third.output());
  } else {
    const config = readConfig(environment);
    await t.notThrowsAsync(claimDataDir(config, config.roles, Date.now), 'the first step of a start');
  }
});

longTest(test)(
  'a lock file without its holder does not prevent a start, whatever process has its pid now',
  async (t) => {
    const directory = await directoryFor(t);
    for (const role of ['api', 'ingest']) {
      await writeFile(join(directory, `${role}.lock`), '');
      const holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
      await writeFile(join(directory, `${role}.lock.json`), JSON.stringify(holder));
    }
    const system = await startSystem(t, { ...quiet, DATA_DIR: directory });
    const holder: unknown = JSON.parse(await readFile(join(directory, 'ingest.lock.json'), 'utf8'));
    t.like(holder, { pid: system.pid, host: hostname() });
  },
);

longTest(test)('of systems that start together, exactly one runs', async (t) => {
  const directory = await directoryFor(t);
  const systems = await Promise.all(Array.from({ length: 3 }, () => start(t, { DATA_DIR: directory })));
  const ended: Running[] = [];
  for (const system of systems) void system.ended.then(() => ended.push(system));
  await until('all but one have ended', () => ended.length === 2);
  const winner = systems.find((system) => !ended.includes(system))!;
  await until('it runs', () => winner.output().includes('search at'));
  for (const loser of ended) {
    t.is(await loser.ended, 78, loser.output());
    t.regex(loser.errors(), RegExp(`the process ${winner.pid} on`));
  }
});

longTest(test)('an archive that two directories share is used by one system', async (t) => {
  const directory = await directoryFor(t);
  const archive = { ARCHIVE_URL: `sqlite:${join(directory, 'shared.sqlite')}` };
  const into = join(directory, 'one');
  const first = await startSystem(t, { ...quiet, ...archive, DATA_DIR: into, ROLES: 'ingest' });
  const second = await start(t, { ...archive, DATA_DIR: join(directory, 'other') });
  t.is(await second.ended, 78, second.output());
  t.regex(second.errors(), RegExp(`ARCHIVE_URL: got "sqlite:.*: the process ${first.pid} on`));
});

test('a lock names its holder, and leaves no journal', async (t) => {
  const directory = await directoryFor(t);
  const holder = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `const { lockUntilExit } = await import('#/archive/directory-lock.ts');
       await lockUntilExit(${JSON.stringify(join(directory, 'ingest.lock'))}, Date.now);
       console.log('locked');
       setInterval(() => undefined, 1000);`,
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  t.teardown(() => void holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  const refused = await t.throwsAsync(lockUntilExit(join(directory, 'ingest.lock'), Date.now), {
    instanceOf: Locked,
  });
  t.regex(refused.message, RegExp(`the process ${holder.pid} on`));
  t.false((await readdir(directory)).some((name) => name.endsWith('-journal')));
});

const nobody = 65_534;
/** Whether every user may enter the directory, and those that it is in: a checkout in the home of root is closed to others. */
function isOpenToAll(path: string): boolean {
  const isOpen = (statSync(path).mode & 0o001) !== 0;
  return isOpen && (dirname(path) === path || isOpenToAll(dirname(path)));
}

const asRoot = process.getuid?.() === 0 && isOpenToAll(root) ? test : test.skip;

/** Starts the system as another user, and returns its output when it has exited with 78. */
async function refusedAs(t: ExecutionContext, user: number, dataDir: string): Promise<string> {
  const child = spawn(process.execPath, [join(root, 'src/main.ts')], {
    env: { ...quiet, PORT: '0', ADMIN_PORT: '0', DATA_DIR: dataDir },
    cwd: root,
    uid: user,
    gid: user,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.teardown(() => void child.kill('SIGKILL'));
  let told = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (more: string) => (told += more));
  const [code] = (await once(child, 'close')) as [number];
  t.is(code, 78, told);
  t.notRegex(told, /^\s+at /m);
  t.is(told.trimEnd().split('\n').length, 2, told);
  return told;
}

asRoot(
  "a directory of another user, or an archive of another user's in it, is one fault at the start",
  async (t) => {
    const directory = await directoryFor(t);
    await chmod(directory, 0o755);
    const [theirs, ours] = [join(directory, 'theirs'), join(directory, 'ours')];
    await mkdir(theirs, { mode: 0o755 });
    t.regex(
      await refusedAs(t, nobody, theirs),
      /DATA_DIR: got ".*theirs", expected a directory that the user 65534 can write to: EACCES/,
    );
    t.regex(
      await refusedAs(t, nobody, join(theirs, 'below')),
      /expected a directory that the user 65534 can write to: EACCES/,
    );
    await mkdir(ours);
    await chown(ours, nobody, nobody);
    await writeFile(join(ours, 'archive.sqlite'), '', { mode: 0o644 });
    t.regex(
      await refusedAs(t, nobody, ours),
      /expected archive\.sqlite in it writable for the user 65534: EACCES/,
    );
  },
);

/** The fault of a start on this directory, whose exit code is that of the tests above. */
async function faultOf(t: ExecutionContext, dataDir: string): Promise<string> {
  const config = readConfig({ ...quiet, DATA_DIR: dataDir });
  const fault = await t.throwsAsync(claimDataDir(config, config.roles, Date.now), {
    instanceOf: ConfigError,
  });
  t.is(fault.faults.length, 1);
  return fault.message;
}

test('a file instead of a directory is one fault at the start', async (t) => {
  const file = join(await directoryFor(t), 'file');
  await writeFile(file, '');
  for (const dataDir of [file, join(file, 'below')])
    t.regex(
      await faultOf(t, dataDir),
      /DATA_DIR: got ".*file.*", expected a directory that the user \d+ can write to: /,
    );
});

test('a read-only file system is one fault at the start', async (t) => {
  t.regex(await faultOf(t, '/proc/sys'), /DATA_DIR: got "\/proc\/sys", expected .*: /);
});
