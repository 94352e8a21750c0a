// The contract of the admin port as an OpenAPI 3.1 document. Served at its /openapi.json.

import type { HeaderName } from '#/http/contract/headers.ts';
import { documentOf, type Contract } from '#/http/contract/openapi.ts';
import { adminErrors, adminScopeErrors, commonAdminErrors } from './errors.ts';
import { adminTags } from './operation.ts';
import { adminOperations } from './operations.ts';
import { adminIntroduction } from './prose.ts';

const commonHeaders = ['X-Content-Type-Options', 'Strict-Transport-Security', 'Vary'] as const;

/** What an error has in addition, by its status; `?`: not every error of the status. */
const errorHeaders: Readonly<Record<number, readonly (HeaderName | `${HeaderName}?`)[]>> = {
  401: ['WWW-Authenticate'],
  403: ['WWW-Authenticate?'],
  405: ['Allow'],
  503: ['Retry-After'],
};

let made: Contract | null = null;

/** Made at the first call: a supervisor that nobody asks for it needs none. */
export const adminContract = (): Contract =>
  (made ??= documentOf({
    title: 'Marquee admin',
    introduction: adminIntroduction,
    tags: adminTags,
    operations: Object.entries(adminOperations),
    errors: adminErrors,
    commonErrors: commonAdminErrors,
    scopeErrors: adminScopeErrors,
    commonHeaders,
    headersOfError: (status) => errorHeaders[status] ?? [],
  }));
