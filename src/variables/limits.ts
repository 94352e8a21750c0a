// The variables that limit how much a client may take.

import { isIP } from 'node:net';
import * as z from 'zod';
import { count } from '#/kit/command-line/variable.ts';
import { entry } from './entry.ts';

const rangesMax = 100;
const expectedRanges = `expected at most ${rangesMax} addresses or ranges such as 10.0.0.0/8, separated by commas`;

function isRange(given: string): boolean {
  const [address = '', bits, more] = given.split('/');
  const family = isIP(address);
  if (family === 0 || more !== undefined) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

const ranges = z.string().transform((given, context): readonly string[] => {
  const parts = given.split(',').map((part) => part.trim());
  if (parts.length <= rangesMax && parts.every(isRange)) return parts;
  context.addIssue({ code: 'custom', message: expectedRanges });
  return z.NEVER;
});

export const limitVariables = {
  RATE_LIMIT: entry(
    count(0, 1_000_000_000).default(0),
    'tokens, 0 to 1000000000',
    '0',
    'what a client may take in RATE_WINDOW_SECONDS: a token for each 16 KB of an answer that it begins; 0 sets no limit, also none of a key',
  ),
  RATE_WINDOW_SECONDS: entry(
    count(1, 3600).default(60),
    'seconds, 1 to 3600',
    '60',
    'the window of RATE_LIMIT, and of the limits of keys',
  ),
  TRUST_PROXY: entry(
    ranges.optional(),
    'addresses and ranges separated by commas',
    'none',
    'proxies whose X-Forwarded-For says which client sent a request without a credential',
  ),
};
