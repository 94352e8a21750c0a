// The variables of TLS.

import * as z from 'zod';
import { count, flag } from '#/kit/command-line/variable.ts';
import { entry } from './entry.ts';

const path = z.string().min(1).optional();

export const tlsVariables = {
  TLS_CERT: entry(
    path,
    'file',
    'none',
    'certificate chain as PEM: with it the search API speaks TLS 1.2 or 1.3 only; a reload reads it again',
  ),
  TLS_KEY: entry(path, 'file', 'none', 'private key of TLS_CERT as PEM'),
  TLS_REDIRECT_PORT: entry(
    count(1, 65_535).optional(),
    'port',
    'none',
    'with TLS_CERT: a plain port that redirects every request to the search API',
  ),
  ADMIN_TLS: entry(
    flag,
    'true or false',
    'false',
    'with TLS_CERT: true makes the admin port speak TLS as well',
  ),
  ADMIN_CLIENT_CA: entry(
    path,
    'file',
    'none',
    'with ADMIN_TLS: certificates of authorities as PEM; the admin port then requires a client certificate of one of them',
  ),
};
