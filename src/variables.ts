// Every variable of the environment, one entry each: schema, type and unit, default, what it is for. `--help` and the
// configuration guide are generated from these entries.

import { availableParallelism } from 'node:os';
import * as z from 'zod';
import { count, httpUrl, number, oneOf, port, text } from '#/kit/command-line/variable.ts';
import { parseRedisUrl } from '#/store/redis-url.ts';

interface Entry<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly type: string;
  readonly default: string;
  readonly about: string;
}

const entry = <Schema extends z.ZodType>(
  schema: Schema,
  type: string,
  fallback: string,
  about: string,
): Entry<Schema> => ({ schema, type, default: fallback, about });

const flag = z
  .stringbool({ truthy: ['true'], falsy: ['false'], error: 'expected true or false' })
  .default(false);
const cores = availableParallelism();
const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

export const variables = {
  HOST: entry(text('0.0.0.0'), 'address', '0.0.0.0', 'where the search API listens'),
  PORT: entry(port(8000), 'port', '8000', 'port of the search API; 0 takes a free one'),
  ADMIN_HOST: entry(text('127.0.0.1'), 'address', '127.0.0.1', 'where health, status and metrics listen'),
  ADMIN_PORT: entry(port(9000), 'port', '9000', 'port of health, status and metrics; 0 takes a free one'),
  API_WORKERS: entry(
    count(1, 256).default(cores),
    'processes, 1 to 256',
    'available parallelism',
    'API workers to fork',
  ),
  INGEST_THREADS: entry(
    count(1, 64).default(Math.max(1, Math.min(cores, 4))),
    'threads, 1 to 64',
    'available parallelism, at most 4',
    'threads that parse feeds and build segments',
  ),
  DATA_DIR: entry(text('./data'), 'directory', './data', 'archive and snapshots of this host'),
  PROVIDERS_FILE: entry(text('ops/providers.json'), 'file', 'ops/providers.json', 'the providers to fetch'),
  PROVIDER_URL: entry(
    httpUrl,
    'http(s) URL',
    'none',
    'instead of the file: one provider named default, its format found from the feed',
  ),
  POLL_SECONDS: entry(
    number(0.05, 86_400).optional(),
    'seconds, 0.05 to 86400',
    'as each provider says',
    "overrides every provider's interval, pollSecondsMax too",
  ),
  ARCHIVE_URL: entry(
    z
      .string()
      .regex(/^(sqlite:.|postgres(ql)?:\/\/.)/, 'expected sqlite:PATH or postgres://…')
      .optional(),
    'sqlite:PATH or postgres://user:password@host/database',
    'sqlite:DATA_DIR/archive.sqlite',
    'the system of record',
  ),
  REDIS_URL: entry(
    z
      .string()
      .refine(
        (url) => parseRedisUrl(url) !== null,
        'expected redis://host:6379, redis+sentinel://… or redis+cluster://…',
      )
      .optional(),
    'redis://, redis+sentinel:// or redis+cluster://, rediss for TLS',
    'none',
    'where hosts share snapshots; without it this host is alone',
  ),
  REDIS_PREFIX: entry(
    z
      .string()
      .regex(/^[\w.:-]{1,64}$/, 'expected at most 64 letters, digits and any of _ . : -')
      .default('marquee'),
    'text, 1 to 64 characters',
    'marquee',
    'begins each of its keys in Redis',
  ),
  SINGLE_INGEST_HOST: entry(
    flag,
    'true or false',
    'false',
    'with REDIS_URL: only this host runs ingest, and so its archive may be SQLite',
  ),
  FEED_BODIES_MEGABYTES: entry(
    number(0, 100_000).default(256),
    'megabytes, 0 to 100000',
    '256',
    'raw feeds to keep, compressed, for npm run feed:replay; 0 keeps none',
  ),
  ROLES: entry(
    z
      .string()
      .regex(/^(api|ingest)(,(api|ingest))?$/, 'expected api, ingest or api,ingest')
      .default('api,ingest'),
    'api, ingest or api,ingest',
    'api,ingest',
    'which actors run on this host',
  ),
  CACHE_CONTROL: entry(
    z
      .string()
      .regex(/^[\x20-\x7e]{1,200}$/, 'expected a header value: 1 to 200 printable ASCII characters')
      .default('public, max-age=0, must-revalidate'),
    'header value',
    'public, max-age=0, must-revalidate',
    'Cache-Control of the answers; an ETag comes with each',
  ),
  CACHE_MEGABYTES: entry(
    number(0, 10_000).default(64),
    'megabytes, 0 to 10000',
    '64',
    'gzipped answers and texts of whole segments that a worker keeps',
  ),
  API_MEMORY_MEGABYTES: entry(
    number(0, 1_000_000).optional(),
    'megabytes, 0 to 1000000',
    'a share of the memory, at most 2048',
    'memory of an API worker beyond which another takes its place; 0 sets no limit',
  ),
  INGEST_MEMORY_MEGABYTES: entry(
    number(0, 1_000_000).optional(),
    'megabytes, 0 to 1000000',
    'a share of the memory, at most 2048',
    'memory of ingest beyond which it is started anew; 0 sets no limit',
  ),
  LOOP_DELAY_MILLISECONDS: entry(
    number(0, 60_000).default(500),
    'milliseconds, 0 to 60000',
    '500',
    'mean delay of the event loop, held for seconds, beyond which another API worker takes its place; 0 sets no limit',
  ),
  BUSY_MILLISECONDS: entry(
    number(0, 60_000).default(100),
    'milliseconds, 0 to 60000',
    '100',
    'delay of the event loop beyond which an API worker answers 503 to connections that ask most; 0 never does',
  ),
  CONNECTIONS_MAX: entry(
    count(1, 1_000_000).default(10_000),
    'connections, 1 to 1000000',
    '10000',
    'open connections of an API worker; those beyond are closed',
  ),
  STOP_PAUSE_SECONDS: entry(
    number(0, 600).default(1),
    'seconds, 0 to 600',
    '1',
    'from SIGTERM, when /readyz turns to 503, until the workers begin to drain',
  ),
  ENV_FILE: entry(
    z.string().optional(),
    'file',
    'none',
    'more of these variables, one NAME=value a line; those of the environment win; a reload reads it again',
  ),
  LOG_LEVEL: entry(
    oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    'trace … fatal, silent',
    'info',
    'what is logged, and above',
  ),
  ACCESS_LOG_SHARE: entry(
    number(0, 1).default(0.01),
    'share, 0 to 1',
    '0.01',
    'of the ordinary requests, to log, at most 50 a second; failed and slow ones, at most 100, are logged all the same; 1 logs every request',
  ),
  SLOW_MS: entry(
    number(1, 60_000).default(250),
    'milliseconds, 1 to 60000',
    '250',
    'a request that takes longer counts as slow: it is logged, and traced where anything is',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: entry(
    httpUrl,
    'http(s) URL',
    'none',
    'where traces are sent, by OTLP over HTTP; without it there are none',
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: entry(
    httpUrl,
    'http(s) URL',
    'OTEL_EXPORTER_OTLP_ENDPOINT/v1/traces',
    'the same, the whole of it',
  ),
  OTEL_TRACES_SAMPLER: entry(
    oneOf(samplers).default('parentbased_traceidratio'),
    samplers.join(', '),
    'parentbased_traceidratio',
    'which requests are traced; feed runs are few, and all of them are unless it is always_off',
  ),
  OTEL_TRACES_SAMPLER_ARG: entry(
    number(0, 1).default(0.01),
    'share, 0 to 1',
    '0.01',
    'of the requests, for the samplers by traceidratio',
  ),
  OTEL_SERVICE_NAME: entry(
    z
      .string()
      .regex(/^[\x21-\x7e]{1,100}$/, 'expected 1 to 100 printable ASCII characters without blanks')
      .default('marquee'),
    'text, 1 to 100 characters',
    'marquee',
    'what traces call this service',
  ),
  OTEL_SDK_DISABLED: entry(flag, 'true or false', 'false', 'nothing is traced, whatever the others say'),
};

type Schemas = { [Name in keyof typeof variables]: (typeof variables)[Name]['schema'] };

/** What a whole environment must be. */
export const environment = z.object(
  Object.fromEntries(Object.entries(variables).map(([name, { schema }]) => [name, schema])) as Schemas,
);
