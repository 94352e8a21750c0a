// The variables that say who may send requests.

import * as z from 'zod';
import { expectedOneOf } from '#/kit/command-line/expected.ts';
import { number } from '#/kit/command-line/variable.ts';
import { entry, secret } from './entry.ts';

/** Those of RFC 7518 and RFC 8037 with a public key. A secret key (HS256) would be known to everyone who verifies. */
const algorithms = [
  'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519',
] as const; // prettier-ignore
const defaultAlgorithms = 'RS256,PS256,ES256,EdDSA';

const algorithmList = z.string().transform((given, context): readonly string[] => {
  const names = given.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !(algorithms as readonly string[]).includes(name));
  if (wrong === undefined) return names;
  context.addIssue({ code: 'custom', message: expectedOneOf(algorithms, wrong) });
  return z.NEVER;
});

const isOnThisHost = (hostname: string): boolean => /^(?:127\.[\d.]+|\[::1\]|localhost)$/.test(hostname);
const secureUrl = z
  .string()
  .refine((given) => {
    const url = URL.parse(given);
    if (url === null || url.username !== '' || url.hash !== '') return false;
    return url.protocol === 'https:' || (url.protocol === 'http:' && isOnThisHost(url.hostname));
  }, 'expected https://…, or http:// on this host')
  .optional();

const tokenForm = /^[\w\-.~+/]{16,512}=*$/;

export const accessVariables = {
  API_KEYS_FILE: entry(
    z.string().min(1).optional(),
    'file',
    'none',
    'hashes of the API keys that npm run key:new makes; with it, or with AUTH_ISSUER, requests need a credential',
  ),
  AUTH_ISSUER: entry(
    secureUrl,
    'https URL',
    'none',
    'OIDC issuer whose tokens are accepted, exactly as in their claim iss',
  ),
  AUTH_AUDIENCE: entry(
    z.string().min(1).max(500).optional(),
    'text',
    'none',
    'with AUTH_ISSUER: what the claim aud of a token must contain',
  ),
  AUTH_ALGORITHMS: entry(
    algorithmList.default(defaultAlgorithms.split(',')),
    algorithms.join(', '),
    defaultAlgorithms,
    'signature algorithms of tokens that are accepted, separated by commas',
  ),
  AUTH_JWKS_URL: entry(
    secureUrl,
    'https URL',
    'as the issuer says',
    'where the public keys of the issuer are, instead of asking its discovery document',
  ),
  AUTH_TOLERANCE_SECONDS: entry(
    number(0, 300).default(30),
    'seconds, 0 to 300',
    '30',
    'by how much the clocks of the issuer and of this host may differ',
  ),
  ADMIN_TOKEN: secret(
    z.string().regex(tokenForm, 'expected 16 to 512 letters, digits and any of - . _ ~ + /').optional(),
    'text, 16 to 512 characters',
    'none',
    'credential for the admin port, which needs one unless ADMIN_HOST is a loopback address',
  ),
};
