// The admin port, for probes and people who operate it. It answers from what the supervisor remembers and asks nobody.

import { createServer, type Server } from 'node:http';
import express, { type ErrorRequestHandler } from 'express';
import { endWithError } from './envelope.ts';
import { pathOf } from './server.ts';

export interface AdminDeps {
  /** Whether this host can answer searches (or, without API workers, whether it does what it is for). */
  readonly ready: () => boolean;
  readonly status: () => object;
  readonly metrics: () => Promise<{ text: string; contentType: string }>;
}

export function createAdminServer({ ready, status, metrics }: AdminDeps): Server {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get('/livez', (_request, response) => void response.json({ live: true }));
  app.get(
    '/readyz',
    (_request, response) => void response.status(ready() ? 200 : 503).json({ ready: ready() }),
  );
  app.get('/status', (_request, response) => void response.json(status()));
  app.get('/metrics', async (_request, response) => {
    const { text, contentType } = await metrics();
    response.setHeader('Content-Type', contentType);
    response.end(text);
  });
  app.all(['/livez', '/readyz', '/status', '/metrics'], (request, response) => {
    endWithError(response, 405, 'method_not_allowed', `Got ${request.method}, expected GET or HEAD.`, {
      Allow: 'GET, HEAD',
    });
  });
  app.use((request, response) => {
    endWithError(
      response,
      404,
      'not_found',
      `Nothing is at ${pathOf(request)}; try /status, /metrics, /livez or /readyz.`,
    );
  });
  app.use(failed);
  return createServer({ headersTimeout: 10_000, requestTimeout: 30_000 }, app);
}

const failed: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) next(error);
  else endWithError(response, 500, 'internal', 'The answer could not be made.');
};
