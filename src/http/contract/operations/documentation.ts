import * as z from 'zod';
import { assets } from '#/http/docs.ts';
import { pageHeaderNames } from '#/http/contract/headers.ts';
import type { Operation } from '#/http/contract/operation.ts';
import { routes } from '#/http/contract/routes.ts';

const html = z.string().meta({ description: 'A page for people.' });
const file = z.string();

/** `title`: of the document. */
export const contractAnswers = (title: string) => ({
  200: {
    description: 'The contract.',
    content: {
      'application/json': {
        schema: z
          .looseObject({ openapi: z.string(), info: z.looseObject({}), paths: z.looseObject({}) })
          .meta({ id: 'Contract' }),
        example: { openapi: '3.1.1', info: { title, version: '0.1.0' }, paths: {} },
      },
    },
  },
});

export const getContract = {
  ...routes.getContract,
  tag: 'Documentation',
  summary: 'Returns this contract',
  description: 'The OpenAPI 3.1 description of every operation of this port. Its version is that of Marquee.',
  answers: contractAnswers('Marquee'),
  errors: [],
} as const satisfies Operation;

export const showDocumentation = {
  ...routes.showDocumentation,
  tag: 'Documentation',
  summary: 'Shows the contract as a page',
  description: 'An interactive page, which loads nothing from other hosts.',
  answers: {
    200: {
      description: 'The page.',
      headers: pageHeaderNames,
      content: { 'text/html': { schema: html, example: '<!doctype html><html lang="en">…</html>' } },
    },
  },
  errors: [],
} as const satisfies Operation;

export const getDocumentationFile = {
  ...routes.getDocumentationFile,
  tag: 'Documentation',
  summary: 'Returns a file of the page',
  description: 'A style sheet, a script or an image that the page loads.',
  pathParameters: z.object({
    file: z.enum(assets).meta({ description: 'The name of the file.', example: 'swagger-ui.css' }),
  }),
  answers: {
    200: {
      description: 'The file.',
      headers: ['ETag', 'Cache-Control', 'Last-Modified', ...pageHeaderNames],
      content: {
        'text/css': { schema: file, example: '.swagger-ui {}' },
        'text/javascript': { schema: file, example: 'SwaggerUIBundle = {}' },
        'image/png': { schema: file, example: '' },
      },
    },
    304: {
      description: 'The file is the same as before.',
      headers: ['ETag', 'Cache-Control', 'Last-Modified', ...pageHeaderNames],
    },
  },
  errors: ['not_found'],
} as const satisfies Operation;
