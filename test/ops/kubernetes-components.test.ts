// The optional parts of the manifests, compared with the base and with the rules of Prometheus.

import test from 'ava';
import { variables } from '#/variables.ts';
import { documentsOf, read } from './_files.ts';
import {
  containerOf,
  deployments,
  find,
  folder,
  labelsOf,
  matches,
  readKustomization,
  type Labels,
  type NetworkPolicy,
  type Service,
} from './_manifests.ts';
import { generatedRules, readLinks } from '../../ops/prometheus/generate.ts';

const components = `${folder}/components`;
const objectIn = async <T>(path: string): Promise<T> =>
  documentsOf<T>(await read(`${components}/${path}`))[0]!;

test('the monitor scrapes every pod of both deployments at its admin port, as a job that the rules know', async (t) => {
  interface PodMonitor {
    spec: {
      jobLabel: string;
      selector: { matchLabels: Labels };
      podMetricsEndpoints: { port: string; path: string }[];
    };
  }
  const { spec } = await objectIn<PodMonitor>('prometheus-operator/pod-monitor.yaml');
  for (const deployment of deployments) {
    t.true(matches(spec.selector.matchLabels, labelsOf(deployment)));
    t.regex(labelsOf(deployment)[spec.jobLabel]!, /^marquee/);
    for (const { port } of spec.podMetricsEndpoints)
      t.true(containerOf(deployment).ports.some(({ name }) => name === port));
  }
  for (const { path } of spec.podMetricsEndpoints)
    t.true(
      (await read('src/http/admin/contract/routes.ts')).includes(`method: 'get', path: '${path}'`),
      path,
    );
  t.true((await read('ops/prometheus/rules/symptoms.yml')).includes('up{job=~"marquee.*"}'));
});

test('the generated rules are those that `npm run rules` writes, for the operator too', async (t) => {
  for (const [path, text] of await generatedRules(await readLinks())) t.is(await read(path), text, path);
});

test('the links of the rules are the given ones', async (t) => {
  const files = await generatedRules({
    runbooks: 'https://docs.test/runbooks',
    dashboards: 'https://grafana.test',
  });
  const text = [...files.values()].join('\n');
  for (const [, url = ''] of text.matchAll(/(?:runbook|dashboard)_url: '?(\S+)/g))
    t.regex(url, /^https:\/\/(?:docs\.test\/runbooks\/|grafana\.test\/d\/)/);
  t.regex(text, /runbook_url: https:\/\/docs\.test\/runbooks\/MarqueeRedisAway\.md$/m);
  t.regex(text, /dashboard_url: https:\/\/grafana\.test\/d\/marquee-\w+\?viewPanel=\d+$/m);
  const linked = 'see [its runbook](https://docs.test/runbooks/MarqueeRedisAway.md).';
  t.true(text.includes(`Alert: MarqueeRedisAway, ${linked}"`), 'panels too');
  t.false(text.includes('see ops/runbooks/'));
});

test('the ingress leads to a port of the service', async (t) => {
  interface Ingress {
    spec: {
      tls: { hosts: string[] }[];
      rules: {
        host: string;
        http: { paths: { backend: { service: { name: string; port: { name: string } } } }[] };
      }[];
    };
  }
  const { spec } = await objectIn<Ingress>('ingress/ingress.yaml');
  const backends = spec.rules.flatMap(({ http }) => http.paths).map(({ backend }) => backend.service);
  t.is(backends.length, 1);
  for (const { name, port } of backends) {
    const service = find('Service', name) as Service;
    t.true(service.spec.ports.some((one) => one.name === port.name));
  }
  t.deepEqual(
    spec.tls.flatMap(({ hosts }) => hosts),
    spec.rules.map(({ host }) => host),
  );
});

test('the route of the gateway leads to a port of the service, and lets listeners to changes stay', async (t) => {
  interface HttpRoute {
    spec: {
      rules: {
        matches: { path: { value: string } }[];
        timeouts: { request: string };
        backendRefs: { name: string; port: number }[];
      }[];
    };
  }
  const { spec } = await objectIn<HttpRoute>('gateway/http-route.yaml');
  for (const { name, port } of spec.rules.flatMap(({ backendRefs }) => backendRefs)) {
    const service = find('Service', name) as unknown as { spec: { ports: { port: number }[] } };
    t.true(service.spec.ports.some((one) => one.port === port));
  }
  const limits = spec.rules.map(({ matches: [match], timeouts }) => [match!.path.value, timeouts.request]);
  t.deepEqual(limits, [
    ['/changes', '0s'],
    ['/', '30s'],
  ]);
});

test('pods may send to the port of the collector that they are configured with', async (t) => {
  const [generator] = (await readKustomization(`${components}/otlp`)).configMapGenerator!;
  const settings = generator!.literals!.map((literal) => literal.split('=', 2) as [string, string]);
  for (const [name] of settings) t.true(name in variables, name);
  const { port } = new URL(new Map(settings).get('OTEL_EXPORTER_OTLP_ENDPOINT')!);
  const { spec } = await objectIn<NetworkPolicy>('otlp/network-policy.yaml');
  t.deepEqual(
    spec.egress!.flatMap(({ ports }) => ports.map((one) => String(one.port))),
    [port],
  );
  for (const deployment of deployments) {
    t.true(matches(spec.podSelector.matchLabels, labelsOf(deployment)));
    t.true(containerOf(deployment).envFrom.some(({ configMapRef }) => configMapRef.name === generator!.name));
  }
});
