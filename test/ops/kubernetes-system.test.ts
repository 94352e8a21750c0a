// The Kubernetes manifests, compared with the system: its variables, ports, paths, probes and time to stop.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { variables } from '#/variables.ts';
import { createAdminServer } from '#/http/admin.ts';
import type { AdminDeps } from '#/http/admin/deps.ts';
import { noSecrets } from '#/provider/http/credentials.ts';
import { parseProviders } from '#/provider/providers-file.ts';
import { configOf, filesBelow, readJson, stopSeconds, type PackageFile } from './_files.ts';
import {
  folder,
  deployments,
  api,
  ingest,
  policies,
  kustomization,
  containerOf,
  matches,
  labelsOf,
  variablesOf,
  find,
  type Service,
} from './_manifests.ts';

test('the system reads every variable and accepts its value', (t) => {
  const known = new Set(Object.keys(variables));
  for (const deployment of deployments) {
    const env = variablesOf(deployment);
    t.deepEqual(
      Object.keys(env).filter((name) => !known.has(name)),
      [],
    );
    const config = configOf(env, `${folder}/base/providers.json`);
    t.deepEqual(config.roles, [deployment.metadata.labels!['app.kubernetes.io/component']]);
    t.is(config.adminHost, '0.0.0.0', 'probes come from outside of the pod');
    t.is(config.logLevel, 'info');
  }
});

test('every port in the manifests is one on which the system listens', (t) => {
  const { port, adminPort } = configOf(variablesOf(api), `${folder}/base/providers.json`);
  const wanted = [
    { name: 'http', containerPort: port },
    { name: 'admin', containerPort: adminPort },
  ];
  t.deepEqual(containerOf(api).ports, wanted);
  t.deepEqual(containerOf(ingest).ports, wanted.slice(1));
  const service = find('Service', 'marquee') as Service;
  t.true(matches(service.spec.selector, labelsOf(api)));
  t.false(matches(service.spec.selector, labelsOf(ingest)));
  t.deepEqual(
    service.spec.ports.map(({ targetPort }) => targetPort),
    ['http'],
  );
  const opened = policies.flatMap(({ spec }) => (spec.ingress ?? []).flatMap(({ ports }) => ports));
  t.deepEqual(opened.map(({ port: name }) => String(name)).toSorted(), ['admin', 'http']);
});

test('volumes are mounted at the paths of the system, with size limits', async (t) => {
  for (const deployment of deployments) {
    const { volumeMounts } = containerOf(deployment);
    const { volumes } = deployment.spec.template.spec;
    const { DATA_DIR, PROVIDERS_FILE } = variablesOf(deployment);
    t.deepEqual(
      volumeMounts.map(({ mountPath }) => mountPath),
      [DATA_DIR!, '/tmp', dirname(PROVIDERS_FILE!)],
    );
    t.deepEqual(volumeMounts.map(({ name }) => name).toSorted(), volumes.map(({ name }) => name).toSorted());
    for (const { emptyDir, name } of volumes) if (emptyDir !== undefined) t.truthy(emptyDir.sizeLimit, name);
    const { name } = volumes.find(({ configMap }) => configMap !== undefined)!.configMap!;
    const generator = kustomization.configMapGenerator!.find((each) => each.name === name)!;
    t.deepEqual(generator.files, [PROVIDERS_FILE!.split('/').at(-1)]);
  }
  for (const file of (await filesBelow(folder)).filter((path) => path.endsWith('providers.json'))) {
    t.deepEqual(parseProviders(await readJson(file), noSecrets).faults, [], file);
  }
});

test('the probes use the paths of the admin port: liveness whatever is broken, readiness when it can serve', async (t) => {
  const broken = await ask(t, false);
  const well = await ask(t, true);
  for (const deployment of deployments) {
    const { startupProbe, livenessProbe, readinessProbe, ports } = containerOf(deployment);
    for (const probe of [startupProbe, livenessProbe, readinessProbe]) {
      t.is(probe.httpGet.port, 'admin');
      t.true(ports.some(({ name }) => name === probe.httpGet.port));
      t.is(await well(probe.httpGet.path), 200);
    }
    t.is(await broken(startupProbe.httpGet.path), 200);
    t.is(await broken(livenessProbe.httpGet.path), 200);
    t.is(await broken(readinessProbe.httpGet.path), 503);
  }
});

async function ask(t: ExecutionContext, ready: boolean): Promise<(path: string) => Promise<number>> {
  const server = createAdminServer({ ready: () => ready } as AdminDeps);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  return async (path) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
}

test('a pod has time to leave the endpoints and to drain before SIGKILL', async (t) => {
  for (const deployment of deployments) {
    const { lifecycle } = containerOf(deployment);
    const { terminationGracePeriodSeconds } = deployment.spec.template.spec;
    const forgottenSeconds = lifecycle?.preStop.sleep.seconds ?? 0;
    t.true(
      terminationGracePeriodSeconds > forgottenSeconds + (await stopSeconds()),
      deployment.metadata.name,
    );
  }
  t.truthy(containerOf(api).lifecycle, 'requests are in flight when the pod must stop');
});

test('every image reference has the version of package.json', async (t) => {
  const { version } = await readJson<PackageFile>('package.json');
  for (const deployment of deployments) t.is(containerOf(deployment).image, `marquee:${version}`);
});
