// The errors of requests without a valid credential, without a scope, or beyond the limit of their client.

export const accessErrors = {
  credential_missing: {
    status: 401,
    when: 'the operation needs a credential, and the request has none',
    example: 'Got no credential, expected Authorization: Bearer, or X-API-Key.',
  },
  credential_invalid: {
    status: 401,
    when: 'the credential is unknown, expired, revoked, damaged or not for this service, or comes twice',
    example: 'Got a credential that is not valid, expected a valid one.',
  },
  scope_missing: {
    status: 403,
    when: 'the credential does not allow the operation',
    example: 'Got a credential without the scope search:read, expected it.',
  },
  rate_limited: {
    status: 429,
    when: 'the client has used its limit: `RateLimit` and `Retry-After` say when it may go on',
    example: 'Got more than 600 tokens within 60 s, expected fewer; try again in 12 s.',
  },
  credential_unverifiable: {
    status: 503,
    when: 'the keys of the issuer of a token could not be read since the start',
    example: 'The keys of the issuer cannot be read at present.',
  },
} as const;

/** What an operation with a scope may be answered with in addition, where credentials are required. */
export const scopeErrors = [
  'credential_missing',
  'credential_invalid',
  'credential_unverifiable',
  'scope_missing',
] as const satisfies readonly (keyof typeof accessErrors)[];
