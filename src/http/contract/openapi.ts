// Makes an OpenAPI 3.1 document from operations: one for each port.

import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathItemObject,
  type ZodOpenApiResponseObject,
} from 'zod-openapi';
import * as z from 'zod';
import { versionOfPackage } from '#/kit/command-line/version.ts';
import type { PublicError } from './errors.ts';
import { headers, type HeaderName } from './headers.ts';
import type { Answer, Operation } from './operation.ts';
import { failedOf } from './schemas.ts';

export type Contract = ReturnType<typeof createDocument>;

/** What a port has: its operations, and what all of them share. */
export interface Port<Tag extends string, Code extends string> {
  readonly title: string;
  /** Markdown. */
  readonly introduction: string;
  /** The description of each tag. */
  readonly tags: Readonly<Record<Tag, string>>;
  readonly operations: readonly (readonly [id: string, operation: Operation<Tag, Code>])[];
  readonly errors: Readonly<Record<Code, PublicError>>;
  /** What any request may be answered with. */
  readonly commonErrors: readonly Code[];
  /** What an operation with a scope may be answered with in addition. */
  readonly scopeErrors: readonly Code[];
  /** What any answer may have. */
  readonly commonHeaders: Answer['headers'];
  /** What an error has in addition, by its status. */
  readonly headersOfError: (status: number) => Answer['headers'];
}

export function documentOf<Tag extends string, Code extends string>(port: Port<Tag, Code>): Contract {
  const responses = responsesOf(port);
  const paths: Record<string, ZodOpenApiPathItemObject> = {};
  for (const [id, operation] of port.operations) {
    const item = (paths[operation.path] ??= {});
    const own = operationOf(id, operation, responses);
    item[operation.method] = own;
    if (operation.method === 'get')
      item.head = { ...own, operationId: `${id}Head`, summary: `${own.summary}: headers only` };
  }
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: port.title,
      version: versionOfPackage(),
      description: port.introduction,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The host that serves this document' }],
    security: [],
    components: { securitySchemes },
    tags: Object.entries<string>(port.tags).map(([name, description]) => ({ name, description })),
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
const securityOf = (scope: string | null) =>
  scope === null ? [] : [{}, { key: [scope] }, { token: [scope] }];

interface Responses<Code extends string> {
  ofAnswer(answer: Answer): ZodOpenApiResponseObject;
  /** One response for each status, with an example for each of its codes. */
  ofErrors(operation: Operation<string, Code>): (readonly [string, ZodOpenApiResponseObject])[];
}

function operationOf<Code extends string>(
  id: string,
  operation: Operation<string, Code>,
  responses: Responses<Code>,
): ZodOpenApiOperationObject {
  const { tag, scope, summary, description, query, pathParameters, body, answers } = operation;
  const successes = Object.entries(answers).map(
    ([status, answer]) => [status, responses.ofAnswer(answer)] as const,
  );
  return {
    operationId: id,
    tags: [tag],
    summary,
    description:
      scope === null
        ? description
        : `${description} Needs the scope \`${scope}\` where credentials are required.`,
    security: securityOf(scope),
    requestParams: {
      ...(query === undefined ? {} : { query }),
      ...(pathParameters === undefined ? {} : { path: pathParameters }),
    },
    ...(body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': body } } }),
    responses: Object.fromEntries([...successes, ...responses.ofErrors(operation)]),
  };
}

function responsesOf<Tag extends string, Code extends string>(port: Port<Tag, Code>): Responses<Code> {
  const { errors, commonErrors, scopeErrors, commonHeaders = [], headersOfError } = port;
  const failed = failedOf(Object.keys(errors));
  const example = (code: Code) => ({ data: null, error: { code, message: errors[code].example } });
  /** Operations with the same codes share a response, as a component. */
  const known = new Map<string, ZodOpenApiResponseObject>();
  const otherError: ZodOpenApiResponseObject = {
    id: 'OtherError',
    description: 'Any other error.',
    content: {
      'application/json': {
        schema: failed,
        example: { data: null, error: { code: 'internal', message: 'The search failed.' } },
      },
    },
  };

  function headersOf(names: NonNullable<Answer['headers']>) {
    const described = [...names, ...commonHeaders].map((name) => {
      if (!name.endsWith('?')) return [name, headers[name as HeaderName]] as const;
      const own = name.slice(0, -1) as HeaderName;
      const { description, example: shown } = headers[own].meta() ?? {};
      return [own, headers[own].optional().meta({ description, example: shown, header: {} })] as const;
    });
    return z.object(Object.fromEntries(described));
  }

  function errorOf(status: number, codes: readonly Code[]): ZodOpenApiResponseObject {
    const key = codes.join();
    const same = known.get(key);
    if (same !== undefined) return same;
    const number = [...known.keys()].filter((one) => errors[one.split(',')[0] as Code].status === status);
    const response: ZodOpenApiResponseObject = {
      id: `Error${status}${number.length === 0 ? '' : `-${number.length + 1}`}`,
      description: codes.map((code) => `\`${code}\`: ${errors[code].when}.`).join(' '),
      headers: headersOf(headersOfError(status) ?? []),
      content: {
        'application/json': {
          schema: failed,
          examples: Object.fromEntries(codes.map((code) => [code, { value: example(code) }])),
        },
      },
    };
    known.set(key, response);
    return response;
  }

  return {
    ofAnswer: ({ description, headers: names = [], content }) => ({
      description,
      headers: headersOf(names),
      ...(content === undefined ? {} : { content }),
    }),
    ofErrors({ scope, errors: own }) {
      const codes = [...new Set<Code>([...own, ...(scope === null ? [] : scopeErrors), ...commonErrors])];
      const byStatus = Map.groupBy(codes, (code) => errors[code].status);
      return [
        ...Array.from(byStatus, ([status, of]) => [String(status), errorOf(status, of)] as const),
        ['default', otherError] as const,
      ];
    },
  };
}
