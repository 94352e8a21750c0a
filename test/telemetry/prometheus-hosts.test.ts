// Two hosts over one Redis, one with `ROLES=api` and one with `ROLES=ingest`, as a real Prometheus scrapes them: every panel and
// rule has data with the variables of its dashboard, before and after a restart. The hosts are scraped as two deployments, so that
// a panel which adds up both shows twice the value.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { isInstalled } from '../_programs/catalog.ts';
import { redisIsHere, startRedis } from '../_servers/redis.ts';
import { startGrowingFeed } from '../system/_hosts.ts';
import { directoryFor, startSystem, until, type System } from '../system/_system.ts';
import {
  dashboards,
  ruleExpressions,
  ruleHealths,
  startPrometheus,
  type Dashboard,
  type Prometheus,
} from './_prometheus.ts';

/** Not asserted: how fast searches are, and whether some are refused, depends on what else the machine runs. */
const ofTheMachine = ['MarqueeLatencyBudgetBurns', 'MarqueeOverloadBudgetBurns', 'MarqueeEventLoopSaturated'];

/** An alert that fires from the start, in the other deployment. */
const elsewhere = `
groups:
  - name: elsewhere
    rules:
      - alert: MarqueeElsewhere
        expr: vector(1)
        labels: { job: marquee, namespace: staging }
`;

/** The values of each variable of a dashboard, as Grafana resolves them: in turn, the first where only one is selected. */
async function variablesOf(
  { templating }: Dashboard,
  prometheus: Prometheus,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const values = new Map<string, readonly string[]>();
  for (const { name, query, multi } of templating.list) {
    if (typeof query === 'string') continue;
    const [, selector = '', label] = /^label_values\((.*), (\w+)\)$/.exec(query.query) ?? [];
    const all = await prometheus.ask<string[]>(`label/${label}/values`, {
      'match[]': substituted(selector, values),
    });
    values.set(name, multi === true ? all : all.slice(0, 1));
  }
  return values;
}

/** A variable with several values becomes a group of alternatives. */
const substituted = (expr: string, values: ReadonlyMap<string, readonly string[]>): string =>
  expr
    .replaceAll('$__rate_interval', '15s')
    .replaceAll(/\$(\w+)/g, (_, name: string) =>
      (values.get(name) ?? []).map((value) => value.replaceAll('.', '\\\\.')).join('|'),
    );

/** The expressions of all panels by dashboard, title and number, with the variables' values. */
async function panelExpressions(prometheus: Prometheus): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const dashboard of await dashboards()) {
    const values = await variablesOf(dashboard, prometheus);
    for (const { title, targets = [] } of dashboard.panels)
      targets.forEach(({ expr }, i) =>
        found.set(`${dashboard.title}: ${title} ${i}`, substituted(expr, values)),
      );
  }
  return found;
}

/** The names of those without a single number since a time in seconds; waits a while for the last ones. */
async function without(
  prometheus: Prometheus,
  expressions: ReadonlyMap<string, string>,
  since?: number,
): Promise<string[]> {
  let empty = [...expressions];
  const look = async (): Promise<boolean> => {
    const all = await Promise.all(
      empty.map(async ([where, expr]) => {
        const values = (await prometheus.range(expr, since)).flatMap((series) => series.values);
        return values.some(([, value]) => value !== 'NaN') ? [] : [[where, expr] as [string, string]];
      }),
    );
    empty = all.flat();
    return empty.length === 0;
  };
  await until('all have data', look, 20_000).catch(() => undefined);
  return empty.map(([where]) => where).toSorted();
}

/** The latest values of an expression. */
async function now(
  prometheus: Prometheus,
  query: string,
): Promise<{ metric: Record<string, string>; value: number }[]> {
  const { result } = await prometheus.ask<{
    result: { metric: Record<string, string>; value: [number, string] }[];
  }>('query', { query });
  return result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
}

const hostOf = ({ adminUrl }: System): string => new URL(adminUrl).host;

const check = isInstalled('prometheus') && redisIsHere ? test : test.skip;

check(
  'on two hosts with one role each, every panel and rule has data, none counts twice, and a first restart is seen',
  async (t) => {
    const directory = await directoryFor(t);
    const [feed, redis] = [await startGrowingFeed(t, 40), await startRedis(t)];
    const providers = [{ name: 'good', url: feed.url, pollSeconds: 0.5, pollSecondsMax: 0.5 }];
    await writeFile(join(directory, 'providers.json'), JSON.stringify({ providers }));
    const start = (role: 'api' | 'ingest', environment: Record<string, string>): Promise<System> =>
      startSystem(t, {
        ROLES: role,
        DATA_DIR: join(directory, role),
        REDIS_URL: redis.url,
        LOG_LEVEL: 'warn',
        ...environment,
      });
    const api = await start('api', { API_WORKERS: '2' });
    t.notRegex(await api.metrics(), /^marquee_snapshot_loaded_timestamp_seconds/m, 'nothing is published');
    const ingest = await start('ingest', {
      SINGLE_INGEST_HOST: 'true',
      PROVIDERS_FILE: join(directory, 'providers.json'),
    });
    const targets = [hostOf(api), hostOf(ingest)];
    const prometheus = await startPrometheus(
      t,
      [
        { targets, labels: { namespace: 'production' } },
        { targets, labels: { namespace: 'staging' } },
      ],
      elsewhere,
    );
    const searching = setInterval(() => void api.search().catch(() => undefined), 200);
    t.teardown(() => clearInterval(searching));
    /** Has changes published, and waits until the last one is served. */
    const change = async (): Promise<number> => {
      for (let times = 0; times < 3; times++) {
        feed.grow();
        await sleep(1000);
      }
      const count = feed.grow();
      await until('the change is served', async () => {
        const { events, version, workers } = await api.status();
        return events === count && workers.every((worker) => worker.version === version);
      });
      return count;
    };

    // 1. Both work
    await until('both are scraped', async () => (await now(prometheus, 'marquee_build_info')).length === 4);
    const events = await change();
    for (const dashboard of await dashboards()) {
      const values = await variablesOf(dashboard, prometheus);
      t.deepEqual(values.get('job'), ['marquee'], dashboard.title);
      t.deepEqual(values.get('namespace'), ['production'], dashboard.title);
      t.deepEqual(values.get('instance')?.toSorted(), targets.toSorted(), dashboard.title);
    }
    const panels = await panelExpressions(prometheus);
    const rules = await ruleExpressions();
    t.deepEqual(await without(prometheus, panels), []);
    t.deepEqual(await without(prometheus, rules), []);
    for (const { name, health, lastError } of await ruleHealths(prometheus))
      t.is(health, 'ok', `${name}: ${lastError}`);

    const alerts = `ALERTS{namespace!="staging",alertname!~"${ofTheMachine.join('|')}"}`;
    await until(
      'no alert is pending',
      async () => (await now(prometheus, alerts)).length === 0,
      20_000,
    ).catch(async () => t.deepEqual(await now(prometheus, alerts), []));
    t.deepEqual(
      await prometheus.range(`${alerts} == 1 and ${alerts.replace('}', ',alertstate="firing"}')}`),
      [],
    );

    const stat = async (title: string): Promise<number> =>
      (await now(prometheus, panels.get(`Overview: ${title} 0`)!))[0]?.value ?? NaN;
    const expected = {
      'Failed requests now': 0,
      'Workers down': 0,
      Leaders: 1,
      Alerts: 0,
      'Versions apart': 0,
      'Events searched': events,
      'Stale or pinned workers': 0,
      'Restarts in an hour': 0,
      'Last reload': 1,
    };
    for (const [title, value] of Object.entries(expected))
      await until(`${title} is ${value}`, async () => (await stat(title)) === value, 5000).catch(async () =>
        t.is(await stat(title), value, title),
      );
    t.is(
      (await now(prometheus, panels.get('Overview: Alerts 0')!.replaceAll('production', 'staging')))[0]
        ?.value,
      1,
    );

    // 2. A first restart, of ingest
    const { pid } = (await ingest.status()).ingest!;
    process.kill(pid!, 'SIGKILL');
    await until('ingest is ready again', async () => {
      const again = (await ingest.status()).ingest;
      return again!.ready && again!.pid !== pid;
    });
    const readyAt = Date.now() / 1000;
    await change();
    await until('the restart is counted', async () => (await stat('Restarts in an hour')) > 0);
    // Prometheus extrapolates an increase to the whole window.
    t.is(Math.round(await stat('Restarts in an hour')), 1);
    const restarts = await now(prometheus, `${panels.get('Runtime: Restarts 0')} > 0`);
    t.deepEqual(
      restarts.map(({ metric }) => metric),
      [{ instance: hostOf(ingest), slot: 'ingest', reason: 'SIGKILL' }],
    );
    t.deepEqual(await without(prometheus, panels, readyAt), []);
    t.deepEqual(await without(prometheus, rules, readyAt), []);
  },
);
