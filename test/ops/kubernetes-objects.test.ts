// The Kubernetes manifests, compared with the schemas of Kubernetes and with each other.

import { access } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import test from 'ava';
import { documentsOf, filesBelow, read, root, run } from './_files.ts';
import { faultsOf, type KubernetesObject } from './_schemas.ts';
import {
  folder,
  yamlFiles,
  deployments,
  policies,
  readKustomization,
  containerOf,
  matches,
  labelsOf,
  find,
  type Deployment,
  type DisruptionBudget,
} from './_manifests.ts';

for (const file of yamlFiles.filter((path) => !path.endsWith('kustomization.yaml'))) {
  test(`${file} is valid for Kubernetes`, async (t) => {
    const { patches = [] } = await readKustomization(overlayOf(file));
    const isPatch = patches.some(({ path }) => join(overlayOf(file), path) === file);
    for (const object of documentsOf<KubernetesObject>(await read(file))) {
      const faults = await faultsOf(object);
      // A patch omits fields that its target has.
      t.deepEqual(isPatch ? faults.filter((fault) => !fault.endsWith(': required')) : faults, []);
    }
  });
}

const overlayOf = (file: string): string =>
  file
    .split('/')
    .slice(0, file.includes('/base/') ? 3 : 4)
    .join('/');

test('the kustomization of each folder names every file, and every named file exists', async (t) => {
  for (const own of yamlFiles.filter((path) => path.endsWith('kustomization.yaml')).map(dirname)) {
    const {
      resources,
      patches = [],
      components = [],
      configMapGenerator = [],
    } = await readKustomization(own);
    const named = [
      'kustomization.yaml',
      ...resources,
      ...components,
      ...patches.map(({ path }) => path),
      ...configMapGenerator.flatMap(({ files = [] }) => files),
    ];
    t.is(new Set(named).size, named.length);
    for (const name of named) await t.notThrowsAsync(access(join(root, own, name)), `${own}: ${name}`);
    const there = (await filesBelow(own)).map((file) => relative(own, file));
    t.deepEqual(named.filter((name) => !name.startsWith('../')).toSorted(), there);
  }
});

for (const path of ['base', 'overlays/example']) {
  test(`kubectl renders ${path} to valid objects with consistent references`, async (t) => {
    const text = await run('kubectl', 'kustomize', join(folder, path));
    if (text === null) {
      t.log('Skipped: no kubectl here.');
      t.pass();
      return;
    }
    const objects = documentsOf<KubernetesObject>(text);
    const names = new Set(objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`));
    t.is(names.size, objects.length);
    for (const object of objects) {
      t.deepEqual(await faultsOf(object), [], object.metadata.name);
      if (path !== 'base' && object.kind !== 'Namespace') t.is(object.metadata.namespace, 'marquee');
      if (object.kind !== 'Deployment') continue;
      const { serviceAccountName, volumes } = (object as Deployment).spec.template.spec;
      t.true(names.has(`ServiceAccount/${serviceAccountName}`));
      for (const { configMap } of volumes) {
        if (configMap !== undefined) t.true(names.has(`ConfigMap/${configMap.name}`), configMap.name);
      }
      for (const { configMapRef } of containerOf(object as Deployment).envFrom) {
        t.true(names.has(`ConfigMap/${configMapRef.name}`), configMapRef.name);
      }
    }
  });
}

test('every selector matches existing pods', (t) => {
  const templates = deployments.map(labelsOf);
  for (const deployment of deployments) {
    t.true(matches(deployment.spec.selector.matchLabels, labelsOf(deployment)));
    for (const { labelSelector } of deployment.spec.template.spec.topologySpreadConstraints) {
      t.true(matches(labelSelector.matchLabels, labelsOf(deployment)));
    }
  }
  for (const { spec, metadata } of policies) {
    t.true(
      templates.some((labels) => matches(spec.podSelector.matchLabels, labels)),
      metadata.name,
    );
  }
  for (const [kind, name] of [
    ['PodDisruptionBudget', 'marquee-api'],
    ['PodDisruptionBudget', 'marquee-ingest'],
  ] as const) {
    const { spec } = find(kind, name) as DisruptionBudget;
    t.deepEqual(
      deployments
        .filter((each) => matches(spec.selector.matchLabels, labelsOf(each)))
        .map((each) => each.metadata.name),
      [name],
    );
  }
});
