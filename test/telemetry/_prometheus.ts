// A real Prometheus with the project's scrape job and rules, and the expressions of its dashboards and rules.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { filesBelow, readJson, readYaml, root } from '../ops/_files.ts';
import { programAt } from '../_programs/catalog.ts';
import type { Ending } from '../_servers/ending.ts';
import { directoryFor, freePort, startProgram } from '../_servers/server.ts';
import { until } from '../system/_system.ts';

export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

export interface Prometheus {
  /** The values of each second since a time in seconds, by default since the start. Throws the errors of Prometheus. */
  range(query: string, since?: number): Promise<readonly Series[]>;
  ask<T>(path: string, parameters?: Record<string, string>): Promise<T>;
}

export interface Targets {
  /** Host and port of each. */
  readonly targets: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** Scrapes and evaluates every second. `rules` is the text of one more file of rules. */
export async function startPrometheus(
  t: Ending,
  scraped: readonly Targets[],
  rules?: string,
): Promise<Prometheus> {
  const directory = await directoryFor(t);
  const port = await freePort();
  const config = parse(await readFile(join(root, 'ops/prometheus/prometheus.yml'), 'utf8')) as {
    scrape_configs: { job_name: string; static_configs: object[] }[];
  };
  const job = config.scrape_configs.find(({ job_name: name }) => name === 'marquee')!;
  const own = {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: [join(root, 'ops/prometheus/rules/*.yml'), join(directory, 'more-rules.y*ml')],
    scrape_configs: [{ ...job, static_configs: scraped }],
  };
  await writeFile(join(directory, 'prometheus.yml'), stringify(own));
  if (rules !== undefined) await writeFile(join(directory, 'more-rules.yml'), rules);
  const running = startProgram(programAt('prometheus') ?? '', [
    `--config.file=${join(directory, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(directory, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--enable-feature=exemplar-storage',
  ]);
  t.teardown(() => running.kill('SIGKILL'));
  const startedAt = Date.now() / 1000;
  async function ask<T>(path: string, parameters: Record<string, string> = {}): Promise<T> {
    const query = new URLSearchParams(parameters).toString();
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}?${query}`);
    const body = (await answer.json()) as { status: string; data: T; error?: string };
    if (body.status !== 'success') throw new Error(`${parameters['query']}: ${body.error}`);
    return body.data;
  }
  await until('Prometheus is ready', async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok);
  return {
    ask,
    async range(query, since = startedAt) {
      const end = Date.now() / 1000;
      const span = { start: String(since), end: String(end), step: '1' };
      return (await ask<{ result: Series[] }>('query_range', { query, ...span })).result;
    },
  };
}

export interface Dashboard {
  readonly title: string;
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly multi?: boolean;
      /** A string for the data source. */
      readonly query: string | { readonly query: string };
    }[];
  };
}

export const dashboards = async (): Promise<Dashboard[]> =>
  Promise.all((await filesBelow('ops/grafana/dashboards')).map((path) => readJson<Dashboard>(path)));

/** The expression of each rule, by name and window. That of an alert has data also while the alert does not fire. */
export async function ruleExpressions(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  interface Rules {
    groups: { rules: { record?: string; alert?: string; labels?: { window?: string }; expr: string }[] }[];
  }
  for (const path of await filesBelow('ops/prometheus/rules')) {
    const { groups } = await readYaml<Rules>(path);
    for (const { record, alert, labels, expr } of groups.flatMap(({ rules }) => rules))
      found.set(`${record ?? alert} ${labels?.window ?? ''}`, alert === undefined ? expr : asked(expr));
  }
  return found;
}

/** An alert that does not fire has no result: so each comparison becomes `bool`, and must have data. */
const asked = (expr: string): string =>
  expr
    .replaceAll(/\s(==|>=|<=|>|<)\s+(?!bool)/g, ' $1 bool ')
    .replaceAll(/\bunless( on \(\))?/g, 'or')
    .replaceAll(/\band\b/g, '+')
    .replaceAll('offset 1h', 'offset 5s');

export interface RuleHealth {
  readonly name: string;
  readonly health: string;
  readonly lastError?: string;
}

/** The state of every rule after its last evaluation. */
export async function ruleHealths(prometheus: Prometheus): Promise<RuleHealth[]> {
  const { groups } = await prometheus.ask<{ groups: { rules: RuleHealth[] }[] }>('rules');
  return groups.flatMap(({ rules }) => rules);
}
