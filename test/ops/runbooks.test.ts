// Runbooks and dashboards compared with the system: ports, paths, exit codes, and the contents of each panel.

import test from 'ava';
import { readConfig } from '#/config.ts';
import { adminRoutes } from '#/http/admin/contract/routes.ts';
import { hostMetrics } from '#/telemetry/metrics.ts';
import { filesBelow, read, readJson } from './_files.ts';

const runbooks = await Promise.all(
  (await filesBelow('ops/runbooks')).map(async (path) => [path, await read(path)] as const),
);

interface Dashboard {
  readonly title: string;
  readonly panels: readonly {
    readonly title: string;
    readonly description?: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}

const dashboards = await Promise.all(
  (await filesBelow('ops/grafana/dashboards')).map((path) => readJson<Dashboard>(path)),
);

test('a port in a runbook is the default port', (t) => {
  const { port, adminPort } = readConfig({ PROVIDER_URL: 'http://127.0.0.1:1/' });
  for (const [path, text] of runbooks)
    for (const [where, found] of text.matchAll(/(?:localhost|127\.0\.0\.1):(\d+)/g))
      t.true([port, adminPort].includes(Number(found)), `${path}: ${where}`);
});

test('a path in a runbook is answered by the admin port, with the named method', (t) => {
  const routes = Object.values(adminRoutes).map(({ method, path }) => ({
    method: method.toUpperCase(),
    shape: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));
  t.true(routes.length > 10);
  const spoken =
    /(?:-X (?<curl>[A-Z]+) )?http:\/\/(?:INSTANCE|127\.0\.0\.1:\d+)(?<url>\/[\w/]*)|\b(?<verb>GET|POST|DELETE) (?<path>\/[\w/]+)/g;
  let checked = 0;
  for (const [where, text] of runbooks)
    for (const { groups = {} } of text.matchAll(spoken)) {
      const [method, path] = [
        groups['curl'] ?? groups['verb'] ?? 'GET',
        groups['url'] ?? groups['path'] ?? '',
      ];
      const isThere = routes.some((route) => route.method === method && route.shape.test(path));
      t.true(isThere, `${where}: ${method} ${path}`);
      checked++;
    }
  t.true(checked > 15);
});

test('an exit code in a runbook has the meaning that the program gives it', async (t) => {
  const codes = /const exitCodes = \{(.*?)\}/s.exec(await read('src/main.ts'))?.[1] ?? '';
  const codeOf = (name: string): string | undefined => new RegExp(`\\b${name}: (\\d+)`).exec(codes)?.[1];
  const meanings: Record<string, string | undefined> = {
    configuration: codeOf('config'),
    port: codeOf('unavailable'),
    fault: codeOf('fault'),
  };
  let checked = 0;
  for (const [path, text] of runbooks)
    for (const [where, code, meaning] of text.matchAll(/\b(\d+) is a (configuration|port|fault)\b/g)) {
      t.is(code, meanings[meaning!], `${path}: ${where}`);
      checked++;
    }
  t.is(checked, 3);
});

test('a panel or dashboard that a runbook names exists', (t) => {
  const titles = new Set(
    dashboards.flatMap(({ title, panels }) => [title, ...panels.map((panel) => panel.title)]),
  );
  let checked = 0;
  for (const [path, text] of runbooks)
    for (const [, title] of text.matchAll(/(?<![*\w])\*([^*\n]+)\*(?!\*)/g)) {
      t.true(titles.has(title!), `${path}: ${title}`);
      checked++;
    }
  t.true(checked > 10);
});

test('the host selector of dashboards uses a metric that every host has, whatever its role', (t) => {
  for (const { title, templating } of dashboards) {
    const instance = templating.list.find(({ name }) => name === 'instance');
    t.regex(
      instance?.definition ?? '',
      RegExp(`^label_values\\(${hostMetrics.build.name}\\{[^}]*\\}, instance\\)$`),
      title,
    );
  }
});

test('each panel of the event loop lag describes the value of an idle process', (t) => {
  const shows = (expr: string): boolean => /nodejs_eventloop_lag_(?!seconds|min|stddev)/.test(expr);
  const panels = dashboards
    .flatMap((dashboard) => dashboard.panels)
    .filter(({ targets = [] }) => targets.some(({ expr }) => shows(expr)));
  t.is(panels.length, 2);
  for (const { title, description } of panels) t.regex(description ?? '', /idle process shows 10 ms/, title);
});
