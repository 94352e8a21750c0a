// A new configuration while the system runs: accepted completely, or not at all.

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { startStage, type Stage } from '../_chaos/stage.ts';
import { endingOf } from '../_servers/ending.ts';
import { directoryFor, until, type Owner } from './_system.ts';

interface Reloading extends Stage {
  write(variables: Record<string, string>, providers: readonly object[]): Promise<void>;
  /** Writes the file of variables and that of providers, and reloads both. */
  reload(
    variables: Record<string, string>,
    providers?: readonly object[],
  ): Promise<{ status: number; text: string }>;
  readonly startsFile: string;
  cacheControl(): Promise<string | null>;
  pids(): Promise<(number | null)[]>;
}

const ending = endingOf(test);
let shared: Promise<Reloading> | null = null;

/** One system for all tests of this file, in their order: the first has it as it started, each as the one before left it. */
const reloading = (): Promise<Reloading> => (shared ??= reloadingFor(ending));

test.afterEach.always('what it printed', async (t) => {
  if (!t.passed) t.log((await reloading()).system.output().split('\n').slice(-25).join('\n'));
});

async function reloadingFor(t: Owner): Promise<Reloading> {
  const directory = await directoryFor(t);
  const [envFile, providersFile] = [join(directory, 'marquee.env'), join(directory, 'providers.json')];
  const startsFile = join(directory, 'starts');
  const write = async (variables: Record<string, string>, providers: readonly object[]): Promise<void> => {
    const lines = Object.entries(variables).map(([name, value]) => `${name}='${value}'\n`);
    await writeFile(envFile, lines.join(''));
    await writeFile(providersFile, JSON.stringify({ providers }));
  };
  let first: readonly object[] = [];
  const stage = await startStage(t, async ({ url }) => {
    first = [{ name: 'stagedoor', url: `${url}/raw/feed?etag=0`, pollSeconds: 0.5 }];
    await write({ CACHE_CONTROL: 'max-age=1', API_WORKERS: '2' }, first);
    return {
      ENV_FILE: envFile,
      PROVIDERS_FILE: providersFile,
      STARTS_FILE: startsFile,
      STOP_PAUSE_SECONDS: '2',
    };
  });
  const { system } = stage;
  return {
    ...stage,
    write,
    startsFile,
    async reload(variables, providers = first) {
      await write(variables, providers);
      const answer = await fetch(`${system.adminUrl}/reload`, { method: 'POST' });
      return { status: answer.status, text: await answer.text() };
    },
    cacheControl: async () => (await fetch(`${system.url}/search`)).headers.get('cache-control'),
    pids: async () => (await system.status()).workers.map(({ pid }) => pid),
  };
}

test.serial('a configuration with faults is refused with all of them, and nothing changes', async (t) => {
  t.timeout(120_000);
  const stage = await reloading();
  const lastReload = async (): Promise<string[]> =>
    (await stage.system.metrics()).match(/(?<=^marquee_config_last_reload_success\w* )\S+$/gm) ?? [];
  const before = await stage.pids();
  const [, startedAt] = await lastReload();
  const faulty = await stage.reload(
    { CACHE_CONTROL: 'max-age=2', CONNECTIONS_MAX: 'many', CACHE_MEGABYTES: '-1' },
    [{ name: 'Not Fine', url: 'ftp://nowhere' }],
  );
  t.is(faulty.status, 400);
  for (const name of [
    'CONNECTIONS_MAX: got',
    'CACHE_MEGABYTES: got',
    'providers.0.name: got',
    'providers.0.url: got',
  ])
    t.true(faulty.text.includes(name), name);
  t.deepEqual(await stage.pids(), before);
  t.is(await stage.cacheControl(), 'max-age=1');
  t.true(Number(startedAt) > 1e9);
  t.deepEqual(
    await lastReload(),
    ['0', startedAt],
    'it failed, and the configuration in use is the first one',
  );
});

test.serial('what takes a restart is refused by name', async (t) => {
  t.timeout(120_000);
  const stage = await reloading();
  const before = await stage.pids();
  const { status, text } = await stage.reload({
    REDIS_PREFIX: 'other',
    ADMIN_HOST: '::1',
    API_WORKERS: '3',
  });
  t.is(status, 400);
  t.regex(text, /REDIS_PREFIX: got another value than at the start.*restart/);
  t.regex(text, /ADMIN_HOST: got another value/);
  t.deepEqual(await stage.pids(), before);
  t.is(await stage.cacheControl(), 'max-age=1');
});

test.serial(
  'a new worker that does not become ready takes the reload back, and those before it',
  async (t) => {
    t.timeout(120_000);
    const stage = await reloading();
    const [first, second] = await stage.pids();
    // The second of the new ones ends at once; the one that takes the first back to the old configuration may start.
    await writeFile(stage.startsFile, '+-+');
    const { status, text } = await stage.reload({ CACHE_CONTROL: 'max-age=2', API_WORKERS: '2' });
    await rm(stage.startsFile);
    t.is(status, 500);
    t.regex(text, /API worker 1 did not become ready: exit code 3/);
    const [, now] = await stage.pids();
    t.is(now, second, 'the old one stays');
    t.false((await stage.pids()).includes(first!));
    await until('all are ready', async () =>
      (await stage.system.status()).workers.every(({ ready }) => ready),
    );
    // The one that was taken back still answers while it stops.
    await until('only the old configuration answers', async () => {
      for (let i = 0; i < 4; i++) if ((await stage.cacheControl()) !== 'max-age=1') return false;
      return true;
    });
    // The next test shows that another reload succeeds.
  },
);

test.serial(
  'a reload gives every actor the new configuration: workers, their number, providers',
  async (t) => {
    t.timeout(120_000);
    const stage = await reloading();
    const { system, simulator } = stage;
    t.not(await stage.cacheControl(), 'max-age=2');
    const other = { name: 'boxoffice', url: `${simulator.url}/events?response=1&etag=0`, pollSeconds: 0.5 };
    const { status, text } = await stage.reload({ CACHE_CONTROL: 'max-age=2', API_WORKERS: '3' }, [other]);
    t.is(status, 200, text);
    t.like(JSON.parse(text), { kind: 'reloaded', workers: 3 });
    t.regex(await system.metrics(), /^marquee_config_last_reload_successful 1$/m);
    await until('three workers serve what both providers told', async () => {
      const { workers, events, version } = await system.status();
      return (
        workers.length === 3 && events > 4 && workers.every((one) => one.ready && one.version === version)
      );
    });
    t.deepEqual(Object.keys((await system.status()).providers), ['boxoffice']);
    for (let i = 0; i < 9; i++) t.is(await stage.cacheControl(), 'max-age=2');

    // And back, with the signal
    const [before] = await stage.pids();
    await stage.write({ CACHE_CONTROL: 'max-age=2', API_WORKERS: '1' }, [other]);
    system.kill('SIGHUP');
    await until('SIGHUP reloads as well, and one worker is left', async () => {
      const [{ pid, ready } = { pid: null, ready: false }, ...others] = (await system.status()).workers;
      return ready && pid !== before && others.length === 0;
    });
    await until('that reload is over', () => /SIGHUP: reloaded/.test(system.output()));
    t.notRegex(await system.metrics(), /^marquee_(worker_up|snapshot_version)\{slot="[12]"/m);
  },
);

test.serial(
  'a worker that dies is replaced by one with the configuration that was accepted last',
  async (t) => {
    t.timeout(120_000);
    const stage = await reloading();
    // The test before has left one worker, so that any answer is that of the new one.
    t.is(await stage.cacheControl(), 'max-age=2');
    // Edited, and never accepted.
    t.is((await stage.reload({ CACHE_CONTROL: 'max-age=9', CACHE_MEGABYTES: 'much' })).status, 400);
    const [pid] = await stage.pids();
    process.kill(pid!, 'SIGKILL');
    await until('another is ready', async () => {
      const [one] = (await stage.system.status()).workers;
      return one!.ready && one!.pid !== pid;
    });
    t.is(await stage.cacheControl(), 'max-age=2');
  },
);

test.serial('after SIGTERM it is not ready, and answers for the configured time', async (t) => {
  t.timeout(120_000);
  const { system } = await reloading();
  t.is((await fetch(`${system.adminUrl}/readyz`)).status, 200);
  system.kill('SIGTERM');
  await until('it says so', async () => (await fetch(`${system.adminUrl}/readyz`)).status === 503);
  t.is((await fetch(`${system.adminUrl}/livez`)).status, 200);
  t.is((await system.status()).state, 'stopping');
  t.true((await system.search()).includes('"events"'));
  t.is((await fetch(`${system.adminUrl}/reload`, { method: 'POST' })).status, 409);
  // Prometheus sees the drain: every scrape is answered until the admin port closes, which comes last.
  const scrape = (): Promise<number | null> =>
    fetch(`${system.adminUrl}/metrics`, { signal: AbortSignal.timeout(5000) }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      },
      () => null,
    );
  const scrapes: number[] = [];
  for (let status = await scrape(); status !== null; status = await scrape()) scrapes.push(status);
  t.deepEqual([...new Set(scrapes)], [200], `${scrapes.length} scrapes`);
  t.is(await system.ended, 0);
});
