// docker-compose.yml: two hosts, their shared services, and no port that is open to the network.

import { access } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { variables } from '#/variables.ts';
import { configOf, read, readJson, readYaml, root, stopSeconds, type ProvidersFile } from './_files.ts';

interface Service {
  image: string;
  build?: { context: string; dockerfile: string };
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  tmpfs: string[];
  expose?: string[];
  networks: string[];
  depends_on?: Record<string, { condition: string }>;
  read_only: boolean;
  cap_drop: string[];
  security_opt: string[];
  mem_limit: string;
  logging: { options: Record<string, string> };
  healthcheck: { test?: string[]; disable?: boolean };
  stop_grace_period?: string;
}
interface Compose {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean } | null>;
  volumes: Record<string, unknown>;
}

const compose = await readYaml<Compose>('docker-compose.yml');
const { services } = compose;
const hosts = Object.entries(services).filter(([, service]) => service.environment?.['ROLES'] !== undefined);

/** `${NAME:-default}` → `default`, as docker compose does when .env has no value. */
const withDefaults = (env: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, value.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')]),
  );
const sourceOf = (service: Service, target: string): string | undefined =>
  service.volumes?.map((volume) => volume.split(':')).find(([, path]) => path === target)?.[0];

test('every port is published on this machine only, and no two are the same', (t) => {
  const published = Object.entries(services).flatMap(([name, { ports = [] }]) =>
    ports.map((port) => [name, port] as const),
  );
  for (const [name, port] of published) t.regex(port, /^127\.0\.0\.1:\d+:\d+$/, name);
  t.is(new Set(published.map(([, port]) => port.split(':')[1])).size, published.length);
});

test('every container has the least privileges with which it works', (t) => {
  for (const [name, service] of Object.entries(services)) {
    t.true(service.read_only, name);
    t.deepEqual(service.cap_drop, ['ALL'], name);
    t.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
    t.true(service.tmpfs.includes('/tmp'), name);
    t.truthy(service.mem_limit, name);
    t.truthy(service.logging.options['max-size'], name);
    t.regex(service.image, /^[\w./-]+:(?!latest)[\w.-]+$/, name);
    t.true(service.healthcheck.disable === true || (service.healthcheck.test ?? []).length > 0, name);
  }
});

test('every built, mounted and executed file exists', async (t) => {
  for (const [name, service] of Object.entries(services)) {
    if (service.build !== undefined) {
      await t.notThrowsAsync(access(join(root, service.build.context, service.build.dockerfile)), name);
    }
    for (const volume of service.volumes ?? []) {
      const source = volume.split(':')[0]!;
      if (source.startsWith('.')) await t.notThrowsAsync(access(join(root, source)), volume);
      else t.true(source in compose.volumes, `Got volume ${source}, expected it declared.`);
    }
    for (const script of (service.command ?? []).filter((word) => word.endsWith('.ts'))) {
      await t.notThrowsAsync(access(join(root, script)), script);
    }
    for (const network of service.networks) t.true(network in compose.networks, `${name}: ${network}`);
    for (const other of Object.keys(service.depends_on ?? {})) t.true(other in services, `${name}: ${other}`);
  }
});

test('two hosts run every role, each on a volume of its own', (t) => {
  t.is(hosts.length, 2);
  const kept = hosts.map(([, host]) => sourceOf(host, host.environment!['DATA_DIR']!));
  t.is(new Set(kept).size, 2);
  for (const [name, host] of hosts) {
    const env = withDefaults(host.environment!);
    const known = new Set(Object.keys(variables));
    t.deepEqual(
      Object.keys(env).filter((variable) => !known.has(variable)),
      [],
      name,
    );
    const config = configOf(env, sourceOf(host, env['PROVIDERS_FILE']!)!);
    t.deepEqual(config.roles, ['api', 'ingest']);
    t.is(config.dataDir, '/data');
    t.deepEqual(
      host.ports!.map((port) => port.split(':')[2]),
      [String(config.adminPort)],
    );
    t.is(config.adminHost, '0.0.0.0');
  }
});

test('the hosts have the addresses of Redis, PostgreSQL and the provider, and wait for the first two', async (t) => {
  for (const [name, host] of hosts) {
    const { REDIS_URL, ARCHIVE_URL } = withDefaults(host.environment!);
    const [redis, archive] = [new URL(REDIS_URL!), new URL(ARCHIVE_URL!)];
    for (const { hostname } of [redis, archive]) {
      t.is(host.depends_on![hostname]?.condition, 'service_healthy', name);
      t.true(host.networks.some((network) => services[hostname]!.networks.includes(network)));
    }
    t.is(redis.password, withDefaults(services[redis.hostname]!.environment!)['REDISCLI_AUTH']!);
    const { POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD } = withDefaults(
      services[archive.hostname]!.environment!,
    );
    t.deepEqual(
      [archive.username, archive.pathname, archive.password],
      [POSTGRES_USER!, `/${POSTGRES_DB}`, POSTGRES_PASSWORD!],
    );
  }
  const { providers } = await readJson<ProvidersFile>('ops/compose/providers.json');
  const { hostname, port } = new URL(providers[0]!.url);
  t.deepEqual(services[hostname]!.expose, [port]);
  t.true(services[hostname]!.command!.includes(port));
});

test('only the hosts can reach Redis and PostgreSQL', (t) => {
  t.true(compose.networks['back']?.internal);
  for (const [name, service] of Object.entries(services)) {
    if (service.ports !== undefined)
      t.is(service.networks.includes('back'), name.startsWith('marquee-'), name);
    else for (const network of service.networks) t.true(compose.networks[network]?.internal, name);
  }
  t.deepEqual(services['balancer']!.networks, ['front']);
});

test('a host has enough time to stop', async (t) => {
  for (const [name, host] of hosts) {
    const roles = host.environment!['ROLES']!.split(',').length;
    const graceSeconds = Number(/^(\d+)s$/.exec(host.stop_grace_period!)?.[1]);
    t.true(graceSeconds > roles * (await stopSeconds()), `${name}: ${graceSeconds} s`);
  }
});

test('every secret comes from .env, and the example has each variable with its default', async (t) => {
  const text = await read('docker-compose.yml');
  const asked = [...text.matchAll(/\$\{(\w+):-([^}]+)\}/g)].map(([, name, value]) => `${name}=${value}`);
  t.is(asked.length, [...text.matchAll(/(?<!\$)\$\{/g)].length, 'each has a default');
  const example = (await read('ops/compose/example.env')).split('\n').filter((line) => /^\w/.test(line));
  t.deepEqual(example.toSorted(), [...new Set(asked)].toSorted());
  for (const { environment = {} } of Object.values(services)) {
    for (const [name, value] of Object.entries(environment)) {
      if (/PASSWORD|AUTH$|_URL/.test(name)) t.regex(value, /\$\{/, name);
    }
  }
});

test('Redis evicts nothing, and its limit is below that of its container', async (t) => {
  const lines = (await read('ops/compose/redis.conf')).matchAll(/^([a-z-]+) (.+)$/gm);
  const settings = new Map([...lines].map(([, name, value]) => [name, value]));
  t.is(settings.get('maxmemory-policy'), 'noeviction');
  t.true(Number.parseInt(settings.get('maxmemory')!, 10) < Number.parseInt(services['redis']!.mem_limit, 10));
  t.true(services['redis']!.command!.join(' ').includes(services['redis']!.volumes![0]!.split(':')[1]!));
});

test('the providers files differ in the address only', async (t) => {
  const strip = ({ providers }: ProvidersFile) =>
    providers.map(({ url, ...rest }) => [rest, new URL(url).pathname]);
  const here = strip(await readJson<ProvidersFile>('ops/providers.json'));
  t.deepEqual(strip(await readJson<ProvidersFile>('ops/compose/providers.json')), here);
  t.deepEqual(strip(await readJson<ProvidersFile>('ops/kubernetes/base/providers.json')), here);
});
