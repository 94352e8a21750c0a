// The configuration, from environment variables. No other module reads the environment. All faults are reported at once, each
// with the variable, what it got and what it expected.

import { join } from 'node:path';
import { ConfigError, faultOf } from '#/config-fault.ts';
import { isClosed, type AccessRules } from '#/access/rules.ts';
import { readAccess } from '#/config/access.ts';
import { rpdeOf, type RpdeConfig } from '#/config/rpde.ts';
import { otlpOf, tracingOf, type OtlpConfig, type TracingConfig } from '#/config/otlp.ts';
import { readTls, type TlsConfig } from '#/config/tls.ts';
import { givenVariables, readSecretFile, secretNames, shownValue } from '#/config/given.ts';
import { messageOf } from '#/kit/errors.ts';
import { memoryMegabytes, memoryShare } from '#/kit/machine/memory.ts';
import { nearest } from '#/kit/command-line/nearest.ts';
import { readTextFile } from '#/kit/command-line/text-file.ts';
import type { Provider } from '#/provider/provider.ts';
import type { Secrets } from '#/provider/http/credentials.ts';
import { parseProviders } from '#/provider/providers-file.ts';
import { parseRedisUrl, type RedisAddress } from '#/store/redis-url.ts';
import { environment, variables, type Settings } from '#/variables.ts';

export type Role = 'api' | 'ingest';

export interface RateConfig {
  /** Tokens per window of a client without a limit of its own. */
  readonly limit: number;
  readonly windowSeconds: number;
  readonly trustedProxies: readonly string[];
}

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly adminHost: string;
  readonly adminPort: number;
  readonly apiWorkers: number;
  readonly ingestThreads: number;
  readonly dataDir: string;
  readonly archiveUrl: string;
  /** Null: this is the only host, and its snapshots are in `dataDir`. */
  readonly redis: RedisAddress | null;
  readonly redisPrefix: string;
  /** The most bytes of kept, compressed bodies of feeds; 0 keeps none. */
  readonly feedBodiesBytesMax: number;
  readonly roles: readonly Role[];
  /** The names of variables that may contain a secret. */
  readonly secretVariables: readonly string[];
  readonly access: AccessRules;
  /** Null: what clients take is not limited. */
  readonly rate: RateConfig | null;
  readonly tls: TlsConfig;
  readonly rpde: RpdeConfig;
  /** The value of the header Cache-Control. */
  readonly cacheControl: string;
  readonly cacheMegabytes: number;
  /** The web origins whose pages may read answers; null for none. */
  readonly corsOrigins: '*' | readonly string[] | null;
  readonly searchStrict: boolean;
  /** 0 sets no limit; the same applies to the next two. */
  readonly apiMemoryMegabytes: number;
  readonly ingestMemoryMegabytes: number;
  readonly loopDelayMs: number;
  /** 0 turns overload control off. */
  readonly busyMs: number;
  readonly connectionsMax: number;
  readonly listenersMax: number;
  readonly stopPauseSeconds: number;
  readonly logLevel: string;
  /** The share of ordinary requests to log, 0 to 1. */
  readonly accessLogShare: number;
  readonly slowMs: number;
  /** Null: tracing is off. */
  readonly tracing: TracingConfig | null;
  readonly otlp: OtlpConfig;
  readonly providers: readonly Provider[];
}

const megabyte = 1_000_000;

/** Throws ConfigError with every fault. An empty variable counts as not set. `memory`: in megabytes, for all processes. */
export function readConfig(variablesSet: NodeJS.ProcessEnv, memory = memoryMegabytes()): Config {
  const given = givenVariables(variablesSet);
  const read = environment.safeParse(given);
  const faults = read.success
    ? []
    : read.error.issues.map((issue) =>
        faultOf(String(issue.path[0]), shownValue(given, String(issue.path[0])), issue.message),
      );
  const fallback = read.success
    ? read.data
    : environment.parse({
        PROVIDERS_FILE: given['PROVIDERS_FILE'],
        PROVIDER_URL: validUrl(given['PROVIDER_URL']),
      });
  const used = new Set(secretNames);
  const secrets = secretsIn(given, used);
  const [providers, providerFaults] = readProviders(fallback.PROVIDER_URL, fallback.PROVIDERS_FILE, secrets);
  if (read.success) faults.push(...archiveFaults(read.data));
  const { access, faults: accessFaults } = readAccess(fallback);
  const { tls, faults: tlsFaults } = readTls(fallback);
  if (read.success) faults.push(...accessFaults, ...tlsFaults);
  if (!read.success || faults.length + providerFaults.length > 0)
    throw new ConfigError([...faults, ...providerFaults]);

  const settings = read.data;
  const roles = [...new Set(settings.ROLES.split(',') as Role[])];
  const ingests = roles.includes('ingest') ? 1 : 0;
  const share = memoryShare(memory, roles.includes('api') ? settings.API_WORKERS : 0, ingests);
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
    roles,
    secretVariables: [...used],
    access,
    rate: rateOf(settings),
    tls,
    rpde: rpdeOf(settings),
    cacheControl: cacheControlOf(settings, given, access),
    cacheMegabytes: settings.CACHE_MEGABYTES,
    corsOrigins: settings.CORS_ORIGINS ?? null,
    searchStrict: settings.SEARCH_STRICT,
    apiMemoryMegabytes: settings.API_MEMORY_MEGABYTES ?? share,
    ingestMemoryMegabytes: settings.INGEST_MEMORY_MEGABYTES ?? share,
    loopDelayMs: settings.LOOP_DELAY_MILLISECONDS,
    busyMs: settings.BUSY_MILLISECONDS,
    connectionsMax: settings.CONNECTIONS_MAX,
    listenersMax: settings.LISTENERS_MAX,
    stopPauseSeconds: settings.STOP_PAUSE_SECONDS,
    logLevel: settings.LOG_LEVEL,
    accessLogShare: settings.ACCESS_LOG_SHARE,
    slowMs: settings.SLOW_MS,
    tracing: tracingOf(settings),
    otlp: otlpOf(settings),
    providers: providers.map((provider) => withPollSeconds(provider, settings.POLL_SECONDS)),
  };
}

function rateOf({ RATE_LIMIT, RATE_WINDOW_SECONDS, TRUST_PROXY = [] }: Settings): RateConfig | null {
  if (RATE_LIMIT === 0) return null;
  return { limit: RATE_LIMIT, windowSeconds: RATE_WINDOW_SECONDS, trustedProxies: TRUST_PROXY };
}

/** Answers to requests with a credential are not for shared caches, unless the operator says so. */
const cacheControlOf = ({ CACHE_CONTROL }: Settings, given: NodeJS.ProcessEnv, access: AccessRules): string =>
  isClosed(access) && given['CACHE_CONTROL'] === undefined
    ? CACHE_CONTROL.replace('public', 'private')
    : CACHE_CONTROL;

/** The entry `name` of the providers file, for a program that reads only that feed. Throws ConfigError. */
export function readProvider(variablesSet: NodeJS.ProcessEnv, name: string): Provider {
  const given = givenVariables(variablesSet);
  const path = given['PROVIDERS_FILE'] ?? variables.PROVIDERS_FILE.default;
  const [providers, faults] = readProviders(undefined, path, secretsIn(given));
  const provider = providers.find((one) => one.name === name);
  if (provider !== undefined) return provider;
  const known = providers.map((one) => one.name).join(', ');
  throw new ConfigError(
    faults.length > 0 ? faults : [faultOf('--provider', name, `expected one of ${known}`)],
  );
}

/** The variables and files that the providers file refers to. Adds the names of the variables to `used`. */
const secretsIn = (given: NodeJS.ProcessEnv, used = new Set<string>()): Secrets => ({
  variable: (name) => (used.add(name), given[name]),
  file: readSecretFile,
});

/** Hosts that share snapshots must share the archive: an SQLite file would lack the events that another host absorbed. */
function archiveFaults({ REDIS_URL, ROLES, ARCHIVE_URL, SINGLE_INGEST_HOST }: Settings): string[] {
  const isShared = ARCHIVE_URL !== undefined && !ARCHIVE_URL.startsWith('sqlite:');
  if (REDIS_URL === undefined || !ROLES.includes('ingest') || isShared || SINGLE_INGEST_HOST) return [];
  const wanted =
    'expected postgres://… (hosts that share Redis must share the archive) or SINGLE_INGEST_HOST=true';
  return [faultOf('ARCHIVE_URL', ARCHIVE_URL, wanted)];
}

function readProviders(
  url: string | undefined,
  path: string,
  secrets: Secrets,
): [providers: Provider[], faults: string[]] {
  let file: unknown = { providers: [{ name: 'default', url }] };
  try {
    if (url === undefined) file = JSON.parse(readTextFile(path));
  } catch (error) {
    // V8 quotes the text that it could not parse, which may be a secret.
    const reason = messageOf(error).replace(/, (?:\.\.\.)?".*(?= is not valid JSON)/s, ': it');
    return [[], [faultOf('PROVIDERS_FILE', path, `expected a readable JSON file: ${reason}`)]];
  }
  const { providers, faults } = parseProviders(file, secrets);
  return [
    providers,
    faults.map(({ at, saw, wanted }) =>
      faultOf([`PROVIDERS_FILE ${path}`, at].join(at === '' ? '' : ': '), saw, wanted),
    ),
  ];
}

/** `POLL_SECONDS` replaces both limits of every provider's interval. */
const withPollSeconds = (provider: Provider, seconds: number | undefined): Provider =>
  seconds === undefined ? provider : { ...provider, pollSeconds: seconds, pollSecondsMax: seconds };

const validUrl = (text: string | undefined): string | undefined =>
  text !== undefined && environment.shape.PROVIDER_URL.safeParse(text).success ? text : undefined;

/** The variable with a name similar to an unknown command-line option, such as PORT for `port`; null for none. */
export const variableLike = (option: string): string | null =>
  nearest(option.toUpperCase().replaceAll('-', '_'), Object.keys(variables));

export function helpText(): string {
  const width = Math.max(...Object.keys(variables).map((name) => name.length)) + 2;
  const rows = Object.entries(variables).map(
    ([name, { type, default: fallback, about, isSecret }]) =>
      `  ${name.padEnd(width)}${about}\n${' '.repeat(width + 2)}${type}; default: ${fallback}${isSecret ? `; or ${name}_FILE, a file with the value` : ''}`,
  );
  return `Marquee: searches the events of many providers.\n\nUsage: npx marquee start [--help | --version]\n       npm start [-- --help | --version]\n\nEnvironment variables configure it:\n${rows.join('\n')}\n`;
}
