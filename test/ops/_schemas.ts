// Whether Kubernetes accepts an object: the validators generated from its own schemas. They ignore unknown fields, so a
// recording proxy finds the fields that they never read.

type Validate = ((object: object) => boolean) & {
  errors?: { instancePath: string; keyword: string }[] | null;
};

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
}

/** All faults of the object, as `path: fault`. Throws for an unknown kind. */
export async function faultsOf(object: KubernetesObject): Promise<string[]> {
  const { validate } = (await import(moduleOf(object))) as { validate: Validate };
  const unread = watched(object, validate);
  const faults = (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath}: ${keyword}`);
  return [...faults, ...unread.map((path) => `${path}: unknown`)];
}

/**
 * `apps/v1`, `Deployment` → `kubernetes-models/_schemas/IoK8sApiAppsV1Deployment`; those of the Prometheus operator and of the
 * Gateway API have packages of their own.
 */
function moduleOf({ apiVersion, kind }: KubernetesObject): string {
  if (apiVersion === 'gateway.networking.k8s.io/v1')
    return `@kubernetes-models/gateway-api/_schemas/IoK8sSigsGatewayApiApisV1${kind}`;
  if (apiVersion === 'monitoring.coreos.com/v1') {
    const prefix = 'ComGithubPrometheusOperatorPrometheusOperatorPkgApisMonitoringV1';
    // By its path: the package does not export its schemas.
    const directory = '../../node_modules/@kubernetes-models/prometheus-operator/_schemas/';
    return new URL(`${directory}${prefix}${kind}.js`, import.meta.url).href;
  }
  const [version, group = 'core'] = apiVersion.split('/').toReversed();
  const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);
  return `kubernetes-models/_schemas/IoK8sApi${capital(group.split('.')[0]!)}${capital(version!)}${kind}`;
}

/** Calls `look`, and returns the paths of the members of `object` that it never read. */
function watched(object: object, look: (seen: object) => unknown): string[] {
  const asked = new Set<string>();
  const watch = <T extends object>(inner: T, path: string): T =>
    new Proxy(inner, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        const at = `${path}/${String(key)}`;
        asked.add(at);
        return typeof value === 'object' && value !== null ? watch(value, at) : value;
      },
    });
  look(watch(object, ''));
  return pathsOf(object, '').filter((path) => !asked.has(path));
}

function pathsOf(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = `${path}/${key}`;
    return [at, ...pathsOf(inner, at)];
  });
}
