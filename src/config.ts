// Every variable of the environment: type, unit, default, limit. Nobody else reads the environment, and all faults are
// told at once, each with the variable, what it saw and what it wanted.

import { availableParallelism } from 'node:os';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { messageOf } from '#/kit/errors.ts';
import type { Provider } from '#/provider/provider.ts';
import { parseProviders } from '#/provider/providers-file.ts';
import { parseRedisUrl, type RedisAddress } from '#/store/redis-url.ts';

export type Role = 'api' | 'ingest';

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly adminHost: string;
  readonly adminPort: number;
  readonly apiWorkers: number;
  readonly ingestThreads: number;
  readonly dataDir: string;
  readonly archiveUrl: string;
  /** Null: this host is alone, its snapshots lie in `dataDir`. */
  readonly redis: RedisAddress | null;
  readonly redisPrefix: string;
  /** Compressed bodies of feeds that may be kept; 0 keeps none. */
  readonly feedBodiesBytesMax: number;
  readonly roles: readonly Role[];
  /** The value of that header on answers. */
  readonly cacheControl: string;
  readonly cacheMegabytes: number;
  readonly logLevel: string;
  readonly providers: readonly Provider[];
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly default: string;
  readonly about: string;
}

const megabyte = 1_000_000;
const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);
const cores = availableParallelism();

const environment = z.object({
  HOST: z.string().min(1).default('0.0.0.0'),
  PORT: port(8000),
  ADMIN_HOST: z.string().min(1).default('127.0.0.1'),
  ADMIN_PORT: port(9000),
  API_WORKERS: z.coerce.number().int().min(1).max(256).default(cores),
  INGEST_THREADS: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(Math.max(1, Math.min(cores, 4))),
  DATA_DIR: z.string().min(1).default('./data'),
  PROVIDERS_FILE: z.string().min(1).default('ops/providers.json'),
  PROVIDER_URL: z.url({ protocol: /^https?$/ }).optional(),
  POLL_SECONDS: z.coerce.number().min(0.05).max(86_400).optional(),
  ARCHIVE_URL: z
    .string()
    .regex(/^(sqlite:.|postgres(ql)?:\/\/.)/, 'expected sqlite:PATH or postgres://…')
    .optional(),
  REDIS_URL: z
    .string()
    .refine(
      (url) => parseRedisUrl(url) !== null,
      'expected redis://host:6379, redis+sentinel://… or redis+cluster://…',
    )
    .optional(),
  REDIS_PREFIX: z
    .string()
    .regex(/^[\w.:-]{1,64}$/, 'expected at most 64 letters, digits and any of _ . : -')
    .default('marquee'),
  FEED_BODIES_MEGABYTES: z.coerce.number().min(0).max(100_000).default(256),
  ROLES: z
    .string()
    .regex(/^(api|ingest)(,(api|ingest))?$/, 'expected api, ingest or api,ingest')
    .default('api,ingest'),
  CACHE_CONTROL: z
    .string()
    .regex(/^[\x20-\x7e]{1,200}$/, 'expected the value of a header')
    .default('public, max-age=0, must-revalidate'),
  CACHE_MEGABYTES: z.coerce.number().min(0).max(10_000).default(64),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

/** For `--help` and the README; a test holds it against the schema above. */
export const variables: readonly Variable[] = [
  { name: 'HOST', type: 'address', default: '0.0.0.0', about: 'where the search API listens' },
  { name: 'PORT', type: 'port', default: '8000', about: 'port of the search API; 0 takes a free one' },
  {
    name: 'ADMIN_HOST',
    type: 'address',
    default: '127.0.0.1',
    about: 'where health, status and metrics listen',
  },
  {
    name: 'ADMIN_PORT',
    type: 'port',
    default: '9000',
    about: 'port of health, status and metrics; 0 takes a free one',
  },
  {
    name: 'API_WORKERS',
    type: 'processes, 1 to 256',
    default: 'available parallelism',
    about: 'API workers to fork',
  },
  {
    name: 'INGEST_THREADS',
    type: 'threads, 1 to 64',
    default: 'available parallelism, at most 4',
    about: 'threads that parse feeds and build segments',
  },
  { name: 'DATA_DIR', type: 'directory', default: './data', about: 'archive and snapshots of this host' },
  { name: 'PROVIDERS_FILE', type: 'file', default: 'ops/providers.json', about: 'the providers to fetch' },
  {
    name: 'PROVIDER_URL',
    type: 'http(s) URL',
    default: 'none',
    about: 'instead of the file: one provider named default, its format found from the feed',
  },
  {
    name: 'POLL_SECONDS',
    type: 'seconds, 0.05 to 86400',
    default: 'as each provider says',
    about: "overrides every provider's interval",
  },
  {
    name: 'ARCHIVE_URL',
    type: 'sqlite:PATH or postgres://user:password@host/database',
    default: 'sqlite:DATA_DIR/archive.sqlite',
    about: 'the system of record',
  },
  {
    name: 'REDIS_URL',
    type: 'redis://, redis+sentinel:// or redis+cluster://, rediss for TLS',
    default: 'none',
    about: 'where hosts share snapshots; without it this host is alone',
  },
  { name: 'REDIS_PREFIX', type: 'text', default: 'marquee', about: 'begins each of its keys in Redis' },
  {
    name: 'FEED_BODIES_MEGABYTES',
    type: 'megabytes, 0 to 100000',
    default: '256',
    about: 'raw feeds to keep, compressed, for npm run feed:replay; 0 keeps none',
  },
  {
    name: 'ROLES',
    type: 'api, ingest or api,ingest',
    default: 'api,ingest',
    about: 'which actors run on this host',
  },
  {
    name: 'CACHE_CONTROL',
    type: 'header value',
    default: 'public, max-age=0, must-revalidate',
    about: 'Cache-Control of the answers; an ETag comes with each',
  },
  { name: 'CACHE_MEGABYTES', type: 'megabytes', default: '64', about: 'gzipped answers that a worker keeps' },
  { name: 'LOG_LEVEL', type: 'trace … fatal, silent', default: 'info', about: 'what is logged, and above' },
];

/** All that is wrong with the configuration, one line each. */
export class ConfigError extends Error {
  constructor(faults: readonly string[]) {
    super(`The configuration is not valid:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Throws ConfigError with every fault. An empty variable counts as not set. */
export function readConfig(variablesSet: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(variablesSet).filter(([, value]) => value !== ''));
  const read = environment.safeParse(given);
  const faults = read.success
    ? []
    : read.error.issues.map((issue) =>
        faultOf(String(issue.path[0]), given[String(issue.path[0])], issue.message),
      );
  const fallback = read.success
    ? read.data
    : environment.parse({
        PROVIDERS_FILE: given['PROVIDERS_FILE'],
        PROVIDER_URL: validUrl(given['PROVIDER_URL']),
      });
  const [providers, providerFaults] = readProviders(fallback.PROVIDER_URL, fallback.PROVIDERS_FILE);
  if (!read.success || providerFaults.length > 0) throw new ConfigError([...faults, ...providerFaults]);

  const settings = read.data;
  return {
    host: settings.HOST,
    port: settings.PORT,
    adminHost: settings.ADMIN_HOST,
    adminPort: settings.ADMIN_PORT,
    apiWorkers: settings.API_WORKERS,
    ingestThreads: settings.INGEST_THREADS,
    dataDir: settings.DATA_DIR,
    archiveUrl: settings.ARCHIVE_URL ?? `sqlite:${join(settings.DATA_DIR, 'archive.sqlite')}`,
    redis: settings.REDIS_URL === undefined ? null : parseRedisUrl(settings.REDIS_URL),
    redisPrefix: settings.REDIS_PREFIX,
    feedBodiesBytesMax: settings.FEED_BODIES_MEGABYTES * megabyte,
    roles: [...new Set(settings.ROLES.split(',') as Role[])],
    cacheControl: settings.CACHE_CONTROL,
    cacheMegabytes: settings.CACHE_MEGABYTES,
    logLevel: settings.LOG_LEVEL,
    providers: providers.map((provider) => paced(provider, settings.POLL_SECONDS)),
  };
}

function readProviders(url: string | undefined, path: string): [providers: Provider[], faults: string[]] {
  let file: unknown = { providers: [{ name: 'default', url }] };
  try {
    if (url === undefined) file = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return [[], [faultOf('PROVIDERS_FILE', path, `expected a readable JSON file: ${messageOf(error)}`)]];
  }
  const { providers, faults } = parseProviders(file);
  return [
    providers,
    faults.map(({ at, saw, wanted }) => faultOf(`PROVIDERS_FILE ${path}: ${at}`, saw, wanted)),
  ];
}

/** `POLL_SECONDS` stands for both ends of every provider's interval. */
const paced = (provider: Provider, seconds: number | undefined): Provider =>
  seconds === undefined ? provider : { ...provider, pollSeconds: seconds, pollSecondsMax: seconds };

const faultOf = (name: string, saw: unknown, wanted: string): string =>
  `${name}: got ${saw === undefined ? 'nothing' : JSON.stringify(saw)}, ${wanted.replace(/^Invalid input: /, '')}`;

const validUrl = (text: string | undefined): string | undefined =>
  text !== undefined && environment.shape.PROVIDER_URL.safeParse(text).success ? text : undefined;

export function helpText(): string {
  const width = Math.max(...variables.map(({ name }) => name.length)) + 2;
  const rows = variables.map(
    ({ name, type, default: fallback, about }) =>
      `  ${name.padEnd(width)}${about}\n${' '.repeat(width + 2)}${type}; default: ${fallback}`,
  );
  return `Marquee: searches the events of many providers.\n\nUsage: npm start [-- --help]\n\nEnvironment:\n${rows.join('\n')}\n`;
}
