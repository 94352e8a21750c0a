// How a server speaks TLS: version 1.2 with forward secrecy and authenticated encryption, or 1.3.

import type { TlsOptions } from 'node:tls';

/** As PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  /** Authorities of client certificates, which are then required; null: clients need none. */
  readonly clientCa: string | null;
}

/** The intermediate recommendation of Mozilla, "Server Side TLS" 5.7, without finite-field Diffie-Hellman. */
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/** A client that takes longer for its handshake is disconnected. */
const handshakeMs = 10_000;

/** Options of a server, and of `setSecureContext`. */
export const secureOptions = ({ cert, key, clientCa }: TlsFiles): TlsOptions => ({
  cert,
  key,
  minVersion: 'TLSv1.2',
  ciphers,
  honorCipherOrder: true,
  handshakeTimeout: handshakeMs,
  ...(clientCa === null ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true }),
});
