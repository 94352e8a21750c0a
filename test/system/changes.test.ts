// A client that follows /changes on two hosts, in turns by pages and live, while one host is killed, the other one takes the lead with an
// archive of its own, Redis is emptied and a host restarts.

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { redisIsHere, startRedis } from '../_servers/redis.ts';
import { until } from '../_servers/server.ts';
import { directoryFor } from '../_support/directory.ts';
import { isLong } from '../_support/long.ts';
import { seededFor } from '../_support/random.ts';
import { isReady, startGrowingFeed, startHost, type Host } from './_hosts.ts';

const here = redisIsHere ? test : test.skip;

interface Data {
  readonly changes: readonly { readonly id: string; readonly event: object | null }[];
  readonly token: string;
  readonly has_more: boolean;
}

here('a client that is cut off at random has exactly the catalogue after every failure', async (t) => {
  const random = seededFor(t);
  const [feed, redis, directory] = [
    await startGrowingFeed(t, 120),
    await startRedis(t),
    await directoryFor(t),
  ];
  const start = (name: string): Promise<Host> =>
    startHost(t, name, {
      DATA_DIR: join(directory, name),
      REDIS_URL: redis.url,
      SINGLE_INGEST_HOST: 'true',
      PROVIDER_URL: feed.url,
      POLL_SECONDS: '0.3',
      API_WORKERS: '1',
      INGEST_THREADS: '1',
      STOP_PAUSE_SECONDS: '0',
    });
  let nights = 120;
  let hosts = [await start('left')];
  await until('left serves all', async () => (await hosts[0]!.status()).events === nights);
  hosts.push(await start('right'));
  await until('right serves all', async () => (await hosts[1]!.status()).events === nights);

  let copy = new Map<string, object>();
  let token: string | null = null;
  const seen = { pages: 0, messages: 0, cut: 0, resyncs: 0, unreachable: 0 };
  function apply({ changes, token: next }: Data): void {
    for (const { id, event } of changes) {
      if (event === null) copy.delete(id);
      else copy.set(id, event);
    }
    token = next;
  }
  /** One request to one host; it may fail. Returns whether there is more. */
  async function ask(): Promise<boolean> {
    const { url } = random.pick(hosts);
    const since = token === null ? '' : `&since=${token}`;
    const cut = AbortSignal.timeout(random.chance(0.2) ? random.int(1, 15) : 5000);
    try {
      const answer = await fetch(`${url}/changes?limit=${random.int(20, 90)}${since}`, { signal: cut });
      if (answer.status === 410) {
        seen.resyncs++;
        [copy, token] = [new Map(), null];
        return true;
      }
      if (answer.status !== 200) throw new Error(`Got status ${answer.status}.`);
      const { data } = (await answer.json()) as { data: Data };
      apply(data);
      seen.pages++;
      return data.has_more;
    } catch {
      if (cut.aborted) seen.cut++;
      else seen.unreachable++;
      return true;
    }
  }
  /** Listens to one host for a while, or until it ends the stream. */
  async function listen(ms: number): Promise<void> {
    const { url } = random.pick(hosts);
    const headers = { accept: 'text/event-stream', ...(token === null ? {} : { 'last-event-id': token }) };
    try {
      const { status, body } = await fetch(`${url}/changes`, { headers, signal: AbortSignal.timeout(ms) });
      if (status !== 200 || token === null) return;
      let text = '';
      for await (const part of body!.pipeThrough(new TextDecoderStream())) {
        const blocks = (text + part).split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const data = /^data: (\{"changes".*)$/m.exec(block)?.[1];
          if (data === undefined) token = /^id: (.*)$/m.exec(block)?.[1] ?? token;
          else {
            apply(JSON.parse(data) as Data);
            seen.messages++;
          }
        }
      }
    } catch {
      seen.cut++;
    }
  }
  async function follow(rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      if (random.chance(0.5)) nights = feed.grow();
      if (random.chance(0.3)) await listen(random.int(100, 900));
      else await ask();
      await sleep(random.int(0, 100));
    }
  }
  /** After everything has settled, the copy is what a host lists. */
  async function isExact(after: string): Promise<void> {
    nights = feed.grow();
    await until(`all hosts serve ${nights} nights after ${after}`, async () => {
      const all = await Promise.all(hosts.map((host) => host.status()));
      return all.every(
        ({ events, workers, version }) =>
          events === nights && workers.every((one) => one.version === version),
      );
    });
    await until('there is no more', async () => !(await ask()));
    const lines = await fetch(`${hosts[0]!.url}/events`, { headers: { accept: 'application/x-ndjson' } });
    const wanted = (await lines.text()).trimEnd().split('\n');
    t.deepEqual(
      Array.from(copy.values(), (event) => JSON.stringify(event)).toSorted(),
      wanted.toSorted(),
      after,
    );
  }

  await follow(15);
  await isExact('a quiet time');
  await redis.ask('flushall');
  await follow(15);
  await isExact('Redis was emptied');
  hosts[0]!.killGroup('SIGKILL');
  await follow(10);
  hosts = [hosts[1]!];
  await until('right leads', async () => (await hosts[0]!.status()).leader?.here === true);
  await follow(10);
  await isExact('a change of the leader');
  hosts.push(await start('left'));
  hosts[0]!.kill('SIGTERM');
  await hosts[0]!.ended;
  // In the short form the restarted host is alone from here on.
  hosts = isLong ? [hosts[1]!, await start('right')] : [hosts[1]!];
  await follow(15);
  await isExact('restarts');
  t.log(JSON.stringify(seen));
  t.true(seen.pages > 10 && seen.messages > 0 && seen.cut > 0);
});

test('a token whose version is gone continues from the journal, on one host with a directory', async (t) => {
  const [feed, directory] = [await startGrowingFeed(t, 40), await directoryFor(t)];
  const environment = {
    DATA_DIR: directory,
    PROVIDER_URL: feed.url,
    POLL_SECONDS: '0.3',
    API_WORKERS: '1',
    INGEST_THREADS: '1',
    STOP_PAUSE_SECONDS: '0',
  };
  const before = await startHost(t, 'before', environment);
  await until('all is served', async () => (await before.status()).events === 40);
  /** With nothing in memory: the whole host, or in the short form its worker. */
  async function restarted(host: Host): Promise<Host> {
    if (!isLong) {
      const [{ pid } = { pid: null }] = (await host.status()).workers;
      process.kill(pid!, 'SIGKILL');
      await until('another worker is ready', async () => {
        const [worker] = (await host.status()).workers;
        return worker!.ready && worker!.pid !== pid;
      });
      return host;
    }
    host.kill('SIGTERM');
    await host.ended;
    const again = await startHost(t, 'after', environment);
    await until('it is ready', () => isReady(again));
    return again;
  }
  const dataOf = async (host: Host, query: string): Promise<Data & { token_seconds: number | null }> => {
    const answer = await fetch(`${host.url}/changes?${query}`);
    if (answer.status !== 200) throw new Error(await answer.text());
    return ((await answer.json()) as { data: Data & { token_seconds: number | null } }).data;
  };
  const { token, token_seconds: seconds } = await dataOf(before, 'since=now');
  t.is(seconds, null);
  for (let i = 0; i < 3; i++) feed.grow();
  await until('all is served', async () => (await before.status()).events === 43);
  const manifests = join(directory, 'snapshots', 'manifests');
  const versions = (await readdir(manifests)).map(Number).toSorted((a, b) => a - b);
  for (const version of versions.slice(0, -1)) await rm(join(manifests, String(version)));
  const after = await restarted(before);
  // Also the first read of the archive is answered.
  const page = await dataOf(after, `since=${token}`);
  t.deepEqual(page.changes.map(({ event }) => (event as { title: string }).title).toSorted(), [
    'Night 41',
    'Night 42',
    'Night 43',
  ]);
  t.false(page.has_more);
  t.deepEqual((await dataOf(after, `since=${page.token}`)).changes, []);
});
