// The contract of the public port as an OpenAPI 3.1 document, made from the operations. Served at /openapi.json.

import { ignoredHeader } from '#/http/ignored.ts';
import { scopeErrors } from './access-errors.ts';
import { commonErrors, errors } from './errors.ts';
import { commonHeaders, errorHeaders } from './headers.ts';
import { documentOf, type Contract } from './openapi.ts';
import { tags } from './operation.ts';
import { operationList } from './operations.ts';
import { introduction } from './prose.ts';

let made: Contract | null = null;

/** Made at the first call: a worker that nobody asks for it needs none. */
export const contract = (): Contract =>
  (made ??= documentOf({
    title: 'Marquee',
    introduction,
    tags,
    operations: operationList,
    errors,
    commonErrors,
    scopeErrors,
    commonHeaders,
    headersOfError: (status) => [...(errorHeaders[status] ?? []), ignoredHeader],
  }));
