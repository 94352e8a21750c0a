// The contract of the public port as an OpenAPI 3.1 document, made from the operations. Served at /openapi.json.

import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathItemObject,
  type ZodOpenApiResponseObject,
} from 'zod-openapi';
import * as z from 'zod';
import { ignoredHeader } from '#/http/ignored.ts';
import { versionOfPackage } from '#/kit/command-line/version.ts';
import { scopeErrors } from './access-errors.ts';
import { commonErrors, errors, type ErrorCode } from './errors.ts';
import { commonHeaders, errorHeaders, headers, type HeaderName } from './headers.ts';
import { tags, type Answer, type Operation } from './operation.ts';
import { operationList } from './operations.ts';
import { introduction } from './prose.ts';
import { failed, failedExample } from './schemas.ts';

export type Contract = ReturnType<typeof createDocument>;

let made: Contract | null = null;

/** Made at the first call: a worker that nobody asks for it needs none. */
export const contract = (): Contract => (made ??= make());

function make(): Contract {
  const paths: Record<string, ZodOpenApiPathItemObject> = {};
  for (const [id, operation] of operationList) {
    const item = (paths[operation.path] ??= {});
    const own = operationOf(id, operation);
    item[operation.method] = own;
    if (operation.method === 'get')
      item.head = { ...own, operationId: `${id}Head`, summary: `${own.summary}: headers only` };
  }
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Marquee',
      version: versionOfPackage(),
      description: introduction,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The host that serves this document' }],
    security: [],
    components: { securitySchemes },
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
  });
}

/** Where a host requires credentials. */
const securitySchemes = {
  key: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key.' },
  token: {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key, or a token of the issuer that the host accepts.',
  },
} as const;

/** `{}`: a host that has no credentials configured needs none. */
const securityOf = ({ scope }: Operation) =>
  scope === null ? [] : [{}, { key: [scope] }, { token: [scope] }];

function operationOf(id: string, operation: Operation): ZodOpenApiOperationObject {
  const { tag, scope, summary, description, query, pathParameters, body, answers } = operation;
  const successes = Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)] as const);
  return {
    operationId: id,
    tags: [tag],
    summary,
    description:
      scope === null
        ? description
        : `${description} Needs the scope \`${scope}\` where credentials are required.`,
    security: securityOf(operation),
    requestParams: {
      ...(query === undefined ? {} : { query }),
      ...(pathParameters === undefined ? {} : { path: pathParameters }),
    },
    ...(body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': body } } }),
    responses: Object.fromEntries([...successes, ...errorsOf(operation), ['default', otherError]]),
  };
}

const answerOf = ({ description, headers: names = [], content }: Answer): ZodOpenApiResponseObject => ({
  description,
  headers: headersOf(names),
  ...(content === undefined ? {} : { content }),
});

/** One response for each status, with an example for each of its codes. */
function errorsOf({ scope, errors: own }: Operation): (readonly [string, ZodOpenApiResponseObject])[] {
  const codes = [...new Set<ErrorCode>([...own, ...(scope === null ? [] : scopeErrors), ...commonErrors])];
  const byStatus = Map.groupBy(codes, (code) => errors[code].status);
  return Array.from(byStatus, ([status, ofStatus]) => [String(status), errorOf(status, ofStatus)]);
}

/** Operations with the same codes share a response, as a component. */
const responses = new Map<string, ZodOpenApiResponseObject>();

function errorOf(status: number, codes: readonly ErrorCode[]): ZodOpenApiResponseObject {
  const key = codes.join();
  const known = responses.get(key);
  if (known !== undefined) return known;
  const number = [...responses.keys()].filter(
    (one) => errors[one.split(',')[0] as ErrorCode].status === status,
  );
  const response: ZodOpenApiResponseObject = {
    id: `Error${status}${number.length === 0 ? '' : `-${number.length + 1}`}`,
    description: codes.map((code) => `\`${code}\`: ${errors[code].when}.`).join(' '),
    headers: headersOf([...(errorHeaders[status] ?? []), ignoredHeader]),
    content: {
      'application/json': {
        schema: failed,
        examples: Object.fromEntries(codes.map((code) => [code, { value: failedExample(code) }])),
      },
    },
  };
  responses.set(key, response);
  return response;
}

const otherError: ZodOpenApiResponseObject = {
  id: 'OtherError',
  description: 'Any other error.',
  content: { 'application/json': { schema: failed, example: failedExample('internal') } },
};

function headersOf(names: NonNullable<Answer['headers']>) {
  const described = [...names, ...commonHeaders].map((name) => {
    if (!name.endsWith('?')) return [name, headers[name as HeaderName]] as const;
    const own = name.slice(0, -1) as HeaderName;
    const { description, example } = headers[own].meta() ?? {};
    return [own, headers[own].optional().meta({ description, example, header: {} })] as const;
  });
  return z.object(Object.fromEntries(described));
}
