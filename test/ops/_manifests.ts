// The Kubernetes manifests as objects: the part of their shape that the tests read.

import { documentsOf, filesBelow, read } from './_files.ts';
import type { KubernetesObject } from './_schemas.ts';

export interface Probe {
  httpGet: { path: string; port: string };
}
export interface Container {
  image: string;
  ports: { name: string; containerPort: number }[];
  env: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  envFrom: { configMapRef: { name: string } }[];
  startupProbe: Probe;
  livenessProbe: Probe;
  readinessProbe: Probe;
  lifecycle?: { preStop: { sleep: { seconds: number } } };
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  securityContext: object;
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
}
export interface Volume {
  name: string;
  emptyDir?: { sizeLimit: string };
  configMap?: { name: string };
}
export interface Deployment extends KubernetesObject {
  spec: {
    replicas?: number;
    selector: { matchLabels: Labels };
    template: {
      metadata: { labels: Labels };
      spec: {
        serviceAccountName: string;
        automountServiceAccountToken: boolean;
        terminationGracePeriodSeconds: number;
        securityContext: object;
        topologySpreadConstraints: { topologyKey: string; labelSelector: { matchLabels: Labels } }[];
        containers: [Container];
        volumes: Volume[];
      };
    };
  };
}
export type Labels = Record<string, string>;
export interface Peer {
  ipBlock?: { cidr: string; except?: string[] };
  namespaceSelector?: { matchLabels?: Labels };
  podSelector?: { matchLabels: Labels };
}
export interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports: { port: number | string }[];
}
export interface NetworkPolicy extends KubernetesObject {
  spec: { podSelector: { matchLabels: Labels }; policyTypes: string[]; ingress?: Rule[]; egress?: Rule[] };
}
export interface Kustomization {
  resources: string[];
  patches?: { path: string }[];
  components?: string[];
  configMapGenerator?: { name: string; files?: string[]; literals?: string[] }[];
}

export interface Service extends KubernetesObject {
  spec: { selector: Labels; ports: { name: string; targetPort: string }[] };
}
export interface DisruptionBudget extends KubernetesObject {
  spec: { selector: { matchLabels: Labels } };
}
export interface Autoscaler extends KubernetesObject {
  spec: { minReplicas: number; maxReplicas: number; scaleTargetRef: { kind: string; name: string } };
}

export const folder = 'ops/kubernetes';
export const yamlFiles = (await filesBelow(folder)).filter((path) => path.endsWith('.yaml'));
export const base = await objectsBelow(`${folder}/base`);
export const deployments = base.filter((object): object is Deployment => object.kind === 'Deployment');
export const [api, ingest] = ['marquee-api', 'marquee-ingest'].map((wanted) =>
  deployments.find(({ metadata }) => metadata.name === wanted)!,
) as [Deployment, Deployment];
export const policies = base.filter((object): object is NetworkPolicy => object.kind === 'NetworkPolicy');
export const kustomization = await readKustomization(`${folder}/base`);

async function objectsBelow(path: string): Promise<KubernetesObject[]> {
  const files = yamlFiles.filter((file) => file.startsWith(path) && !file.endsWith('kustomization.yaml'));
  return (
    await Promise.all(files.map(async (file) => documentsOf<KubernetesObject>(await read(file))))
  ).flat();
}
export async function readKustomization(path: string): Promise<Kustomization> {
  return documentsOf<Kustomization>(await read(`${path}/kustomization.yaml`))[0]!;
}
export const containerOf = (deployment: Deployment): Container => deployment.spec.template.spec.containers[0];
export const matches = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([name, value]) => labels[name] === value);
export const labelsOf = (deployment: Deployment): Labels => deployment.spec.template.metadata.labels;

/** The variables of a container: an example URL for each secret, all others unchanged. */
export function variablesOf(deployment: Deployment): Record<string, string> {
  const { env, envFrom } = containerOf(deployment);
  const shared = kustomization
    .configMapGenerator!.filter(({ name }) => envFrom.some(({ configMapRef }) => configMapRef.name === name))
    .flatMap(({ literals = [] }) => literals.map((literal) => literal.split('=', 2) as [string, string]));
  const secrets: Record<string, string> = {
    'marquee-admin': 'a-secret-of-admins',
    'marquee-redis': 'rediss://user:password@host:6379',
    'marquee-archive': 'postgres://user:password@host/database',
  };
  const own = env.map(({ name, value, valueFrom }): [string, string] => [
    name,
    value ?? secrets[valueFrom!.secretKeyRef.name]!,
  ]);
  return Object.fromEntries([...shared, ...own]);
}

export const find = (kind: string, name: string): KubernetesObject =>
  base.find((object) => object.kind === kind && object.metadata.name === name)!;
