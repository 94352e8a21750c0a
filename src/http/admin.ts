// The admin port, for probes and operators. Its operations are those of its contract; other paths are 404, other methods 405.

import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import type { TlsFiles } from '#/kit/tls.ts';
import { adminRoutes, type AdminOperationId } from './admin/contract/routes.ts';
import type { AdminDeps } from './admin/deps.ts';
import { createAdminHandlers } from './admin/handlers.ts';
import { inExpress, methodsIn, type Route } from './contract/route.ts';
import { createConformingServer } from './protocol/conformance.ts';
import { typedHeader } from './protocol/security-headers.ts';
import { endWithError, refuseMethod } from './envelope.ts';
import { pathOf } from './path.ts';

const routes: readonly Route[] = Object.values(adminRoutes);

/** `guarded` wraps the listener: it decides who may send which request. */
export function createAdminServer(
  deps: AdminDeps,
  guarded: (listener: RequestListener) => RequestListener = (listener) => listener,
  tls: TlsFiles | null = null,
): Server {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // A path is what the contract says, and nothing else: what guards it compares it as it is.
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.use((_request, response, next) => {
    response.set(typedHeader);
    next();
  });
  const handlers: Readonly<Record<AdminOperationId, RequestHandler>> = createAdminHandlers(deps);
  for (const [id, { method, path }] of Object.entries(adminRoutes))
    app[method](inExpress(path), handlers[id as AdminOperationId]);
  for (const { path } of routes) {
    const methods = methodsIn(routes, path);
    app.all(inExpress(path), (request, response, next) => {
      if (methods.includes(request.method)) next();
      else refuseMethod(response, request.method, methods);
    });
  }
  app.use(answerNotFound);
  app.use(failed);
  return createConformingServer(
    // The timeouts also close connections without any request. Node would check them twice a minute.
    { headersTimeout: 5000, requestTimeout: 30_000, connectionsCheckingInterval: 1000 },
    { methods: 'GET, HEAD, POST, DELETE, OPTIONS', takesBodies: false, tls },
    guarded((request, response) => app(request, response)),
  );
}

function answerNotFound(request: IncomingMessage, response: ServerResponse): void {
  const message = `Got the path ${pathOf(request)}, expected for example /status, /providers, /metrics, /livez or /readyz; /openapi.json has all.`;
  endWithError(response, 404, 'not_found', message);
}

const failed: ErrorRequestHandler = (error, request, response, next) => {
  if (response.headersSent) next(error);
  // Escapes in the path that are not valid UTF-8.
  else if (error instanceof URIError) answerNotFound(request, response);
  else endWithError(response, 500, 'internal', 'The request failed.');
};
