// The file of API keys: for each key a name, the hash, scopes, and optionally an expiry and a limit. Reading it needs zod, so API
// workers receive what was read.

import * as z from 'zod';
import { expectedNumber, expectedOneOf } from '#/kit/command-line/expected.ts';
import type { ApiKey } from './rules.ts';
import { scopes } from './scopes.ts';

const keysMax = 10_000;
export const limitMax = 1_000_000_000;
const expectedInstant = 'expected an instant such as 2027-01-01T00:00:00Z';
const expectedName = 'expected 1 to 64 letters, digits and any of _ . -';
const expectedLimit = expectedNumber(1, limitMax, true);
const expectedKeys = `expected {"keys":[…]} with at most ${keysMax} keys`;
const instant = z.iso.datetime({ offset: true, error: expectedInstant });

export const keyName = z.string({ error: expectedName }).regex(/^[\w.-]{1,64}$/, expectedName);

const entry = z.strictObject({
  name: keyName,
  hash: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 hex digits'),
  scopes: z
    .array(z.enum(scopes, { error: ({ input }) => expectedOneOf(scopes, input) }))
    .min(1, 'expected at least one scope'),
  createdAt: instant.optional(),
  expiresAt: instant.optional(),
  revokedAt: instant.optional(),
  limit: z.int({ error: expectedLimit }).min(1, expectedLimit).max(limitMax, expectedLimit).optional(),
});

export const keysFile = z
  .strictObject(
    { keys: z.array(entry, { error: expectedKeys }).max(keysMax, expectedKeys) },
    { error: expectedKeys },
  )
  .refine(
    ({ keys }) => new Set(keys.map(({ name }) => name)).size === keys.length,
    'expected each name once',
  );

export type KeyEntry = z.infer<typeof entry>;

/** Returns all faults at once, each with its path; none of them shows a value. */
export function parseKeys(
  text: string,
): { readonly entries: readonly KeyEntry[] } | { readonly faults: readonly string[] } {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // The message of the parser would quote the text.
    return { faults: ['expected valid JSON'] };
  }
  const read = keysFile.safeParse(content);
  if (read.success) return { entries: read.data.keys };
  return {
    faults: read.error.issues.map(({ path, message }) =>
      [path.join('.'), message].filter(Boolean).join(': '),
    ),
  };
}

/** The keys that may be used, now or once; expiry is checked at each use. */
export const usable = (entries: readonly KeyEntry[]): ApiKey[] =>
  entries
    .filter(({ revokedAt }) => revokedAt === undefined)
    .map(({ name, hash, scopes: allowed, expiresAt, limit }) => ({
      name,
      hash: hash.slice('sha256:'.length),
      scopes: allowed,
      expiresAt: expiresAt === undefined ? null : Date.parse(expiresAt),
      limit: limit ?? null,
    }));
