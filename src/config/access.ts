// The rules of access, from their variables and from the file of API keys.

import { parseKeys, usable } from '#/access/keys-file.ts';
import { hashOf } from '#/access/key.ts';
import { hasAdmin, type AccessRules, type ApiKey, type Issuer } from '#/access/rules.ts';
import { faultOf } from '#/config-fault.ts';
import { messageOf } from '#/kit/errors.ts';
import { isLoopback } from '#/kit/machine/loopback.ts';
import { readTextFile } from '#/kit/command-line/text-file.ts';
import type { Settings } from '#/variables.ts';

type Given = Pick<
  Settings,
  | 'ADMIN_HOST'
  | 'ADMIN_TOKEN'
  | 'API_KEYS_FILE'
  | 'AUTH_ALGORITHMS'
  | 'AUTH_AUDIENCE'
  | 'AUTH_ISSUER'
  | 'AUTH_JWKS_URL'
  | 'AUTH_TOLERANCE_SECONDS'
>;

/** With any fault the rules are not complete. No fault shows a secret. */
export function readAccess(given: Given): { readonly access: AccessRules; readonly faults: string[] } {
  const { keys, faults } = readKeys(given.API_KEYS_FILE);
  const token = given.ADMIN_TOKEN;
  const access = {
    keys,
    issuer: issuerOf(given),
    adminTokenHash: token === undefined ? null : hashOf(token),
  };
  if (given.AUTH_ISSUER !== undefined && given.AUTH_AUDIENCE === undefined)
    faults.push(faultOf('AUTH_AUDIENCE', undefined, 'expected the audience of the tokens of AUTH_ISSUER'));
  if (given.AUTH_ISSUER === undefined && given.AUTH_AUDIENCE !== undefined)
    faults.push(faultOf('AUTH_ISSUER', undefined, 'expected the issuer of the tokens for AUTH_AUDIENCE'));
  if (faults.length === 0 && !isLoopback(given.ADMIN_HOST) && !hasAdmin(access)) {
    const credential = 'ADMIN_TOKEN, AUTH_ISSUER, or a key with the scope admin in API_KEYS_FILE';
    const wanted = `expected 127.0.0.1, or a credential for a port that others reach: ${credential}`;
    faults.push(faultOf('ADMIN_HOST', given.ADMIN_HOST, wanted));
  }
  return { access, faults };
}

const issuerOf = (given: Given): Issuer | null =>
  given.AUTH_ISSUER === undefined || given.AUTH_AUDIENCE === undefined
    ? null
    : {
        url: given.AUTH_ISSUER,
        audience: given.AUTH_AUDIENCE,
        algorithms: given.AUTH_ALGORITHMS,
        keysUrl: given.AUTH_JWKS_URL ?? null,
        toleranceSeconds: given.AUTH_TOLERANCE_SECONDS,
      };

function readKeys(path: string | undefined): { keys: ApiKey[] | null; faults: string[] } {
  if (path === undefined) return { keys: null, faults: [] };
  try {
    const read = parseKeys(readTextFile(path));
    if ('entries' in read) return { keys: usable(read.entries), faults: [] };
    return { keys: [], faults: read.faults.map((fault) => `API_KEYS_FILE ${path}: ${fault}`) };
  } catch (error) {
    return {
      keys: [],
      faults: [faultOf('API_KEYS_FILE', path, `expected a readable file: ${messageOf(error)}`)],
    };
  }
}
