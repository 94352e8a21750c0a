// The providers file: one entry per outside source, with every field's default and limits.

import * as z from 'zod';
import { isTimeZone } from '#/domain/wall-clock.ts';
import { formatNames, type Provider } from './provider.ts';

const provider = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'expected lower-case letters, digits, - and _, at most 63'),
  url: z.url({ protocol: /^https?$/ }),
  format: z.enum([...formatNames, 'auto']).default('auto'),
  timeZone: z.string().refine(isTimeZone, 'expected an IANA time zone like Europe/Madrid').default('UTC'),
  priceZones: z.enum(['all', 'with-capacity']).default('all'),
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
export function parseProviders(file: unknown): { providers: Provider[]; faults: ProvidersFault[] } {
  const read = providersFile.safeParse(file);
  if (read.success) return { providers: read.data.providers.map(providerOf), faults: [] };
  const faults = read.error.issues.map(({ path, message }) => ({
    at: path.join('.'),
    saw: path.reduce<unknown>(
      (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
      file,
    ),
    wanted: message,
  }));
  return { providers: [], faults };
}

const megabyte = 1_000_000;

function providerOf(entry: z.infer<typeof provider>): Provider {
  const { name, url, format, timeZone, priceZones, pollSeconds, withdrawShareMax, growthFactorMax } = entry;
  return {
    name,
    url,
    format,
    timeZone,
    priceZones,
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
