import * as z from 'zod';
import { pageHeaderNames } from '#/http/contract/headers.ts';
import type { Operation } from '#/http/contract/operation.ts';
import { routes } from '#/http/contract/routes.ts';
import { searchFiles } from '#/http/pages/names.ts';

const text = z.string();
const headers = ['ETag', 'Cache-Control', 'Content-Encoding', ...pageHeaderNames] as const;
const unchanged = {
  description: '`If-None-Match` names the `ETag`: the file is the same as before.',
  headers: ['ETag', 'Cache-Control', ...pageHeaderNames],
} as const;

/** Of a page without more headers than its files have. */
export const pageAnswers = {
  200: {
    description: 'The page.',
    headers,
    content: { 'text/html': { schema: text, example: '<!doctype html><html lang="en">…</html>' } },
  },
  304: unchanged,
} as const;

/** Of any file of a page. */
export const pageFileAnswers = {
  200: {
    description: 'The file.',
    headers,
    content: {
      'text/javascript': { schema: text, example: 'const module0 = …' },
      'image/svg+xml': { schema: text, example: '<svg xmlns="http://www.w3.org/2000/svg"/>' },
    },
  },
  304: unchanged,
} as const;

export const showSearchPage = {
  ...routes.showSearchPage,
  tag: 'Pages',
  summary: 'Shows the search page',
  description:
    'A page for people, which lists events by this API and loads nothing from other hosts. Its script reads the query of its URL: the filters of `/events`, and what the page adds to them.',
  answers: pageAnswers,
  errors: [],
} as const satisfies Operation;

export const getPageFile = {
  ...routes.getPageFile,
  tag: 'Pages',
  summary: 'Returns a file of the search page',
  description:
    'A script or an image that the page loads. Its URL there has the version of the file, `?v=…`: then caches may keep it for a year.',
  pathParameters: z.object({
    file: z.enum(searchFiles).meta({ description: 'The name of the file.', example: 'search.js' }),
  }),
  answers: pageFileAnswers,
  errors: ['not_found'],
} as const satisfies Operation;
