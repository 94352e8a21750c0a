// The configuration: its schema and its --help say the same, and each fault names what was got and expected.

import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { hashOf } from '#/access/key.ts';
import { configurationFor, withoutSecrets } from '#/supervisor/processes/child-configuration.ts';
import { ConfigError } from '../src/config-fault.ts';
import { helpText, readConfig, type Config } from '../src/config.ts';
import { variables } from '../src/variables.ts';
import { formatNames } from '../src/provider/provider.ts';
import { makeCertificate } from './_support/certificate.ts';
import { directoryFor, root } from './system/_system.ts';

const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');
const names = Object.keys(variables);

function faultsOf(environment: NodeJS.ProcessEnv): string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n').slice(1);
  }
}

const url = 'http://127.0.0.1:1/feed';

test('--help has every variable', (t) => {
  t.deepEqual(
    Array.from(helpText().matchAll(/^ {2}([A-Z_]+) /gm), ([, name]) => name),
    names,
  );
});

test('a range in the type of a variable is what its schema accepts', (t) => {
  let checked = 0;
  for (const [name, { schema, type }] of Object.entries(variables)) {
    const [, least, most] = /, ([\d.]+) to (\d+)$/.exec(type) ?? [];
    if (least === undefined || most === undefined) continue;
    checked++;
    const accepts = (value: number): boolean => schema.safeParse(String(value)).success;
    t.true(accepts(Number(least)) && accepts(Number(most)), `${name}: ${type}`);
    t.false(accepts(Number(least) - 0.01) || accepts(Number(most) + 1), `${name}: ${type}`);
  }
  t.true(checked > 10);
});

test('a default of a variable is what its schema gives', (t) => {
  let checked = 0;
  for (const [name, { schema, default: fallback }] of Object.entries(variables)) {
    const value = schema.safeParse(undefined).data;
    if (value === undefined || fallback.startsWith('available parallelism')) continue;
    checked++;
    t.is(String(value), fallback, name);
  }
  t.true(checked > 15);
});

test('a variable that is not set has its documented default', (t) => {
  const { providers, ...config } = readConfig({ PROVIDER_URL: url, PORT: '' });
  const cores = availableParallelism();
  t.like(config, {
    host: '0.0.0.0',
    port: 8000,
    adminHost: '127.0.0.1',
    adminPort: 9000,
    apiWorkers: cores,
    ingestThreads: Math.min(cores, 4),
    dataDir: './data',
    archiveUrl: 'sqlite:data/archive.sqlite',
    roles: ['api', 'ingest'],
    logLevel: 'info',
  });
  t.is(providers.length, 1);
  t.like(providers[0], { name: 'default', url, format: 'auto', timeZone: 'UTC', pollSeconds: 60 });
});

test('memory limits are a share of the available memory, unless they are set', (t) => {
  const limits = (environment: Record<string, string>): number[] => {
    const { apiMemoryMegabytes, ingestMemoryMegabytes } = readConfig(
      { PROVIDER_URL: url, ...environment },
      2147,
    );
    return [apiMemoryMegabytes, ingestMemoryMegabytes];
  };
  t.deepEqual(limits({ API_WORKERS: '2' }), [445, 445]);
  t.deepEqual(limits({ API_WORKERS: '2', ROLES: 'ingest' })[1], 1782);
  t.deepEqual(limits({ API_WORKERS: '2', API_MEMORY_MEGABYTES: '0' }), [0, 445]);
  t.deepEqual(limits({ API_WORKERS: '2', INGEST_MEMORY_MEGABYTES: '900' }), [445, 900]);
});

test('CORS_ORIGINS has at most 100 origins, and its fault shows no password', (t) => {
  const listed = (length: number): string => Array.from({ length }, (_, i) => `http://a:${i + 1}`).join();
  t.deepEqual(faultsOf({ PROVIDER_URL: url, CORS_ORIGINS: listed(100) }), []);
  t.regex(faultsOf({ PROVIDER_URL: url, CORS_ORIGINS: listed(101) }).join(), /: there are 101$/);
  const told = faultsOf({ PROVIDER_URL: url, CORS_ORIGINS: 'https://me:secret@shop.example' }).join();
  t.regex(told, /number 1 is not an origin/);
  t.notRegex(told, /secret/);
});

test('each variable has its effect', async (t) => {
  const directory = await directoryFor(t);
  const file = join(directory, 'providers.json');
  await writeFile(file, JSON.stringify({ providers: [{ name: 'filed', url }] }));
  const envFile = join(directory, 'marquee.env');
  await writeFile(envFile, "# A comment\nCACHE_CONTROL='no-cache'\n");
  const keys = join(directory, 'keys.json');
  const hash = `sha256:${'0'.repeat(64)}`;
  await writeFile(keys, JSON.stringify({ keys: [{ name: 'shop', hash, scopes: ['search:read'] }] }));
  const pair = await makeCertificate(directory, 'own');
  const effects: Record<string, [value: string, look: (config: Config) => unknown, wanted: unknown]> = {
    HOST: ['::1', ({ host }) => host, '::1'],
    PORT: ['0', ({ port }) => port, 0],
    ADMIN_HOST: ['::1', ({ adminHost }) => adminHost, '::1'],
    ADMIN_PORT: ['65535', ({ adminPort }) => adminPort, 65_535],
    API_WORKERS: ['3', ({ apiWorkers }) => apiWorkers, 3],
    INGEST_THREADS: ['7', ({ ingestThreads }) => ingestThreads, 7],
    DATA_DIR: [
      '/var/x',
      ({ dataDir, archiveUrl }) => [dataDir, archiveUrl],
      ['/var/x', 'sqlite:/var/x/archive.sqlite'],
    ],
    PROVIDERS_FILE: [file, ({ providers }) => providers[0]?.name, 'filed'],
    PROVIDER_URL: [`${url}2`, ({ providers }) => providers[0]?.url, `${url}2`],
    POLL_SECONDS: [
      '0.5',
      ({ providers }) => [providers[0]?.pollSeconds, providers[0]?.pollSecondsMax],
      [0.5, 0.5],
    ],
    ARCHIVE_URL: ['sqlite:/var/y', ({ archiveUrl }) => archiveUrl, 'sqlite:/var/y'],
    REDIS_URL: ['redis://127.0.0.1:1/2', ({ redis }) => [redis?.kind, redis?.database], ['single', 2]],
    REDIS_PREFIX: ['north', ({ redisPrefix }) => redisPrefix, 'north'],
    SINGLE_INGEST_HOST: ['true', ({ redis }) => redis?.kind, 'single'],
    FEED_BODIES_MEGABYTES: ['1.5', ({ feedBodiesBytesMax }) => feedBodiesBytesMax, 1_500_000],
    ROLES: ['ingest', ({ roles }) => roles, ['ingest']],
    CACHE_CONTROL: ['no-store', ({ cacheControl }) => cacheControl, 'no-store'],
    CACHE_MEGABYTES: ['7', ({ cacheMegabytes }) => cacheMegabytes, 7],
    CORS_ORIGINS: [
      ' HTTPS://Shop.example:443, http://localhost:3000',
      ({ corsOrigins }) => corsOrigins,
      ['https://shop.example', 'http://localhost:3000'],
    ],
    SEARCH_STRICT: ['true', ({ searchStrict }) => searchStrict, true],
    API_MEMORY_MEGABYTES: ['300', ({ apiMemoryMegabytes }) => apiMemoryMegabytes, 300],
    INGEST_MEMORY_MEGABYTES: ['0', ({ ingestMemoryMegabytes }) => ingestMemoryMegabytes, 0],
    LOOP_DELAY_MILLISECONDS: ['250.5', ({ loopDelayMs }) => loopDelayMs, 250.5],
    BUSY_MILLISECONDS: ['50', ({ busyMs }) => busyMs, 50],
    CONNECTIONS_MAX: ['20', ({ connectionsMax }) => connectionsMax, 20],
    LISTENERS_MAX: ['30', ({ listenersMax }) => listenersMax, 30],
    STOP_PAUSE_SECONDS: ['0.5', ({ stopPauseSeconds }) => stopPauseSeconds, 0.5],
    ENV_FILE: [envFile, ({ cacheControl }) => cacheControl, 'no-cache'],
    API_KEYS_FILE: [keys, ({ access }) => access.keys?.length, 1],
    AUTH_ISSUER: ['https://a.example', ({ access }) => access.issuer?.url, 'https://a.example'],
    AUTH_AUDIENCE: ['shop', ({ access }) => access.issuer?.audience, 'shop'],
    AUTH_ALGORITHMS: ['ES384, EdDSA', ({ access }) => access.issuer?.algorithms, ['ES384', 'EdDSA']],
    AUTH_JWKS_URL: ['https://a.example/k', ({ access }) => access.issuer?.keysUrl, 'https://a.example/k'],
    AUTH_TOLERANCE_SECONDS: ['5', ({ access }) => access.issuer?.toleranceSeconds, 5],
    ADMIN_TOKEN: ['a-secret-of-admins', ({ access }) => access.adminTokenHash?.length, 64],
    RATE_LIMIT: ['600', ({ rate }) => rate?.limit, 600],
    RATE_WINDOW_SECONDS: ['10', ({ rate }) => rate?.windowSeconds, 10],
    TRUST_PROXY: ['10.0.0.0/8, ::1', ({ rate }) => rate?.trustedProxies, ['10.0.0.0/8', '::1']],
    PUBLIC_URL: ['https://a.example/api/', ({ rpde }) => rpde.publicUrl, 'https://a.example/api'],
    RPDE_LICENSE: ['https://a.example/by', ({ rpde }) => rpde.license, 'https://a.example/by'],
    TLS_CERT: [pair.certFile, ({ tls }) => tls.api?.cert, pair.cert],
    TLS_KEY: [pair.keyFile, ({ tls }) => tls.api?.key, pair.key],
    TLS_REDIRECT_PORT: ['80', ({ tls }) => tls.redirectPort, 80],
    ADMIN_TLS: ['true', ({ tls }) => tls.admin?.clientCa, null],
    ADMIN_CLIENT_CA: [pair.certFile, ({ tls }) => tls.admin?.clientCa, pair.cert],
    LOG_LEVEL: ['trace', ({ logLevel }) => logLevel, 'trace'],
    ACCESS_LOG_SHARE: ['1', ({ accessLogShare }) => accessLogShare, 1],
    SLOW_MS: ['5', ({ slowMs }) => slowMs, 5],
    OTEL_TRACES_SAMPLER: ['always_on', ({ tracing }) => tracing?.sampler, 'always_on'],
    OTEL_TRACES_SAMPLER_ARG: ['0.5', ({ tracing }) => tracing?.ratio, 0.5],
    OTEL_EXPORTER_OTLP_ENDPOINT: ['http://c:4318/', ({ tracing }) => tracing?.url, 'http://c:4318/v1/traces'],
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: ['http://c/own', ({ tracing }) => tracing?.url, 'http://c/own'],
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: ['http://c/own', ({ otlp }) => otlp.metrics?.url, 'http://c/own'],
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: ['http://c/own', ({ otlp }) => otlp.logs?.url, 'http://c/own'],
    OTEL_EXPORTER_OTLP_PROTOCOL: ['http/json', ({ tracing }) => tracing?.protocol, 'http/json'],
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: ['http/json', ({ tracing }) => tracing?.protocol, 'http/json'],
    OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: ['http/json', ({ otlp }) => otlp.metrics?.protocol, 'http/json'],
    OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: ['http/json', ({ otlp }) => otlp.logs?.protocol, 'http/json'],
    OTEL_EXPORTER_OTLP_HEADERS: ['api-key=s%3D', ({ tracing }) => tracing?.headers, { 'api-key': 's=' }],
    OTEL_TRACES_EXPORTER: ['none', ({ tracing }) => tracing, null],
    OTEL_METRICS_EXPORTER: ['none', ({ otlp }) => otlp.metrics, null],
    OTEL_LOGS_EXPORTER: ['otlp', ({ otlp }) => otlp.logs?.url, 'http://127.0.0.1:4318/v1/logs'],
    OTEL_METRIC_EXPORT_INTERVAL: ['5000', ({ otlp }) => otlp.metrics?.intervalMs, 5000],
    OTEL_RESOURCE_ATTRIBUTES: [
      'a.b=c%2Cd, service.name=box-office',
      ({ tracing, otlp }) => [tracing?.attributes, otlp.service],
      [{ 'a.b': 'c,d', 'service.name': 'box-office' }, 'box-office'],
    ],
    OTEL_SERVICE_NAME: ['box-office', ({ tracing }) => tracing?.service, 'box-office'],
    OTEL_SDK_DISABLED: ['TRUE', ({ tracing, otlp }) => tracing ?? otlp.metrics, null],
  };
  t.deepEqual(Object.keys(effects), names);
  for (const [name, [value, look, wanted]] of Object.entries(effects)) {
    const traced = /^OTEL_(?!EXPORTER_OTLP_(?:.*_)?ENDPOINT)/.test(name)
      ? { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }
      : {};
    const logged = /_LOGS_/.test(name) ? { OTEL_LOGS_EXPORTER: 'otlp' } : {};
    const issued = name.startsWith('AUTH_')
      ? { AUTH_ISSUER: 'https://issuer.example', AUTH_AUDIENCE: 'marquee' }
      : {};
    const secured = /^(?:TLS|ADMIN_(?:TLS|CLIENT))/.test(name)
      ? {
          TLS_CERT: pair.certFile,
          TLS_KEY: pair.keyFile,
          ...(name === 'ADMIN_CLIENT_CA' && { ADMIN_TLS: 'true' }),
        }
      : {};
    const limited = /^(?:RATE_WINDOW|TRUST)_/.test(name) ? { RATE_LIMIT: '1' } : {};
    const shared =
      name === 'REDIS_URL'
        ? { SINGLE_INGEST_HOST: 'true' }
        : name === 'SINGLE_INGEST_HOST'
          ? { REDIS_URL: 'redis://127.0.0.1:1' }
          : {};
    t.deepEqual(
      look(
        readConfig({
          PROVIDERS_FILE: file,
          ...traced,
          ...logged,
          ...issued,
          ...limited,
          ...secured,
          ...shared,
          [name]: value,
        }),
      ),
      wanted,
      name,
    );
  }
});

test('ingest with Redis and an archive in SQLite is refused, unless it is the only ingest host', (t) => {
  const redis = { PROVIDER_URL: url, REDIS_URL: 'redis://127.0.0.1:1' };
  for (const archive of [{}, { ARCHIVE_URL: 'sqlite:/var/own.sqlite' }]) {
    t.regex(
      faultsOf({ ...redis, ...archive }).join(),
      /ARCHIVE_URL: got .*postgres:.*SINGLE_INGEST_HOST=true/,
    );
    t.notThrows(() => readConfig({ ...redis, ...archive, ROLES: 'api' }));
    t.notThrows(() => readConfig({ ...redis, ...archive, SINGLE_INGEST_HOST: 'true' }));
  }
  t.notThrows(() => readConfig({ ...redis, ARCHIVE_URL: 'postgres://m@127.0.0.1/m' }));
});

test('all faults are reported at once, each with the variable, what was got and what was expected', (t) => {
  const bad = {
    PORT: '70000',
    ADMIN_PORT: '80.5',
    API_WORKERS: '0',
    INGEST_THREADS: 'all',
    PROVIDER_URL: 'ftp://127.0.0.1/feed',
    POLL_SECONDS: '0',
    ARCHIVE_URL: 'mysql:archive',
    ROLES: 'api;ingest',
    LOG_LEVEL: 'loud',
  };
  const told = faultsOf({ ...bad, PROVIDERS_FILE: '/nowhere/providers.json' });
  for (const [name, value] of Object.entries({ ...bad, PROVIDERS_FILE: '/nowhere/providers.json' })) {
    const lines = told.filter((line) => line.startsWith(`  ${name}: got ${JSON.stringify(value)}, `));
    t.is(lines.length, 1, `${name}: ${told.join('\n')}`);
    t.regex(lines[0]!, /, .*\S/);
  }
});

const far = 'a text that is far too long '.repeat(20);
const range = (least: number, most: number): string => `expected a number from ${least} to ${most}`;
const whole = (least: number, most: number): string => `expected a whole number from ${least} to ${most}`;
const address = 'expected http://… or https://…';
const protocols = 'expected http/protobuf or http/json.';
const pairs = (example: string): string =>
  `expected at most 64 pairs such as ${example}, separated by commas, percent-encoded`;
const levels = 'expected trace, debug, info, warn, error, fatal or silent.';
const notOrigin = (why: string): string =>
  `expected * or at most 100 origins such as https://shop.example or http://localhost:3000, separated by commas: ${why}`;

/** For each variable, wrong values and what is expected instead. HOST and others accept any text. */
const wrong: Partial<Record<string, readonly [value: string, expected: string][]>> = {
  PORT: [
    ['abc', whole(0, 65_535)],
    ['-1', whole(0, 65_535)],
    ['80.5', whole(0, 65_535)],
    [' ', whole(0, 65_535)],
  ],
  ADMIN_PORT: [['65536', whole(0, 65_535)]],
  API_WORKERS: [['0', whole(1, 256)]],
  INGEST_THREADS: [['all', whole(1, 64)]],
  PROVIDER_URL: [
    ['localhost:8100/plans', address],
    ['/plans', address],
    ['file:///plans.xml', address],
  ],
  POLL_SECONDS: [['1m', range(0.05, 86_400)]],
  ARCHIVE_URL: [['archive.sqlite', 'expected sqlite:PATH or postgres://…']],
  REDIS_URL: [['localhost:6379', 'expected redis://host:6379, redis+sentinel://… or redis+cluster://…']],
  REDIS_PREFIX: [['a b', 'expected at most 64 letters, digits and any of _ . : -']],
  FEED_BODIES_MEGABYTES: [['256MB', range(0, 100_000)]],
  ROLES: [['web', 'expected api, ingest or api,ingest']],
  CACHE_CONTROL: [['no-store\r\nX: y', 'expected a header value: 1 to 200 printable ASCII characters']],
  CACHE_MEGABYTES: [['-5', range(0, 10_000)]],
  CORS_ORIGINS: [
    ['https://shop.example/path', notOrigin('number 1 is not an origin')],
    ['https://shop.example, shop.example', notOrigin('number 2 is not an origin')],
    ['https://*.shop.example', notOrigin('number 1 is not an origin')],
    ['https://shop.example,*', notOrigin('number 2 is not an origin')],
    ['ftp://shop.example', notOrigin('number 1 is not an origin')],
    ['https://shop.example:99999', notOrigin('number 1 is not an origin')],
    ['null', notOrigin('number 1 is not an origin')],
  ],
  SEARCH_STRICT: [['yes', 'expected true or false']],
  API_MEMORY_MEGABYTES: [['2g', range(0, 1_000_000)]],
  INGEST_MEMORY_MEGABYTES: [['2g', range(0, 1_000_000)]],
  LOOP_DELAY_MILLISECONDS: [['NaN', range(0, 60_000)]],
  BUSY_MILLISECONDS: [['60001', range(0, 60_000)]],
  CONNECTIONS_MAX: [['1e9', whole(1, 1_000_000)]],
  LISTENERS_MAX: [['1e9', whole(0, 100_000)]],
  STOP_PAUSE_SECONDS: [['Infinity', range(0, 600)]],
  LOG_LEVEL: [
    ['loud', levels],
    ['dubug', `${levels} Did you mean debug?`],
  ],
  ACCESS_LOG_SHARE: [['50%', range(0, 1)]],
  SLOW_MS: [['0', range(1, 60_000)]],
  OTEL_TRACES_SAMPLER: [
    [
      'alway_on',
      'expected always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off or parentbased_traceidratio. Did you mean always_on?',
    ],
  ],
  OTEL_TRACES_SAMPLER_ARG: [['2', range(0, 1)]],
  OTEL_EXPORTER_OTLP_ENDPOINT: [['collector:4318', address]],
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: [['grpc://collector', address]],
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: [['collector', address]],
  OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: [['collector', address]],
  OTEL_EXPORTER_OTLP_PROTOCOL: [['grpc', protocols]],
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: [['grpc', protocols]],
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: [['grpc', protocols]],
  OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: [['grpc', protocols]],
  OTEL_EXPORTER_OTLP_HEADERS: [['a-secret-token', pairs('api-key=…')]],
  OTEL_TRACES_EXPORTER: [['zipkin', 'expected otlp or none.']],
  OTEL_METRICS_EXPORTER: [['prometheus', 'expected otlp or none.']],
  OTEL_LOGS_EXPORTER: [['console', 'expected otlp or none.']],
  OTEL_METRIC_EXPORT_INTERVAL: [['99', whole(100, 3_600_000)]],
  OTEL_RESOURCE_ATTRIBUTES: [
    ['stage', pairs('deployment.environment.name=stage')],
    ['a=%zz', pairs('deployment.environment.name=stage')],
  ],
  OTEL_SERVICE_NAME: [['two words', 'expected 1 to 100 printable ASCII characters without blanks']],
  OTEL_SDK_DISABLED: [['yes', 'expected true or false']],
  SINGLE_INGEST_HOST: [['yes', 'expected true or false']],
  PUBLIC_URL: [['events.example', address]],
  RPDE_LICENSE: [['CC-BY', address]],
  TLS_REDIRECT_PORT: [['0', 'expected a whole number from 1 to 65535']],
  ADMIN_TLS: [['yes', 'expected true or false']],
  RATE_LIMIT: [['-1', 'expected a whole number from 0 to 1000000000']],
  RATE_WINDOW_SECONDS: [['0', 'expected a whole number from 1 to 3600']],
  TRUST_PROXY: [
    ['proxy.example', 'expected at most 100 addresses or ranges'],
    ['10.0.0.0/33', 'expected at most 100 addresses or ranges'],
  ],
  AUTH_ISSUER: [['http://issuer.example', 'expected https://…, or http:// on this host']],
  AUTH_JWKS_URL: [['ftp://issuer.example', 'expected https://…, or http:// on this host']],
  AUTH_ALGORITHMS: [['HS256', 'expected RS256, RS384, ']],
  AUTH_TOLERANCE_SECONDS: [['301', 'expected a number from 0 to 300']],
};
// Secrets, keys and certificates have tests of their own.
const anyText = [
  'HOST',
  'ADMIN_HOST',
  'DATA_DIR',
  'PROVIDERS_FILE',
  'ENV_FILE',
  'ADMIN_TOKEN',
  'API_KEYS_FILE',
  'AUTH_AUDIENCE',
  'TLS_CERT',
  'TLS_KEY',
  'ADMIN_CLIENT_CA',
];

test('the fault of each variable has the expected value', (t) => {
  t.deepEqual([...Object.keys(wrong), ...anyText].toSorted(), names.toSorted(), 'every variable is tested');
  for (const [name, cases] of Object.entries(wrong))
    for (const [value, expected] of cases ?? []) {
      const told = faultsOf({ PROVIDER_URL: url, [name]: value });
      t.true(
        told.some((line) => line.startsWith(`  ${name}: got ${JSON.stringify(value)}, ${expected}`)),
        told.join('\n'),
      );
    }
});

test('the fault of each field of a providers file has the expected value', async (t) => {
  const directory = await directoryFor(t);
  const file = join(directory, 'providers.json');
  const told = async (content: unknown): Promise<string[]> => {
    await writeFile(file, JSON.stringify(content));
    return faultsOf({ PROVIDERS_FILE: file }).map((line) =>
      line.replace(`  PROVIDERS_FILE ${file}`, '').replace(/^: /, ''),
    );
  };
  const name = 'expected lower-case letters, digits, - and _, at most 63';
  const formats = `expected ${formatNames.join(', ')} or auto.`;
  const zone = 'expected an IANA time zone like Europe/Madrid';
  const ofFields: readonly [field: string, value: unknown, expected: string][] = [
    ['name', 'A B', name],
    ['name', 7, name],
    ['url', 'localhost:8100/plans', address],
    ['url', null, address],
    ['format', 'xml', formats],
    ['format', 'event-listxml', `${formats} Did you mean event-list-xml?`],
    ['timeZone', 'Mars/Olympus', zone],
    ['timeZone', 1, zone],
    ['priceZones', 'some', 'expected all or with-capacity.'],
    ['pollSeconds', '60', range(0.05, 86_400)],
    ['pollSecondsMax', 0, range(0.05, 86_400)],
    ['timeoutSeconds', 0, range(1, 86_400)],
    ['headersTimeoutSeconds', true, range(0.1, 3600)],
    ['idleTimeoutSeconds', false, range(0.1, 3600)],
    ['redirectHosts', 7, 'expected a list of at most 20 hosts'],
    ['headers', 7, 'expected an object of strings'],
    ['strict', 'yes', 'expected true or false'],
    ['lenientXml', 1, 'expected true or false'],
    ['bytesPerSecondMin', -1, range(0, 1e9)],
    ['feedMegabytesMax', 1e9, range(0.001, 100_000)],
    ['recordMegabytesMax', 65, range(0.001, 64)],
    ['withdrawShareMax', 2, range(0, 1)],
    ['growthFactorMax', 0, range(1, 1_000_000)],
    ['priceShareMax', 1.5, range(0, 1)],
    ['dateShareMax', -1, range(0, 1)],
    ['pollSecond', 60, 'expected no such field. Did you mean pollSeconds?'],
    ['colour', 7, 'expected no such field.'],
  ];
  for (const [field, value, expected] of ofFields)
    t.deepEqual(
      await told({ providers: [{ name: 'a', url, [field]: value }] }),
      [`providers.0.${field}: got ${JSON.stringify(value)}, ${expected}`],
      field,
    );
  t.deepEqual(await told({ providers: [{ url }] }), [`providers.0.name: got nothing, ${name}`]);
  t.deepEqual(await told([]), ['got [], expected {"providers":[…]}']);
  t.deepEqual(await told({}), ['providers: got nothing, expected an array of providers']);
  t.deepEqual(await told({ provider: [], providers: [] }), [
    'provider: got [], expected no such field. Did you mean providers?',
  ]);
  const [long] = await told({ providers: far });
  t.regex(long!, /^providers: got "a text.*…, expected an array of providers$/);
});

test('configuration files can begin with a byte-order mark, also of UTF-16', async (t) => {
  const directory = await directoryFor(t);
  const [providers, envFile] = [join(directory, 'providers.json'), join(directory, 'marquee.env')];
  const texts = [
    [providers, JSON.stringify({ providers: [{ name: 'marked', url }] })],
    [envFile, 'PORT=8001\r\nSLOW_MS=5\r\n'],
  ] as const;
  const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
  for (const bytesOf of [
    (text: string) => Buffer.from(text),
    (text: string) => Buffer.from(`\ufeff${text}`),
    (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le'),
    (text: string) => swapped(`\ufeff${text}`),
  ]) {
    for (const [path, text] of texts) await writeFile(path, bytesOf(text));
    const config = readConfig({ PROVIDERS_FILE: providers, ENV_FILE: envFile });
    t.deepEqual([config.port, config.providers[0]?.name], [8001, 'marked']);
  }
  await writeFile(providers, Buffer.from('{"providers":"\u00e9"}', 'latin1'));
  t.regex(
    faultsOf({ PROVIDERS_FILE: providers }).join(),
    /PROVIDERS_FILE: got ".*", expected a readable JSON file: Got bytes that are not UTF-8, expected text\./,
  );
});

test('the environment has precedence over ENV_FILE, and an unknown variable there is a fault', async (t) => {
  const directory = await directoryFor(t);
  const file = join(directory, 'marquee.env');
  await writeFile(file, 'PORT=8001\nADMIN_PORT=9001\n');
  t.like(readConfig({ PROVIDER_URL: url, ENV_FILE: file, PORT: '8002' }), { port: 8002, adminPort: 9001 });
  await writeFile(file, 'PROT=8001\nPORT=many\n');
  t.regex(
    faultsOf({ PROVIDER_URL: url, ENV_FILE: file }).join('\n'),
    /ENV_FILE .*: got "PROT", expected a variable of Marquee\. Did you mean PORT\?/,
  );
  t.regex(
    faultsOf({ PROVIDER_URL: url, ENV_FILE: join(directory, 'none') }).join('\n'),
    /ENV_FILE: got ".*none", expected a readable file/,
  );
});

test('each secret can come from a file, whose content no fault shows', async (t) => {
  const directory = await directoryFor(t);
  const file = join(directory, 'secret');
  const values: Record<string, [value: string, look: (config: Config) => unknown]> = {
    PROVIDER_URL: ['http://me:pass@north.example/feed', ({ providers }) => providers[0]?.headers],
    ARCHIVE_URL: ['postgres://me:pass@db/marquee', ({ archiveUrl }) => archiveUrl],
    REDIS_URL: ['redis://:pass@cache:6379', ({ redis }) => redis],
    ADMIN_TOKEN: ['a-secret-of-admins', ({ access }) => access],
    OTEL_EXPORTER_OTLP_ENDPOINT: ['http://me:pass@collector:4318', ({ tracing }) => tracing],
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: ['http://me:pass@collector:4318/x', ({ tracing }) => tracing],
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: ['http://me:pass@collector:4318/x', ({ otlp }) => otlp],
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: ['http://me:pass@collector:4318/x', ({ otlp }) => otlp],
    OTEL_EXPORTER_OTLP_HEADERS: ['api-key=pass', ({ tracing }) => tracing],
  };
  const secrets = Object.entries(variables).flatMap(([name, { isSecret }]) => (isSecret ? [name] : []));
  t.deepEqual(Object.keys(values).toSorted(), secrets.toSorted());
  for (const [name, [value, look]] of Object.entries(values)) {
    const rest = { SINGLE_INGEST_HOST: 'true', ...(name === 'PROVIDER_URL' ? {} : { PROVIDER_URL: url }) };
    await writeFile(file, `${value}\n`);
    const fromFile = { ...rest, [`${name}_FILE`]: file };
    t.deepEqual(look(readConfig(fromFile)), look(readConfig({ ...rest, [name]: value })), name);
    t.regex(
      faultsOf({ ...fromFile, [name]: value }).join(),
      RegExp(`expected either ${name} or ${name}_FILE`),
    );
    await writeFile(file, 'h4ckme: not valid');
    const told = faultsOf(fromFile).join();
    t.regex(told, /got "a value from a file"/, name);
    t.notRegex(told, /h4ckme/, name);
    await writeFile(file, ' \n');
    t.regex(faultsOf(fromFile).join(), /expected a file with a value/, name);
  }
  t.regex(faultsOf({ PROVIDER_URL: url, REDIS_URL_FILE: join(directory, 'none') }).join(), /readable file/);
  await writeFile(file, `ARCHIVE_URL_FILE=${join(directory, 'url')}\n`);
  await writeFile(join(directory, 'url'), 'sqlite:elsewhere');
  t.is(readConfig({ PROVIDER_URL: url, ENV_FILE: file }).archiveUrl, 'sqlite:elsewhere');
});

test('an admin port that others reach needs a credential', async (t) => {
  const directory = await directoryFor(t);
  const file = join(directory, 'keys.json');
  const key = (scope: string) => ({
    name: scope.replace(':', '-'),
    hash: `sha256:${'0'.repeat(64)}`,
    scopes: [scope],
  });
  const keys = (...scopes: string[]) => writeFile(file, JSON.stringify({ keys: scopes.map(key) }));
  const faults = (more: Record<string, string>): string => faultsOf({ PROVIDER_URL: url, ...more }).join();
  const open = { ADMIN_HOST: '0.0.0.0' };
  t.regex(faults(open), /ADMIN_HOST: got "0\.0\.0\.0", expected 127\.0\.0\.1, or a credential .*ADMIN_TOKEN/);
  for (const host of ['127.0.0.1', '127.0.0.2', '::1', 'localhost'])
    t.is(faults({ ADMIN_HOST: host }), '', host);
  for (const host of ['::', '10.0.0.1', '127.0.0.1.example.com'])
    t.not(faults({ ADMIN_HOST: host }), '', host);
  t.is(faults({ ...open, ADMIN_TOKEN: 'a-secret-of-admins' }), '');
  t.is(faults({ ...open, AUTH_ISSUER: 'https://issuer.example', AUTH_AUDIENCE: 'marquee' }), '');
  await keys('search:read');
  t.regex(faults({ ...open, API_KEYS_FILE: file }), /ADMIN_HOST/);
  await keys('search:read', 'admin');
  t.is(faults({ ...open, API_KEYS_FILE: file }), '');
});

test('rules of access are checked, and no fault shows a secret', async (t) => {
  const directory = await directoryFor(t);
  const file = join(directory, 'keys.json');
  const faults = (more: Record<string, string>): string => faultsOf({ PROVIDER_URL: url, ...more }).join();
  t.regex(faults({ ADMIN_TOKEN: 'hunter2' }), /ADMIN_TOKEN: got "a secret", expected 16 to 512/);
  t.regex(faults({ AUTH_ISSUER: 'https://issuer.example' }), /AUTH_AUDIENCE: got nothing/);
  t.regex(faults({ AUTH_AUDIENCE: 'marquee' }), /AUTH_ISSUER: got nothing/);
  const issuer = { AUTH_ISSUER: 'https://issuer.example', AUTH_AUDIENCE: 'marquee' };
  for (const bad of ['HS256', 'none', 'RS256,HS512', ''])
    if (bad !== '')
      t.regex(faults({ ...issuer, AUTH_ALGORITHMS: bad }), /AUTH_ALGORITHMS: .*expected RS256/, bad);
  for (const bad of [
    'http://issuer.example',
    'issuer.example',
    'file:///etc/passwd',
    'https://me:pw@issuer.example',
  ])
    t.regex(faults({ ...issuer, AUTH_ISSUER: bad }), /AUTH_ISSUER: .*expected https/, bad);
  await writeFile(file, '{"keys":[{"name":"shop","key":"mqk_hunter2"}]}');
  t.regex(faults({ API_KEYS_FILE: file }), /API_KEYS_FILE .*keys\.0\.hash/);
  t.notRegex(faults({ API_KEYS_FILE: file }), /hunter2/);
  t.regex(faults({ API_KEYS_FILE: join(directory, 'none') }), /API_KEYS_FILE: .*expected a readable file/);
});

test('a certificate and its key must fit, and no fault shows the key', async (t) => {
  const directory = await directoryFor(t);
  const [one, other] = [await makeCertificate(directory, 'one'), await makeCertificate(directory, 'other')];
  const faults = (more: Record<string, string>): string => faultsOf({ PROVIDER_URL: url, ...more }).join();
  const pair = { TLS_CERT: one.certFile, TLS_KEY: one.keyFile };
  t.is(faults(pair), '');
  t.regex(
    faults({ ...pair, TLS_KEY: other.keyFile }),
    /TLS_CERT: .*expected a certificate and its key as PEM/,
  );
  t.regex(
    faults({ ...pair, TLS_KEY: one.certFile }),
    /TLS_CERT: .*expected a certificate and its key as PEM/,
  );
  t.notRegex(faults({ ...pair, TLS_KEY: other.keyFile }), /BEGIN|MIG/);
  t.regex(faults({ ...pair, TLS_CERT: join(directory, 'none') }), /TLS_CERT: .*expected a readable file/);
  t.regex(faults({ TLS_CERT: one.certFile }), /TLS_KEY: got nothing, expected both/);
  t.regex(faults({ TLS_KEY: one.keyFile }), /TLS_CERT: got nothing, expected both/);
  t.regex(faults({ TLS_REDIRECT_PORT: '80' }), /TLS_REDIRECT_PORT: .*expected TLS_CERT/);
  t.regex(faults({ ADMIN_TLS: 'true' }), /ADMIN_TLS: .*expected TLS_CERT/);
  t.regex(faults({ ...pair, ADMIN_CLIENT_CA: one.certFile }), /ADMIN_CLIENT_CA: .*expected ADMIN_TLS=true/);
  t.regex(
    faults({ ...pair, ADMIN_TLS: 'true', ADMIN_CLIENT_CA: one.keyFile }),
    /expected certificates as PEM/,
  );
});

test('a child process receives the secrets that it uses, and no others', async (t) => {
  const directory = await directoryFor(t);
  const own = await makeCertificate(directory, 'own');
  const [providersFile, keysFile] = [join(directory, 'providers.json'), join(directory, 'keys.json')];
  const entry = { name: 'north', url, headers: { 'X-Key': '${FEED_KEY}' }, bearer: '${FEED_TOKEN}' };
  await writeFile(providersFile, JSON.stringify({ providers: [entry] }));
  const hash = '7'.repeat(64);
  const key = { name: 'shop', hash: `sha256:${hash}`, scopes: ['search:read'] };
  await writeFile(keysFile, JSON.stringify({ keys: [key] }));
  const set = {
    PROVIDERS_FILE: providersFile,
    API_KEYS_FILE: keysFile,
    TLS_CERT: own.certFile,
    TLS_KEY: own.keyFile,
    ADMIN_TLS: 'true',
    ADMIN_TOKEN: 'a-secret-of-admins',
    ARCHIVE_URL: 'postgres://me:of-the-archive@db/marquee',
    REDIS_URL: 'redis://:of-redis@cache:6379',
    FEED_KEY: 'key-of-a-feed',
    FEED_TOKEN: 'token-of-a-feed',
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://me:of-the-collector@collector:4318/v1/metrics',
  };
  const config = readConfig(set);
  const secrets = {
    'the key of TLS': own.key,
    'a hash of a client': hash,
    'the hash of the admin token': hashOf(set.ADMIN_TOKEN),
    'a header of a provider': set.FEED_KEY,
    'a token of a provider': set.FEED_TOKEN,
    'the password of the archive': 'of-the-archive',
    'the password of Redis': 'of-redis',
    'the password of the collector of metrics': 'of-the-collector',
  };
  const within = (value: object): string[] =>
    Object.entries(secrets).flatMap(([name, secret]) =>
      JSON.stringify(value).includes(JSON.stringify(secret).slice(1, -1)) ? name : [],
    );
  t.deepEqual(within(config), Object.keys(secrets));
  const shared = ['the password of the archive', 'the password of Redis'];
  const api = configurationFor('api', config);
  t.deepEqual(within(api), ['the key of TLS', 'a hash of a client', ...shared]);
  t.is(api.tls.admin, null);
  t.deepEqual(within(configurationFor('ingest', config)), [
    'a header of a provider',
    'a token of a provider',
    ...shared,
  ]);
  const inherited = { ...set, ...withoutSecrets(config) };
  for (const [name, value] of Object.entries(inherited))
    t.is(
      value === undefined,
      /^(?:ADMIN_TOKEN|ARCHIVE_URL|REDIS_URL|FEED_KEY|FEED_TOKEN|PROVIDER_URL|OTEL_.*)$/.test(name),
      name,
    );
});

test('answers to requests with a credential are not for shared caches, unless CACHE_CONTROL says so', async (t) => {
  const file = join(await directoryFor(t), 'keys.json');
  await writeFile(file, '{"keys":[]}');
  const cacheControl = (more: Record<string, string>) =>
    readConfig({ PROVIDER_URL: url, ...more }).cacheControl;
  t.is(cacheControl({ API_KEYS_FILE: file }), 'private, max-age=0, must-revalidate');
  t.is(cacheControl({ API_KEYS_FILE: file, CACHE_CONTROL: 'public, max-age=5' }), 'public, max-age=5');
  t.is(cacheControl({}), 'public, max-age=0, must-revalidate');
});

test('the faults of a providers file name the field by its path', async (t) => {
  const directory = await directoryFor(t);
  const file = join(directory, 'providers.json');
  const entries = [
    { name: 'twice', url },
    { name: 'twice', url },
  ];
  await writeFile(file, JSON.stringify({ providers: entries }));
  t.regex(faultsOf({ PROVIDERS_FILE: file }).join('\n'), /expected each name once/);

  await writeFile(
    file,
    JSON.stringify({ providers: [{ name: 'a', url: 'nowhere', pollSeconds: 0, format: 'tsv' }] }),
  );
  const told = faultsOf({ PROVIDERS_FILE: file }).join('\n');
  for (const field of ['url', 'pollSeconds', 'format'])
    t.regex(told, new RegExp(`providers\\.0\\.${field}: got`));
});

test('the providers file in the configuration guide is valid', async (t) => {
  const directory = await directoryFor(t);
  const text = await read('ops/guides/configuration.md');
  const [, example] = /```json\n([^]*?)```/.exec(text)!;
  await writeFile(join(directory, 'providers.json'), example!);
  t.is(readConfig({ PROVIDERS_FILE: join(directory, 'providers.json') }).providers.length, 1);
});
