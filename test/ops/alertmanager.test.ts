// The configuration of Alertmanager, applied to the alerts of the rules: which effects one cause mutes.

import test from 'ava';
import { filesBelow, readYaml } from './_files.ts';

interface Inhibition {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal: readonly string[];
}
interface Routing {
  readonly receiver: string;
  readonly group_by?: readonly string[];
  readonly routes?: readonly Routing[];
}
interface Configuration {
  readonly route: Routing;
  readonly receivers: readonly { readonly name: string }[];
  readonly inhibit_rules: readonly Inhibition[];
}
type Labels = Readonly<Record<string, string>>;

const {
  route,
  receivers,
  inhibit_rules: inhibitions,
} = await readYaml<Configuration>('ops/alertmanager/alertmanager.yml');
interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert?: string; readonly labels?: Labels }[];
  }[];
}
const files = await Promise.all(
  (await filesBelow('ops/prometheus/rules')).map((path) => readYaml<Rules>(path)),
);
const alerts = files
  .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))
  .flatMap(({ alert, labels = {} }) =>
    alert === undefined ? [] : [{ alertname: alert, ...labels } as Labels],
  );

/** The syntax of Alertmanager: `label = "value"` or `label =~ "pattern"`, of which the pattern matches the whole value. */
function matches(matchers: readonly string[], labels: Labels): boolean {
  return matchers.every((matcher) => {
    const [, label = '', operator, value = ''] = /^(\w+) (=|=~) "(.*)"$/.exec(matcher)!;
    const found = labels[label] ?? '';
    return operator === '=' ? found === value : new RegExp(`^(?:${value})$`).test(found);
  });
}

/** The alerts that remain when all of these fire. An alert never mutes itself. */
function notified(firing: readonly Labels[]): string[] {
  const isMuted = (target: Labels): boolean =>
    inhibitions.some(
      ({ source_matchers: source, target_matchers: effect, equal }) =>
        matches(effect, target) &&
        firing.some(
          (one) =>
            matches(source, one) &&
            !matches(effect, one) &&
            equal.every((label) => (one[label] ?? '') === (target[label] ?? '')),
        ),
    );
  return firing
    .filter((one) => !isMuted(one))
    .map(({ alertname, instance = '' }) => `${alertname} ${instance}`.trim());
}

const at = (alertname: string, labels: Labels = {}): Labels => ({
  ...alerts.find((one) => one['alertname'] === alertname),
  alertname,
  job: 'marquee',
  ...labels,
});

test('every matcher names alerts and receivers that exist', (t) => {
  const receiversUsed = [route, ...(route.routes ?? [])].map(({ receiver }) => receiver);
  for (const name of receiversUsed)
    t.true(
      receivers.some((one) => one.name === name),
      name,
    );
  for (const { source_matchers: source, target_matchers: target } of inhibitions)
    for (const matchers of [source, target]) {
      for (const [, pattern = ''] of matchers.join('\n').matchAll(/alertname =~? "(.*)"/g))
        for (const name of pattern.split('|'))
          t.true(
            alerts.some(({ alertname }) => alertname === name),
            name,
          );
      t.true(
        alerts.some((labels) => matches(matchers, labels)),
        matchers.join(),
      );
    }
});

test('an outage of Redis is one notification for a deployment, and mutes nothing of another', (t) => {
  const firing = [
    at('MarqueeRedisAway', { instance: 'a' }),
    at('MarqueeRedisAway', { instance: 'b' }),
    at('MarqueeNoLeader'),
    at('MarqueePublishFailing'),
    at('MarqueeSnapshotStale', { instance: 'a' }),
    at('MarqueeFreshnessBudgetBurns', { provider: 'stagedoor' }),
    at('MarqueeNoLeader', { namespace: 'west' }),
  ];
  t.deepEqual(notified(firing), ['MarqueeRedisAway a', 'MarqueeRedisAway b', 'MarqueeNoLeader']);
  t.deepEqual(route.group_by, ['alertname', 'job', 'namespace'], 'both hosts are in one notification');
});

test('a host that is down mutes its own processes only', (t) => {
  const firing = [
    at('MarqueeHostDown', { instance: 'a' }),
    at('MarqueeNoWorkerUp', { instance: 'a' }),
    at('MarqueeWorkerDown', { instance: 'a' }),
    at('MarqueeWorkerDown', { instance: 'b' }),
  ];
  t.deepEqual(notified(firing), ['MarqueeHostDown a', 'MarqueeWorkerDown b']);
});

test('an objective that pages mutes its own tickets, for each provider apart', (t) => {
  const burns = (provider: string, severity: string, window: string): Labels =>
    at('MarqueeFreshnessBudgetBurns', { provider, severity, window, instance: `${provider} ${severity}` });
  const firing = [burns('one', 'page', '1h'), burns('one', 'ticket', '1d'), burns('two', 'ticket', '1d')];
  t.deepEqual(notified(firing), [
    'MarqueeFreshnessBudgetBurns one page',
    'MarqueeFreshnessBudgetBurns two ticket',
  ]);
});
