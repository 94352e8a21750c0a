// Certificates for tests, made by openssl.

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
  /** As PEM. Self-signed: a party that trusts it trusts its owner. */
  readonly cert: string;
  readonly key: string;
}

const run = (...args: string[]) => promisify(execFile)('openssl', args);

/** Writes `NAME.crt` and `NAME.key` into the directory; for 127.0.0.1 and localhost. */
export async function makeCertificate(directory: string, name: string): Promise<Certificate> {
  const [keyFile, certFile] = [join(directory, `${name}.key`), join(directory, `${name}.crt`)];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const named = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  await run('req', '-x509', ...made, ...named, '-keyout', keyFile, '-out', certFile);
  return {
    certFile,
    keyFile,
    cert: await readFile(certFile, 'utf8'),
    key: await readFile(keyFile, 'utf8'),
  };
}
