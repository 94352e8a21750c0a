// Parses the providers file: one entry per provider, with each field's default and limits.

import * as z from 'zod';
import { expectedNumber, expectedOneOf, expectedUrl } from '#/kit/command-line/expected.ts';
import { didYouMean } from '#/kit/command-line/nearest.ts';
import { isTimeZone } from '#/domain/time/wall-clock.ts';
import { credentialsOf, shownOf, type Credentials, type Secrets } from './http/credentials.ts';
import { mappingEntry } from './mapping-entry.ts';
import { formatNames, mappedFormats, type Provider } from './provider.ts';

const number = (least: number, most: number) => {
  const error = expectedNumber(least, most);
  return z.number({ error }).min(least, { error }).max(most, { error });
};
const oneOf = <const Names extends readonly string[]>(names: Names) =>
  z.enum(names, { error: ({ input }) => expectedOneOf(names, input) });
const text = (expected: string) => z.string({ error: expected });
const some = (expected: string) => text(expected).min(1, expected);
const flag = z.boolean({ error: 'expected true or false' }).default(false);
const texts = z
  .record(z.string(), text('expected a string'), { error: 'expected an object of strings' })
  .default({});
const expectedName = 'expected lower-case letters, digits, - and _, at most 63';
const expectedZone = 'expected an IANA time zone like Europe/Madrid';
const expectedHost = 'expected a host, or host:port';
const expectedHosts = 'expected a list of at most 20 hosts';
const host = text(expectedHost)
  .toLowerCase()
  .regex(/^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]+\])(?::\d{1,5})?$/, expectedHost);
const basic = z.strictObject(
  {
    user: some('expected the name of a user'),
    password: text('expected a string').optional(),
    passwordFile: some('expected the path of a file').optional(),
  },
  { error: 'expected an object with user, and password or passwordFile' },
);

/** One entry, as it is written. */
export const providerEntry = z.strictObject({
  name: text(expectedName).regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, expectedName),
  url: z.url({ protocol: /^https?$/, error: expectedUrl }),
  redirectHosts: z.array(host, { error: expectedHosts }).max(20, expectedHosts).default([]),
  privateAddresses: flag,
  headers: texts,
  headerFiles: texts,
  basic: basic.optional(),
  bearer: some('expected a token').optional(),
  bearerFile: some('expected the path of a file').optional(),
  format: oneOf([...formatNames, 'auto']).default('auto'),
  timeZone: text(expectedZone).refine(isTimeZone, expectedZone).default('UTC'),
  priceZones: oneOf(['all', 'with-capacity']).default('all'),
  strict: flag,
  lenientXml: flag,
  mapping: mappingEntry.optional(),
  pollSeconds: number(0.05, 86_400).default(60),
  pollSecondsMax: number(0.05, 86_400).optional(),
  timeoutSeconds: number(1, 86_400).default(300),
  headersTimeoutSeconds: number(0.1, 3600).default(30),
  idleTimeoutSeconds: number(0.1, 3600).default(15),
  bytesPerSecondMin: number(0, 1e9).default(1000),
  feedMegabytesMax: number(0.001, 100_000).default(2048),
  recordMegabytesMax: number(0.001, 64).default(8),
  withdrawShareMax: number(0, 1).default(0.5),
  growthFactorMax: number(1, 1_000_000).default(10),
  priceShareMax: number(0, 1).default(0.5),
  dateShareMax: number(0, 1).default(0.5),
});

const expectedMapping = `expected a mapping with the format ${[...mappedFormats].join(' or ')}, and with no other`;

function mappingFits({ format, mapping }: z.infer<typeof providerEntry>, context: z.RefinementCtx): void {
  // Also called for an entry whose format is not valid, which is reported on its own.
  const isKnown = format === 'auto' || formatNames.includes(format);
  if (isKnown && (mapping !== undefined) !== mappedFormats.has(format))
    context.addIssue({ code: 'custom', path: ['mapping'], message: expectedMapping });
}

const providersFile = z
  .strictObject(
    {
      providers: z
        .array(providerEntry.superRefine(mappingFits), { error: 'expected an array of providers' })
        .max(1000, 'expected at most 1000 providers'),
    },
    { error: 'expected {"providers":[…]}' },
  )
  .refine(
    ({ providers }) => new Set(providers.map(({ name }) => name)).size === providers.length,
    'expected each name once',
  );

/** By how much the interval of a quiet feed may grow, unless its entry says otherwise. */
const quietFactor = 4;

export interface ProvidersFault {
  /** The path in the file: `providers.0.url`. */
  readonly at: string;
  readonly saw: unknown;
  readonly wanted: string;
}

/** Parses the content of a providers file. Returns all faults at once; with any fault, it returns no providers. */
export function parseProviders(
  file: unknown,
  secrets: Secrets,
): { providers: Provider[]; faults: ProvidersFault[] } {
  const read = providersFile.safeParse(file);
  if (read.success) {
    const faults: ProvidersFault[] = [];
    const providers = read.data.providers.map((entry, i) => {
      const { credentials, faults: found } = credentialsOf(entry, secrets);
      faults.push(...found.map((fault) => ({ ...fault, at: `providers.${i}.${fault.at}` })));
      return providerOf(entry, credentials);
    });
    return { providers: faults.length === 0 ? providers : [], faults };
  }
  const faults = read.error.issues.flatMap((issue) => {
    const { path, message } = issue;
    const inner = valueAt(file, path);
    if (issue.code !== 'unrecognized_keys')
      return [{ at: path.join('.'), saw: shownOf(inner, path), wanted: message }];
    const known = knownAt(path);
    return issue.keys.map((key) => ({
      at: [...path, key].join('.'),
      // The value of an unknown field is not shown if it is a string, since it may be a secret.
      saw:
        typeof valueAt(inner, [key]) === 'string'
          ? 'a string'
          : shownOf(valueAt(inner, [key]), [...path, key]),
      wanted: `expected no such field.${didYouMean(key, known)}`,
    }));
  });
  return { providers: [], faults };
}

function knownAt(path: readonly PropertyKey[]): string[] {
  if (path.length === 0) return Object.keys(providersFile.shape);
  return Object.keys(path.at(-1) === 'basic' ? basic.shape : providerEntry.shape);
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);

const megabyte = 1_000_000;

function providerOf(entry: z.infer<typeof providerEntry>, { url, headers }: Credentials): Provider {
  const {
    name,
    redirectHosts,
    format,
    timeZone,
    priceZones,
    pollSeconds,
    withdrawShareMax,
    growthFactorMax,
    priceShareMax,
    dateShareMax,
  } = entry;
  return {
    name,
    url,
    headers,
    redirectHosts,
    privateAddresses: entry.privateAddresses,
    format,
    timeZone,
    priceZones,
    strict: entry.strict,
    lenientXml: entry.lenientXml,
    ...(entry.mapping !== undefined && { mapping: entry.mapping }),
    pollSeconds,
    pollSecondsMax: Math.max(pollSeconds, entry.pollSecondsMax ?? pollSeconds * quietFactor),
    limits: {
      totalMs: entry.timeoutSeconds * 1000,
      headersMs: entry.headersTimeoutSeconds * 1000,
      idleMs: entry.idleTimeoutSeconds * 1000,
      bytesMax: entry.feedMegabytesMax * megabyte,
      decodedBytesMax: entry.feedMegabytesMax * megabyte,
      recordBytesMax: entry.recordMegabytesMax * megabyte,
      bytesPerSecondMin: entry.bytesPerSecondMin,
    },
    gate: { withdrawShareMax, growthFactorMax, priceShareMax, dateShareMax },
  };
}
