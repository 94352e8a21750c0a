// Certificates and keys of TLS, from their files. They are tried out here, so that a pair that does not fit is a fault of the
// configuration: a reload then refuses it, and the old pair stays.

import { createSecureContext } from 'node:tls';
import { faultOf } from '#/config-fault.ts';
import { messageOf } from '#/kit/errors.ts';
import type { TlsFiles } from '#/kit/tls.ts';
import type { Settings } from '#/variables.ts';
import { readSecretFile } from './given.ts';

export interface TlsConfig {
  /** Null: the search API speaks plain HTTP. */
  readonly api: TlsFiles | null;
  readonly admin: TlsFiles | null;
  readonly redirectPort: number | null;
}

type Given = Pick<Settings, 'ADMIN_CLIENT_CA' | 'ADMIN_TLS' | 'TLS_CERT' | 'TLS_KEY' | 'TLS_REDIRECT_PORT'>;

export function readTls(given: Given): { readonly tls: TlsConfig; readonly faults: string[] } {
  const faults: string[] = [];
  const fault = (name: keyof Given, wanted: string): void =>
    void faults.push(faultOf(name, given[name], wanted));

  function read(name: 'TLS_CERT' | 'TLS_KEY' | 'ADMIN_CLIENT_CA'): string | null {
    const path = given[name];
    if (path === undefined) return null;
    try {
      return readSecretFile(path);
    } catch (error) {
      fault(name, `expected a readable file: ${messageOf(error)}`);
      return null;
    }
  }

  const [cert, key, ca] = [read('TLS_CERT'), read('TLS_KEY'), read('ADMIN_CLIENT_CA')];
  if ((given.TLS_CERT === undefined) !== (given.TLS_KEY === undefined))
    fault(
      given.TLS_CERT === undefined ? 'TLS_CERT' : 'TLS_KEY',
      'expected both TLS_CERT and TLS_KEY, or neither',
    );
  if (given.TLS_CERT === undefined) {
    if (given.TLS_REDIRECT_PORT !== undefined) fault('TLS_REDIRECT_PORT', 'expected TLS_CERT with it');
    if (given.ADMIN_TLS) fault('ADMIN_TLS', 'expected TLS_CERT with it');
  }
  if (given.ADMIN_CLIENT_CA !== undefined && !given.ADMIN_TLS)
    fault('ADMIN_CLIENT_CA', 'expected ADMIN_TLS=true with it');
  const api = cert === null || key === null ? null : { cert, key, clientCa: null };
  // The messages of OpenSSL name no part of a key.
  if (api !== null)
    tryOut(api, (why) => fault('TLS_CERT', `expected a certificate and its key as PEM: ${why}`));
  if (ca !== null && !/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/.test(ca))
    fault('ADMIN_CLIENT_CA', 'expected certificates as PEM');
  const admin = api !== null && given.ADMIN_TLS ? { ...api, clientCa: ca } : null;
  return { tls: { api, admin, redirectPort: given.TLS_REDIRECT_PORT ?? null }, faults };
}

function tryOut({ cert, key }: TlsFiles, failed: (why: string) => void): void {
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    failed(messageOf(error));
  }
}
