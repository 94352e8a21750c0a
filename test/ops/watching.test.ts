// Monitoring: Prometheus' configuration and rules, runbooks, dashboards, and their containers.

import { basename } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import * as declared from '#/telemetry/metrics.ts';
import { isInstalled } from '../_programs/catalog.ts';
import { filesBelow, read, readJson, readYaml, run } from './_files.ts';

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}
interface RuleFile {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}
interface RuleTests {
  readonly tests: readonly {
    readonly name: string;
    readonly alert_rule_test: readonly {
      readonly alertname: string;
      readonly exp_alerts: readonly object[];
    }[];
  }[];
}
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly targets?: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly thresholds?: { readonly steps: readonly object[] };
    };
  };
}
interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly multi?: boolean;
      readonly includeAll?: boolean;
    }[];
  };
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr: string }[] };
}
interface Composed {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly volumes?: readonly string[];
        readonly environment?: Record<string, string>;
        readonly networks: string[];
      }
    >
  >;
}

const ruleFiles = await filesBelow('ops/prometheus/rules');
const rules = (await Promise.all(ruleFiles.map((path) => readYaml<RuleFile>(path))))
  .flatMap(({ groups }) => groups)
  .flatMap((group) => group.rules);
const alerts = new Set(rules.flatMap(({ alert }) => alert ?? []));
const records = new Set(rules.flatMap(({ record }) => record ?? []));
const dashboards = await Promise.all(
  (await filesBelow('ops/grafana/dashboards')).map((path) => readJson<Dashboard>(path)),
);
const { services } = await readYaml<Composed>('docker-compose.yml');

const { processMetrics, ...groups } = declared;
const names = new Set([
  ...processMetrics,
  ...Object.values(groups).flatMap((group) => Object.values(group).map(({ name }) => name)),
]);

const check = isInstalled('promtool') ? test : test.skip;

async function promtool(t: ExecutionContext, ...args: string[]): Promise<void> {
  t.regex((await run('promtool', ...args)) ?? '', /SUCCESS/);
}

check('promtool takes the configuration and the rules', async (t) => {
  await promtool(t, 'check', 'config', 'ops/prometheus/prometheus.yml');
  await promtool(t, 'check', 'rules', ...ruleFiles);
});

check('every alert fires when it should, and not otherwise', async (t) => {
  await promtool(t, 'test', 'rules', ...(await filesBelow('ops/prometheus/tests')));
});

test('every alert has a test in which it fires, and one in which it does not', async (t) => {
  const { tests } = await readYaml<RuleTests>('ops/prometheus/tests/alerts.yml');
  const cases = tests.flatMap((one) => one.alert_rule_test);
  for (const alert of alerts) {
    const own = cases.filter(({ alertname }) => alertname === alert);
    t.true(
      own.some(({ exp_alerts: fired }) => fired.length > 0),
      `${alert} fires`,
    );
    t.true(
      own.some(({ exp_alerts: fired }) => fired.length === 0),
      `${alert} does not`,
    );
  }
});

test('every alert has a severity, a description and a runbook', async (t) => {
  for (const { alert, labels, annotations } of rules.filter((rule) => rule.alert !== undefined)) {
    t.regex(labels?.['severity'] ?? '', /^(page|ticket)$/, alert);
    t.is(annotations?.['runbook'], `ops/runbooks/${alert}.md`);
    t.true(annotations?.['runbook_url']?.endsWith(`/${alert}.md`), alert);
    const [, uid, panel] = /\/d\/([\w-]+)\?viewPanel=(\d+)$/.exec(annotations?.['dashboard_url'] ?? '') ?? [];
    const dashboard = dashboards.find((one) => one.uid === uid);
    t.true(
      dashboard?.panels.some(({ id }) => id === Number(panel)),
      alert,
    );
    for (const name of ['summary', 'description']) t.regex(annotations?.[name] ?? '', /\.$/, alert);
  }
  const runbooks = await filesBelow('ops/runbooks');
  t.deepEqual(
    runbooks.map((path) => basename(path, '.md')),
    [...alerts].toSorted(),
  );
  for (const path of runbooks) {
    const text = await read(path);
    const sections = ['## Meaning', '## Impact', '## First check', '## Causes', '## Resolved when'];
    t.deepEqual(text.match(/^#+ .+$/gm), [`# ${basename(path, '.md')}`, ...sections], path);
    for (const [, other] of text.matchAll(/\]\((Marquee\w+)\.md\)/g))
      t.true(alerts.has(other!), `${path}: ${other}`);
  }
});

test('no rule, runbook or dashboard uses a metric that does not exist', async (t) => {
  const texts = await Promise.all(
    [
      ...ruleFiles,
      ...(await filesBelow('ops/runbooks')),
      ...(await filesBelow('ops/grafana/dashboards')),
    ].map(read),
  );
  const asked = texts.join('\n').matchAll(/\b(?:marquee|process|nodejs)_\w+|marquee:[\w:]+/g);
  for (const name of new Set(Array.from(asked, ([found]) => found))) {
    const family = name.replace(/_(bucket|sum|count)$/, '');
    t.true(names.has(name) || names.has(family) || records.has(name), name);
  }
});

test('every panel has a unit and a description, and uses the data source of its dashboard', (t) => {
  t.deepEqual(dashboards.map(({ title }) => title).toSorted(), [
    'Freshness and snapshots',
    'Ingest and providers',
    'Overview',
    'Runtime',
    'Search',
  ]);
  for (const { title, panels, templating, annotations } of dashboards) {
    t.is(new Set(panels.map(({ id }) => id)).size, panels.length, title);
    const variables = new Set(['__rate_interval', ...templating.list.map(({ name }) => name)]);
    t.true(variables.has('datasource') && variables.has('instance'), title);
    // Sums over several deployments would hide which of them fails.
    for (const name of ['job', 'namespace']) {
      const variable = templating.list.find((one) => one.name === name);
      t.deepEqual([variable?.multi, variable?.includeAll], [false, false], `${title}: one ${name} at a time`);
    }
    for (const { name, expr } of annotations.list)
      t.true(expr.includes('{job=~"$job",namespace=~"$namespace"'), `${title}: ${name}`);
    t.deepEqual(
      annotations.list.map(({ name }) => name),
      ['Restarts', 'Reloads', 'Publishes', 'Pins'],
      title,
    );
    for (const panel of panels.filter(({ type }) => type !== 'row')) {
      const where = `${title}: ${panel.title}`;
      t.regex(panel.description ?? '', /\.$/, where);
      t.truthy(panel.fieldConfig?.defaults.unit, where);
      t.true((panel.targets ?? []).length > 0, where);
      for (const { expr, datasource } of panel.targets ?? []) {
        t.is(datasource.uid, '${datasource}', where);
        for (const [, selector = ''] of expr.matchAll(
          /\b(?:(?:marquee|process|nodejs)_|marquee:)[\w:]+(\{[^}]*\})?/g,
        ))
          t.true(selector.startsWith('{job=~"$job",namespace=~"$namespace"'), `${where}: ${expr}`);
        // The alert that no host reports has no deployment.
        for (const [, selector = ''] of expr.matchAll(/\bALERTS(\{[^}]*\})?/g))
          t.true(selector.startsWith('{job=~"$job|",namespace=~"$namespace|"'), `${where}: ${expr}`);
        for (const [, name] of expr.matchAll(/\$(\w+)/g)) t.true(variables.has(name!), `${where}: $${name}`);
      }
    }
  }
});

test('every alert is named on a dashboard, at the panel with its metric', (t) => {
  const descriptions = dashboards.flatMap(({ panels }) => panels).map(({ description = '' }) => description);
  const named = new Set(
    descriptions.flatMap((text) => Array.from(text.matchAll(/Alert: (\w+)/g), ([, name]) => name)),
  );
  const missing = [...alerts].filter((alert) => !named.has(alert));
  t.deepEqual(missing, ['MarqueeNoWorkerUp', 'MarqueeSnapshotPinned'], 'their panels show other alerts');
  t.deepEqual(
    [...named].filter((alert) => !alerts.has(alert!)),
    [],
  );
});

test('Prometheus scrapes, Grafana reads and the collector forwards what compose runs', async (t) => {
  interface Scrapes {
    readonly alerting: {
      readonly alertmanagers: readonly {
        readonly static_configs: readonly { readonly targets: string[] }[];
      }[];
    };
    readonly scrape_configs: readonly {
      readonly static_configs: readonly { readonly targets: string[] }[];
    }[];
  }
  const { scrape_configs: jobs, alerting } = await readYaml<Scrapes>('ops/prometheus/prometheus.yml');
  const receivers = alerting.alertmanagers.flatMap((one) => one.static_configs);
  const scraped = jobs.flatMap((job) => job.static_configs);
  for (const target of [...scraped, ...receivers].flatMap(({ targets }) => targets)) {
    const networks = services[target.split(':')[0]!]?.networks ?? [];
    t.true(
      networks.some((network) => services['prometheus']!.networks.includes(network)),
      target,
    );
  }
  const texts = [
    await read('ops/grafana/provisioning/datasources/datasources.yml'),
    await read('ops/otel-collector/config.yml'),
  ];
  for (const [, host] of texts.join('\n').matchAll(/(?:url: http:\/\/|endpoint: )([a-z]+):\d+/g))
    t.truthy(services[host!], host);
  const { path } = (
    await readYaml<{ providers: { options: { path: string } }[] }>(
      'ops/grafana/provisioning/dashboards/dashboards.yml',
    )
  ).providers[0]!.options;
  t.true(services['grafana']!.volumes!.includes(`./ops/grafana/dashboards:${path}:ro`));
  for (const name of ['marquee-1', 'marquee-2']) {
    const endpoint = new URL(services[name]!.environment!['OTEL_EXPORTER_OTLP_ENDPOINT']!);
    t.true(texts[1]!.includes(`endpoint: 0.0.0.0:${endpoint.port}\n`));
    t.true(endpoint.hostname in services);
  }
});
