// The operations of the public port that Express serves: all except /search and /events with its parts. Other paths are 404, other methods 405.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRequire } from 'node:module';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { inExpress } from './contract/route.ts';
import { methodsOf, routeList, type OperationId } from './contract/routes.ts';
import { assets, docsPage, ownAssets } from './docs.ts';
import { endWithError, refuseMethod } from './envelope.ts';
import { createPage } from './pages/files.ts';
import { pageHeaders, typedHeader } from './protocol/security-headers.ts';
import { pathOf } from './path.ts';

/** The operations that are answered before Express. */
type Direct =
  | 'searchEvents'
  | 'listEvents'
  | 'subscribeToEvents'
  | 'countEvents'
  | 'lookUpEvents'
  | 'getEvent'
  | 'getEventCalendar'
  | 'getEventHistory';

/** One handler for each operation of the contract; a missing one is a fault of types. */
type Handlers = Readonly<Record<Exclude<OperationId, Direct>, RequestHandler<{ file?: string }>>>;

/** Those that a worker creates with its catalogue. */
export type FeedHandlers = Readonly<
  Record<'listChanges' | 'listRpdeEvents', (request: IncomingMessage, response: ServerResponse) => void>
>;

function createHandlers(feeds: FeedHandlers): Handlers {
  const directory = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const options = { index: false, maxAge: '1d', acceptRanges: false } as const;
  const serveFile = express.static(directory, options);
  const serveOwn = express.static(fileURLToPath(new URL('.', import.meta.url)), options);
  const files = new Set<string | undefined>(assets);
  const own = new Set<string | undefined>(ownAssets);
  let text: string | null = null;
  const { sendPage, sendFile } = createPage('search');
  return {
    ...feeds,
    showSearchPage: (request, response) => sendPage(request, response),
    getPageFile(request, response, next) {
      if (!sendFile(request, response, request.params.file ?? '')) next();
    },
    async getContract(_request, response) {
      text ??= JSON.stringify((await import('./contract/document.ts')).contract());
      response.set(typedHeader).type('json').send(text);
    },
    showDocumentation: (request, response) =>
      pageHeaders(request, response, () => void response.type('html').send(docsPage)),
    getDocumentationFile(request, response, next) {
      if (!files.has(request.params.file)) {
        next();
        return;
      }
      // No client changes a file, so there is nothing for a precondition to protect.
      for (const name of ['if-match', 'if-unmodified-since']) delete request.headers[name];
      request.url = `/${request.params.file}`;
      const serve = own.has(request.params.file) ? serveOwn : serveFile;
      pageHeaders(request, response, () => serve(request, response, next));
    },
  };
}

/** Without `feeds` there is no /changes and no /rpde/events. */
export function createApp(feeds: Partial<FeedHandlers> = {}): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // A path is what the contract says, and nothing else: what guards it compares it as it is.
  app.enable('case sensitive routing');
  app.enable('strict routing');
  const handlers: Partial<Record<OperationId, RequestHandler>> = createHandlers({ ...noFeeds, ...feeds });
  for (const [id, { method, path }] of routeList) {
    const handle = handlers[id];
    if (handle !== undefined) app[method](inExpress(path), handle);
  }
  for (const [, { path }] of routeList) {
    const methods = methodsOf(path);
    app.all(inExpress(path), (request, response, next) => {
      if (methods.includes(request.method)) {
        next();
        return;
      }
      refuseMethod(response, request.method, methods);
    });
  }
  app.use(answerNotFound);
  app.use(failed);
  return app;
}

function answerNotFound(request: IncomingMessage, response: ServerResponse): void {
  const message = `Got the path ${pathOf(request)}, expected /search, /events or /changes; /docs describes them.`;
  endWithError(response, 404, 'not_found', message);
}

const failed: ErrorRequestHandler = (error, request, response, next) => {
  if (response.headersSent) next(error);
  // Escapes in the path that are not valid UTF-8.
  else if (error instanceof URIError) answerNotFound(request, response);
  else endWithError(response, 400, 'bad_request', 'The request cannot be read.');
};

const noFeeds: FeedHandlers = { listChanges: answerNotFound, listRpdeEvents: answerNotFound };
