// The answers to requests without a valid credential, by RFC 6750: 401 says how to authenticate, 403 which scope is missing.

import type { ServerResponse } from 'node:http';
import type { Denial } from '#/access/identity.ts';
import { endWithError } from '#/http/envelope.ts';

const realm = 'Bearer realm="marquee"';
const how = 'Authorization: Bearer, or X-API-Key';

export function refuseDenied(response: ServerResponse, denial: Denial): void {
  if (denial === 'missing')
    endWithError(response, 401, 'credential_missing', `Got no credential, expected ${how}.`, {
      'WWW-Authenticate': realm,
    });
  else if (denial === 'invalid')
    // The same for every reason: it would help only to guess.
    endWithError(
      response,
      401,
      'credential_invalid',
      'Got a credential that is not valid, expected a valid one.',
      {
        'WWW-Authenticate': `${realm}, error="invalid_token"`,
      },
    );
  else
    endWithError(
      response,
      503,
      'credential_unverifiable',
      'The keys of the issuer cannot be read at present.',
      {
        'Retry-After': '5',
      },
    );
}

export function refuseScope(response: ServerResponse, scope: string): void {
  endWithError(response, 403, 'scope_missing', `Got a credential without the scope ${scope}, expected it.`, {
    'WWW-Authenticate': `${realm}, error="insufficient_scope", scope="${scope}"`,
  });
}
