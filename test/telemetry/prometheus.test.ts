// The running system as a real Prometheus scrapes it, for half a minute in which a worker dies, another hangs, a provider
// fails and Redis is unavailable.

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { isInstalled, programAt } from '../_programs/catalog.ts';
import { redisIsHere, startRedis } from '../_servers/redis.ts';
import { startGrowingFeed } from '../system/_hosts.ts';
import { directoryFor, startSystem, until, type System } from '../system/_system.ts';
import { dashboards, ruleExpressions, ruleHealths, startPrometheus } from './_prometheus.ts';
import { startReceiver } from './_receiver.ts';

/** A provider that is down. */
async function startFailingProvider(t: ExecutionContext): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(503).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Sends various requests until stopped; their results do not matter here. */
function searchOn(t: ExecutionContext, system: System): () => Promise<void> {
  const over = new AbortController();
  const paths = [
    '/search',
    '/search?starts_at=2026-03-01',
    '/search?starts_at=never',
    '/openapi.json',
    '/nowhere',
  ];
  const traceparent = `00-${'c0ffee00'.repeat(4)}-${'abad1dea'.repeat(2)}-01`;
  const loop = async (): Promise<void> => {
    for (let i = 0; !over.signal.aborted; i++) {
      const signal = AbortSignal.any([over.signal, AbortSignal.timeout(500)]);
      const answer = fetch(`${system.url}${paths[i % paths.length]}`, { headers: { traceparent }, signal });
      await answer.then((response) => response.arrayBuffer()).catch(() => undefined);
      await sleep(100);
    }
  };
  // While a worker hangs, one of them may wait for it.
  const loops = [loop(), loop()];
  const stop = async (): Promise<void> => {
    over.abort();
    await Promise.all(loops);
  };
  t.teardown(stop);
  return stop;
}

async function scrape(system: System): Promise<string> {
  return (await fetch(`${system.adminUrl}/metrics`, { signal: AbortSignal.timeout(5000) })).text();
}

/** The pid of a worker that is ready. */
async function workerIn(system: System, slot: number): Promise<number> {
  await until(`worker ${slot} is ready`, async () => (await system.status()).workers[slot]?.ready === true);
  return (await system.status()).workers[slot]!.pid!;
}

async function expressions(): Promise<Map<string, string>> {
  const found = await ruleExpressions();
  for (const { title, panels } of await dashboards()) {
    for (const panel of panels)
      panel.targets?.forEach(({ expr }, i) => found.set(`${title}: ${panel.title} ${i}`, substituted(expr)));
  }
  return found;
}

const substituted = (expr: string): string =>
  expr.replaceAll('$__rate_interval', '15s').replaceAll(/\$(job|namespace|instance|provider|slot)\b/g, '.*');

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const check = isInstalled('prometheus') && isInstalled('promtool') && redisIsHere ? test : test.skip;

check(
  'a real Prometheus gets data for every expression, whatever dies, and no counter decreases',
  async (t) => {
    const directory = await directoryFor(t);
    const redis = await startRedis(t);
    const [feed, failing, receiver] = [
      await startGrowingFeed(t),
      await startFailingProvider(t),
      await startReceiver(t),
    ];
    const providers = [
      { name: 'good', url: feed.url, pollSeconds: 0.5, pollSecondsMax: 0.5 },
      { name: 'failing', url: failing, pollSeconds: 1, pollSecondsMax: 1 },
    ];
    await writeFile(join(directory, 'providers.json'), JSON.stringify({ providers }));
    const system = await startSystem(t, {
      DATA_DIR: join(directory, 'data'),
      PROVIDERS_FILE: join(directory, 'providers.json'),
      REDIS_URL: redis.url,
      SINGLE_INGEST_HOST: 'true',
      API_WORKERS: '2',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      LOG_LEVEL: 'warn',
    });
    const prometheus = await startPrometheus(t, [{ targets: [new URL(system.adminUrl).host] }]);
    const stopSearching = searchOn(t, system);
    const growing = setInterval(() => feed.grow(), 1000);
    t.teardown(() => clearInterval(growing));
    await until('a version is served', async () => (await system.status()).version > 1);

    // 1. A worker dies, once Prometheus has scraped it
    await until(
      'it is scraped',
      async () => (await prometheus.range('marquee_worker_up{slot="0"}')).length > 0,
    );
    await sleep(3000);
    process.kill(await workerIn(system, 0), 'SIGKILL');
    await sleep(2000);
    // 2. A worker hangs: the scrape answers in time, without it
    const frozen = await workerIn(system, 1);
    await workerIn(system, 0);
    process.kill(frozen, 'SIGSTOP');
    const askedAt = performance.now();
    const isDown = /^marquee_worker_up\{slot="1"\} 0$/m;
    const first = await scrape(system);
    // Scrapes at the same time share one reading: that of Prometheus may have begun before the signal.
    const meanwhile = isDown.test(first) ? first : await scrape(system);
    t.true(performance.now() - askedAt < 1000, `it took ${Math.round(performance.now() - askedAt)} ms`);
    t.true(isDown.test(meanwhile));
    t.true(/^process_cpu_seconds_total\{slot="0"\} \d/m.test(meanwhile));
    t.true(/^marquee_worker_up\{slot="0"\} 1$/m.test(meanwhile));
    t.true(/^marquee_readings_missed_total\{slot="1"\} [1-9]/m.test(meanwhile));
    await sleep(1500);
    // The watchdog may have killed it by now.
    if (isAlive(frozen)) process.kill(frozen, 'SIGCONT');
    await until('it is up again', async () =>
      /^marquee_worker_up\{slot="1"\} 1$/m.test(await scrape(system)),
    );
    // 3. Redis is unavailable and returns
    await redis.kill();
    await until('a worker says so', async () =>
      /^marquee_snapshot_stale\{slot="\d"\} 1$/m.test(await scrape(system)),
    );
    await sleep(3000);
    await redis.start();
    await until(
      'all is well',
      async () => !/^marquee_snapshot_stale\{slot="\d"\} 1$/m.test(await scrape(system)),
    );
    await until('somebody leads', async () => /^marquee_ingest_leading\{.*\} 1$/m.test(await scrape(system)));
    await sleep(4000);
    await stopSearching();

    const checked = spawnSync(programAt('promtool') ?? '', ['check', 'metrics'], {
      input: await scrape(system),
      encoding: 'utf8',
    });
    t.deepEqual([checked.status, checked.stdout, checked.stderr], [0, '', '']);

    // Every scrape and every rule succeeded
    const ups = (await prometheus.range('up')).flatMap(({ values }) => values.map(([, value]) => value));
    t.true(ups.length > 3);
    t.deepEqual([...new Set(ups)], ['1']);
    for (const { name, health, lastError } of await ruleHealths(prometheus))
      t.is(health, 'ok', `${name}: ${lastError}`);

    const empty: string[] = [];
    for (const [where, expr] of await expressions()) {
      if ((await prometheus.range(expr)).length === 0) empty.push(`${where}: ${expr}`);
    }
    t.deepEqual(empty, []);

    // The death of a worker counts, and so does a provider of which no run ever succeeded
    const most = async (query: string): Promise<number> =>
      Math.max(
        ...(await prometheus.range(query)).flatMap(({ values }) => values.map(([, value]) => Number(value))),
      );
    t.true((await most('increase(marquee_restarts_total{slot="0",reason="SIGKILL"}[1m])')) > 0);
    t.true((await prometheus.range('marquee:provider_stale:bool{provider="failing"}')).length > 0);
    // A stacked panel adds up to the total
    const panel = [...(await expressions())].find(([where]) => where.includes('Failed operations'))![1];
    const failures = 'sum(rate(marquee_store_operation_errors_total[15s]))';
    t.true((await most(failures)) > 0);
    t.is(await most(`abs(sum(${panel}) - ${failures}) > bool 0.000001`), 0);

    const names = await prometheus.ask<string[]>('label/__name__/values');
    const rising = names.filter((name) =>
      /^(marquee|process|nodejs)_.*_(total|bucket|count|sum)$/.test(name),
    );
    t.true(rising.length > 20);
    for (const name of rising) {
      const fallen = await prometheus.range(`sum by (slot) (resets(${name}[1m])) > 0`);
      t.deepEqual(
        fallen.map(({ metric }) => metric),
        [],
        name,
      );
    }

    const query = 'marquee_http_request_duration_seconds_bucket';
    const span = { start: String(Date.now() / 1000 - 120), end: String(Date.now() / 1000) };
    const exemplars = await prometheus.ask<{ exemplars: { labels: { trace_id: string } }[] }[]>(
      'query_exemplars',
      {
        query,
        ...span,
      },
    );
    t.is(exemplars[0]?.exemplars[0]?.labels.trace_id, 'c0ffee00'.repeat(4));
  },
);
