// Permissions, network policies and availability in the Kubernetes manifests.

import test from 'ava';
import { filesBelow, read } from './_files.ts';
import {
  folder,
  deployments,
  api,
  ingest,
  policies,
  containerOf,
  matches,
  labelsOf,
  find,
  type Deployment,
  type Peer,
  type Autoscaler,
} from './_manifests.ts';

test('no pod runs as root, writes to its image, or has a service account token', (t) => {
  for (const deployment of deployments) {
    const { securityContext, automountServiceAccountToken } = deployment.spec.template.spec;
    t.like(securityContext, {
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    t.deepEqual(containerOf(deployment).securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    t.false(automountServiceAccountToken);
    const { requests, limits } = containerOf(deployment).resources;
    t.truthy(requests['cpu'] && requests['memory'] && limits['memory'] && limits['ephemeral-storage']);
  }
});

test('manifests name secrets without values, and each deployment has only its own', async (t) => {
  for (const file of await filesBelow(folder)) {
    const text = await read(file);
    t.notRegex(text, /^kind: Secret$/m, file);
    t.notRegex(text, /secretGenerator/, file);
    t.notRegex(text.replaceAll('USER:PASSWORD@', ''), /:\/\/[^/\s]*:[^/\s]*@/, file);
  }
  const secretsOf = (deployment: Deployment): unknown[] =>
    containerOf(deployment).env.flatMap(({ name, valueFrom }) =>
      valueFrom === undefined ? [] : [[name, valueFrom.secretKeyRef.name, valueFrom.secretKeyRef.key]],
    );
  const admin = ['ADMIN_TOKEN', 'marquee-admin', 'token'];
  t.deepEqual(secretsOf(api), [admin, ['REDIS_URL', 'marquee-redis', 'url']]);
  t.deepEqual(secretsOf(ingest), [
    admin,
    ['REDIS_URL', 'marquee-redis', 'url'],
    ['ARCHIVE_URL', 'marquee-archive', 'url'],
  ]);
  for (const { env } of deployments.map(containerOf)) {
    for (const { name, value } of env) if (/URL|PASSWORD|TOKEN|KEY/.test(name)) t.is(value, undefined, name);
  }
});

test('network policies allow only the connections of this list', (t) => {
  const open = (deployment: Deployment, way: 'ingress' | 'egress'): string[] =>
    policies
      .filter(({ spec }) => matches(spec.podSelector.matchLabels, labelsOf(deployment)))
      .flatMap(({ spec }) => spec[way] ?? [])
      .flatMap(({ from, to, ports }) =>
        (from ?? to ?? []).map((peer) => `${nameOf(peer)} ${ports.map(({ port }) => port).join(' ')}`),
      )
      .toSorted();
  const everyone = ['kube-system/kube-dns 53 53', '*/redis 6379 26379'];
  t.deepEqual(open(api, 'ingress'), ['client/* http', 'operator/* admin']);
  t.deepEqual(open(ingest, 'ingress'), ['operator/* admin']);
  t.deepEqual(open(api, 'egress'), everyone.toSorted());
  t.deepEqual(
    open(ingest, 'egress'),
    [...everyone, '*/postgresql 5432', '0.0.0.0/0 80 443', '::/0 80 443'].toSorted(),
  );
  const all = policies.find(({ metadata }) => metadata.name === 'marquee')!;
  t.deepEqual(all.spec.policyTypes, ['Ingress', 'Egress'], 'what is not open is closed');
  for (const deployment of deployments)
    t.true(matches(all.spec.podSelector.matchLabels, labelsOf(deployment)));

  const blocks = policies.flatMap(({ spec }) =>
    (spec.egress ?? []).flatMap(({ to = [] }) => to.flatMap(({ ipBlock }) => ipBlock ?? [])),
  );
  for (const range of ['10.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16']) {
    t.true(
      blocks.some(({ cidr, except = [] }) => cidr === '0.0.0.0/0' && except.includes(range)),
      range,
    );
  }
});

/** `namespace/pods`, or the range of addresses. */
function nameOf({ ipBlock, namespaceSelector, podSelector }: Peer): string {
  if (ipBlock !== undefined) return ipBlock.cidr;
  return [namespaceSelector?.matchLabels, podSelector?.matchLabels]
    .map((labels) => Object.values(labels ?? {})[0] ?? '*')
    .join('/');
}

test('the API scales automatically, and both deployments survive the loss of a node', (t) => {
  const { spec } = find('HorizontalPodAutoscaler', 'marquee-api') as Autoscaler;
  t.like(spec.scaleTargetRef, { kind: 'Deployment', name: api.metadata.name });
  t.true(spec.minReplicas >= 2 && spec.maxReplicas > spec.minReplicas);
  t.is(api.spec.replicas, undefined, 'a number here would undo what the autoscaler found');
  t.is(ingest.spec.replicas, 2);
  for (const deployment of deployments) {
    t.deepEqual(
      deployment.spec.template.spec.topologySpreadConstraints.map(({ topologyKey }) => topologyKey),
      ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'],
    );
  }
});
