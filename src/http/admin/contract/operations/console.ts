import * as z from 'zod';
import type { AdminOperation } from '#/http/admin/contract/operation.ts';
import { adminRoutes } from '#/http/admin/contract/routes.ts';
import type { HeaderName } from '#/http/contract/headers.ts';
import { contractAnswers } from '#/http/contract/operations/documentation.ts';
import { pageAnswers, pageFileAnswers } from '#/http/contract/operations/pages.ts';
import { consoleFiles } from '#/http/pages/names.ts';

const isolated = (names: readonly HeaderName[]) => [...names, 'Cross-Origin-Opener-Policy'] as const;

export const showConsole = {
  ...adminRoutes.showConsole,
  tag: 'Console',
  summary: 'Shows the console',
  description:
    'A page for operators, which uses this API and loads nothing from other hosts. It holds no data: where credentials are required, it asks for one.',
  answers: {
    200: { ...pageAnswers[200], headers: isolated(pageAnswers[200].headers) },
    304: { ...pageAnswers[304], headers: isolated(pageAnswers[304].headers) },
  },
  errors: [],
} as const satisfies AdminOperation;

export const getConsoleFile = {
  ...adminRoutes.getConsoleFile,
  tag: 'Console',
  summary: 'Returns a file of the console',
  description:
    'A script or an image that the page loads. Its URL there has the version of the file, `?v=…`: then caches may keep it for a year.',
  pathParameters: z.object({
    file: z.enum(consoleFiles).meta({ description: 'The name of the file.', example: 'console.js' }),
  }),
  answers: pageFileAnswers,
  errors: ['not_found'],
} as const satisfies AdminOperation;

export const getAdminContract = {
  ...adminRoutes.getAdminContract,
  tag: 'Console',
  summary: 'Returns this contract',
  description: 'The OpenAPI 3.1 description of every operation of this port. Its version is that of Marquee.',
  answers: contractAnswers('Marquee admin'),
  errors: [],
} as const satisfies AdminOperation;
