// The public port except /search: the OpenAPI description, its interactive page, and 404 for every other path.

import { dirname } from 'node:path';
import { createRequire } from 'node:module';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { docsPage } from './docs.ts';
import { endWithError } from './envelope.ts';
import { openApi } from './openapi.ts';
import { pathOf } from './server.ts';

/** The files of Swagger UI that the page needs. The package's own page is not served: it loads an example of another API. */
const served = new Set(['/swagger-ui.css', '/swagger-ui-bundle.js', '/favicon-32x32.png']);

export function createApp(): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const assets = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const serveAsset = express.static(assets, { index: false, maxAge: '1d' });
  app.get('/', (_request, response) => response.redirect(302, '/docs'));
  app.get('/openapi.json', (_request, response) => void response.json(openApi));
  app.get('/docs', (_request, response) => void response.type('html').send(docsPage));
  app.use('/docs/assets', (request, response, next) => {
    if (served.has(request.path)) serveAsset(request, response, next);
    else next();
  });
  app.all(['/', '/openapi.json', '/docs'], (request, response) => {
    endWithError(response, 405, 'method_not_allowed', `Got ${request.method}, expected GET or HEAD.`, {
      Allow: 'GET, HEAD',
    });
  });
  app.use((request, response) => {
    endWithError(
      response,
      404,
      'not_found',
      `Got the path ${pathOf(request)}, expected /search or /events; /docs describes them.`,
    );
  });
  app.use(failed);
  return app;
}

const failed: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) next(error);
  else endWithError(response, 400, 'bad_request', 'The request cannot be read.');
};
