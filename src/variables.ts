// All environment variables, one entry each: schema, type and unit, default, purpose. `--help` and the configuration guide are
// generated from these entries.

import { availableParallelism } from 'node:os';
import * as z from 'zod';
import { count, flag, httpUrl, number, origins, port, text } from '#/kit/command-line/variable.ts';
import { parseRedisUrl } from '#/store/redis-url.ts';
import { accessVariables } from '#/variables/access.ts';
import { limitVariables } from '#/variables/limits.ts';
import { tlsVariables } from '#/variables/tls.ts';
import { entry, secret } from '#/variables/entry.ts';
import { rpdeVariables } from '#/variables/rpde.ts';
import { otlpVariables } from '#/variables/otlp.ts';
import { telemetryVariables } from '#/variables/telemetry.ts';

const cores = availableParallelism();

export const variables = {
  HOST: entry(text('0.0.0.0'), 'address', '0.0.0.0', 'address of the search API'),
  PORT: entry(port(8000), 'port', '8000', 'port of the search API; 0 chooses a free one'),
  ADMIN_HOST: entry(
    text('127.0.0.1'),
    'address',
    '127.0.0.1',
    'address of the admin port (health, status, metrics)',
  ),
  ADMIN_PORT: entry(port(9000), 'port', '9000', 'the admin port; 0 chooses a free one'),
  API_WORKERS: entry(
    count(1, 256).default(cores),
    'processes, 1 to 256',
    'available parallelism',
    'number of API workers',
  ),
  INGEST_THREADS: entry(
    count(1, 64).default(Math.max(1, Math.min(cores, 4))),
    'threads, 1 to 64',
    'available parallelism, at most 4',
    'number of threads that parse feeds and build segments',
  ),
  DATA_DIR: entry(text('./data'), 'directory', './data', 'where this host keeps its archive and snapshots'),
  PROVIDERS_FILE: entry(
    text('ops/providers.json'),
    'file',
    'ops/providers.json',
    'configuration of the providers',
  ),
  PROVIDER_URL: secret(
    httpUrl,
    'http(s) URL',
    'none',
    'replaces PROVIDERS_FILE: URL of a single provider named default, with its format detected',
  ),
  POLL_SECONDS: entry(
    number(0.05, 86_400).optional(),
    'seconds, 0.05 to 86400',
    'as each provider says',
    "replaces every provider's interval, pollSecondsMax too",
  ),
  ARCHIVE_URL: secret(
    z
      .string()
      .regex(/^(sqlite:.|postgres(ql)?:\/\/.)/, 'expected sqlite:PATH or postgres://…')
      .optional(),
    'sqlite:PATH or postgres://user:password@host/database',
    'sqlite:DATA_DIR/archive.sqlite',
    'database of the archive, the system of record',
  ),
  REDIS_URL: secret(
    z
      .string()
      .refine(
        (url) => parseRedisUrl(url) !== null,
        'expected redis://host:6379, redis+sentinel://… or redis+cluster://…',
      )
      .optional(),
    'redis://, redis+sentinel:// or redis+cluster://, rediss for TLS',
    'none',
    'where hosts share snapshots; without it this is the only host',
  ),
  REDIS_PREFIX: entry(
    z
      .string()
      .regex(/^[\w.:-]{1,64}$/, 'expected at most 64 letters, digits and any of _ . : -')
      .default('marquee'),
    'text, 1 to 64 characters',
    'marquee',
    'prefix of all keys in Redis',
  ),
  SINGLE_INGEST_HOST: entry(
    flag,
    'true or false',
    'false',
    'with REDIS_URL: only this host runs ingest, so its archive may be SQLite',
  ),
  FEED_BODIES_MEGABYTES: entry(
    number(0, 100_000).default(256),
    'megabytes, 0 to 100000',
    '256',
    'size of the compressed raw feeds to keep for npm run feed:replay; 0 keeps none',
  ),
  ROLES: entry(
    z
      .string()
      .regex(/^(api|ingest)(,(api|ingest))?$/, 'expected api, ingest or api,ingest')
      .default('api,ingest'),
    'api, ingest or api,ingest',
    'api,ingest',
    'what runs on this host: API workers, ingest or both',
  ),
  CACHE_CONTROL: entry(
    z
      .string()
      .regex(/^[\x20-\x7e]{1,200}$/, 'expected a header value: 1 to 200 printable ASCII characters')
      .default('public, max-age=0, must-revalidate'),
    'header value',
    'public, max-age=0, must-revalidate',
    'value of the header Cache-Control of answers; each answer also has an ETag',
  ),
  CACHE_MEGABYTES: entry(
    number(0, 10_000).default(64),
    'megabytes, 0 to 10000',
    '64',
    "size of a worker's cache of gzipped answers and texts of whole segments",
  ),
  CORS_ORIGINS: entry(
    origins.optional(),
    'origins separated by commas, or *',
    'none',
    'web origins whose pages may read answers of the search API; * allows all',
  ),
  SEARCH_STRICT: entry(flag, 'true or false', 'false', 'true refuses misspelt parameters of /search'),
  API_MEMORY_MEGABYTES: entry(
    number(0, 1_000_000).optional(),
    'megabytes, 0 to 1000000',
    'a share of the memory, at most 2048',
    'memory limit of an API worker: a worker over it is replaced; 0 sets no limit',
  ),
  INGEST_MEMORY_MEGABYTES: entry(
    number(0, 1_000_000).optional(),
    'megabytes, 0 to 1000000',
    'a share of the memory, at most 2048',
    'memory limit of ingest: over it, ingest restarts; 0 sets no limit',
  ),
  LOOP_DELAY_MILLISECONDS: entry(
    number(0, 60_000).default(500),
    'milliseconds, 0 to 60000',
    '500',
    'limit of the mean event loop delay: an API worker over it for several seconds is replaced; 0 sets no limit',
  ),
  BUSY_MILLISECONDS: entry(
    number(0, 60_000).default(100),
    'milliseconds, 0 to 60000',
    '100',
    'event loop delay above which an API worker answers 503 to the most expensive connections; 0 turns this off',
  ),
  CONNECTIONS_MAX: entry(
    count(1, 1_000_000).default(10_000),
    'connections, 1 to 1000000',
    '10000',
    'limit of open connections of an API worker; further ones are closed',
  ),
  LISTENERS_MAX: entry(
    count(0, 100_000).default(1000),
    'listeners, 0 to 100000',
    '1000',
    'limit of live listeners to /changes of an API worker; further ones get a 503',
  ),
  STOP_PAUSE_SECONDS: entry(
    number(0, 600).default(1),
    'seconds, 0 to 600',
    '1',
    'pause between SIGTERM, when /readyz begins to answer 503, and the drain of the workers',
  ),
  ENV_FILE: entry(
    z.string().optional(),
    'file',
    'none',
    'file with more of these variables, one NAME=value per line; the environment takes precedence; a reload reads it again',
  ),
  ...accessVariables,
  ...limitVariables,
  ...rpdeVariables,
  ...tlsVariables,
  ...telemetryVariables,
  ...otlpVariables,
};

type Schemas = { [Name in keyof typeof variables]: (typeof variables)[Name]['schema'] };

/** The schema of all variables together. */
export const environment = z.object(
  Object.fromEntries(Object.entries(variables).map(([name, { schema }]) => [name, schema])) as Schemas,
);

/** The value of every variable. */
export type Settings = z.infer<typeof environment>;
