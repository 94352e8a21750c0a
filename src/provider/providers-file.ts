// The providers file: one entry per outside source, with every field's default and limits.

import * as z from 'zod';
import { isTimeZone } from '#/domain/wall-clock.ts';
import { credentialsOf, shownOf, type Credentials, type Secrets } from './credentials.ts';
import { formatNames, type Provider } from './provider.ts';

const texts = z.record(z.string(), z.string()).default({});
const host = z
  .string()
  .toLowerCase()
  .regex(/^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]+\])(?::\d{1,5})?$/, 'expected a host, or host:port');

const provider = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'expected lower-case letters, digits, - and _, at most 63'),
  url: z.url({ protocol: /^https?$/ }),
  redirectHosts: z.array(host).max(20).default([]),
  headers: texts,
  headerFiles: texts,
  basic: z
    .strictObject({
      user: z.string().min(1),
      password: z.string().optional(),
      passwordFile: z.string().min(1).optional(),
    })
    .optional(),
  bearer: z.string().min(1).optional(),
  bearerFile: z.string().min(1).optional(),
  format: z.enum([...formatNames, 'auto']).default('auto'),
  timeZone: z.string().refine(isTimeZone, 'expected an IANA time zone like Europe/Madrid').default('UTC'),
  priceZones: z.enum(['all', 'with-capacity']).default('all'),
  strict: z.boolean().default(false),
  lenientXml: z.boolean().default(false),
  pollSeconds: z.number().min(0.05).max(86_400).default(60),
  pollSecondsMax: z.number().min(0.05).max(86_400).optional(),
  timeoutSeconds: z.number().min(1).max(86_400).default(300),
  headersTimeoutSeconds: z.number().min(0.1).max(3600).default(30),
  idleTimeoutSeconds: z.number().min(0.1).max(3600).default(15),
  bytesPerSecondMin: z.number().min(0).max(1e9).default(1000),
  feedMegabytesMax: z.number().min(0.001).max(100_000).default(2048),
  recordMegabytesMax: z.number().min(0.001).max(64).default(8),
  withdrawShareMax: z.number().min(0).max(1).default(0.5),
  growthFactorMax: z.number().min(1).max(1_000_000).default(10),
});

const providersFile = z
  .strictObject({ providers: z.array(provider).max(1000) })
  .refine(
    ({ providers }) => new Set(providers.map(({ name }) => name)).size === providers.length,
    'expected each name once',
  );

/** How much longer a quiet feed may go unasked than one that changes, unless its entry says otherwise. */
const quietFactor = 4;

export interface ProvidersFault {
  /** Path into the file: `providers.0.url`. */
  readonly at: string;
  readonly saw: unknown;
  readonly wanted: string;
}

/** Reads the content of a providers file; all its faults at once, and then no providers. */
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
  const faults = read.error.issues.map(({ path, message }) => {
    const saw = path.reduce<unknown>(
      (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
      file,
    );
    return { at: path.join('.'), saw: shownOf(saw, path), wanted: message };
  });
  return { providers: [], faults };
}

const megabyte = 1_000_000;

function providerOf(entry: z.infer<typeof provider>, { url, headers }: Credentials): Provider {
  const {
    name,
    redirectHosts,
    format,
    timeZone,
    priceZones,
    pollSeconds,
    withdrawShareMax,
    growthFactorMax,
  } = entry;
  return {
    name,
    url,
    headers,
    redirectHosts,
    format,
    timeZone,
    priceZones,
    strict: entry.strict,
    lenientXml: entry.lenientXml,
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
    gate: { withdrawShareMax, growthFactorMax },
  };
}
