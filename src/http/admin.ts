// The admin port, for probes and operators. Health, status and metrics come from the supervisor's own state, so they answer
// even when every other process hangs. Requests about runs, snapshots and approvals are passed on to ingest.

import type { RequestListener, Server } from 'node:http';
import express, { type ErrorRequestHandler, type Request, type Response } from 'express';
import type { TlsFiles } from '#/kit/tls.ts';
import { answerWith } from './inspection/answer.ts';
import { limitOf, versionOf } from './inspection/numbers.ts';
import { diffCursor } from './inspection/parameters.ts';
import { addInspection, inspectionPaths, type InspectionDeps } from './inspection/routes.ts';
import { createConformingServer } from './protocol/conformance.ts';
import { typedHeader } from './protocol/security-headers.ts';
import { endWithError } from './envelope.ts';
import { pathOf } from './path.ts';

export interface AdminDeps extends InspectionDeps {
  /** Whether this host can answer searches; without API workers, whether ingest is ready. */
  readonly ready: () => boolean;
  readonly status: () => object;
  /** `accept`: the client's Accept header. */
  readonly metrics: (accept: string) => Promise<{ text: string; contentType: string }>;
  /** By name: last run, quarantine, held withdrawals, and the time of the next poll. */
  readonly providers: () => ReadonlyMap<string, object>;
  /** The newest `limit` rows. Rejects when ingest does not answer in time. */
  readonly history: (about: 'runs' | 'quarantine', provider: string, limit: number) => Promise<object>;
  /** The newest `limit` kept snapshots. Rejects when ingest does not answer in time, like the next two. */
  readonly snapshots: (limit: number) => Promise<object>;
  /** Null unpins. */
  readonly pin: (version: number | null) => Promise<object>;
  /** `cursor`: null for the first page. */
  readonly diff: (from: number, to: number, limit: number, cursor: string | null) => Promise<object>;
  /** Approves held withdrawals; null when none are held. Rejects when ingest does not answer in time. */
  readonly approve: (provider: string) => Promise<object | null>;
  /** Approves the held publish; null when none is held. Rejects when ingest does not answer in time. */
  readonly approvePublish: () => Promise<object | null>;
  /** Reads the configuration again and applies it to every process. Never rejects. */
  readonly reload: () => Promise<Reloaded>;
}

/** The result of a reload, with a message when it failed. */
export type Reloaded =
  | { readonly kind: 'reloaded' }
  | { readonly kind: 'refused' | 'aborted' | 'busy'; readonly message: string };

const reloadFailures = {
  refused: [400, 'configuration_invalid'],
  aborted: [500, 'reload_aborted'],
  busy: [409, 'reload_busy'],
} as const;

/** Characters of a client's value that a message repeats. */
const shownMax = 40;
const readPaths = [
  '/livez',
  '/readyz',
  '/status',
  '/metrics',
  '/providers',
  '/providers/:name/:about',
  '/snapshots',
  '/snapshots/:from/diff/:to',
  ...inspectionPaths,
];

/** `guarded` wraps the listener: it decides who may send which request. */
export function createAdminServer(
  deps: AdminDeps,
  guarded: (listener: RequestListener) => RequestListener = (listener) => listener,
  tls: TlsFiles | null = null,
): Server {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((_request, response, next) => {
    response.set(typedHeader);
    next();
  });
  app.get('/livez', (_request, response) => void response.json({ live: true }));
  app.get('/readyz', (_request, response) => {
    const ready = deps.ready();
    response.status(ready ? 200 : 503).json({ ready });
  });
  app.get('/status', (_request, response) => void response.json(deps.status()));
  app.get('/metrics', (request, response) => answerMetrics(deps, request, response));
  app.get('/providers', (_request, response) => void response.json(Object.fromEntries(deps.providers())));
  app.get('/providers/:name/runs', (request, response) => answerHistory(deps, 'runs', request, response));
  app.get('/providers/:name/quarantine', (request, response) =>
    answerHistory(deps, 'quarantine', request, response),
  );
  app.post('/providers/:name/approve', (request, response) => answerApproval(deps, request, response));
  app.get('/snapshots', (request, response) => answerSnapshots(deps, request, response));
  app.get('/snapshots/:from/diff/:to', (request, response) => answerDiff(deps, request, response));
  app.post('/snapshots/:version/pin', (request, response) => answerPin(deps, request, response));
  app.delete('/snapshots/pin', (_request, response) => answerWith(response, () => deps.pin(null)));
  app.post('/snapshots/approve', (_request, response) =>
    answerWith(response, async () => {
      const approved = await deps.approvePublish();
      if (approved !== null) return { approved };
      endWithError(
        response,
        409,
        'nothing_held',
        'No publish is held on this host; try the host that leads.',
      );
      return null;
    }),
  );
  const { inspect, askedDays } = deps;
  addInspection(app, { inspect, askedDays, isKnown: (name, response) => isKnown(deps, name, response) });
  app.post('/reload', async (_request, response) => {
    const outcome = await deps.reload();
    if (outcome.kind === 'reloaded') response.json(outcome);
    else {
      const [status, code] = reloadFailures[outcome.kind];
      endWithError(response, status, code, outcome.message);
    }
  });
  app.all('/reload', (request, response) => {
    endWithError(response, 405, 'method_not_allowed', `Got ${request.method}, expected POST.`, {
      Allow: 'POST',
    });
  });
  app.all(readPaths, (request, response) => {
    const message = `Got ${request.method}, expected GET or HEAD.`;
    endWithError(response, 405, 'method_not_allowed', message, { Allow: 'GET, HEAD' });
  });
  app.use((request, response) => {
    const message = `Got the path ${pathOf(request)}, expected for example /status, /providers, /metrics, /livez or /readyz.`;
    endWithError(response, 404, 'not_found', message);
  });
  app.use(failed);
  return createConformingServer(
    // The timeouts also close connections without any request. Node would check them twice a minute.
    { headersTimeout: 5000, requestTimeout: 30_000, connectionsCheckingInterval: 1000 },
    { methods: 'GET, HEAD, POST, DELETE, OPTIONS', takesBodies: false, tls },
    guarded((request, response) => app(request, response)),
  );
}

async function answerMetrics(deps: AdminDeps, request: Request, response: Response): Promise<void> {
  const { text, contentType } = await deps.metrics(request.headers.accept ?? '');
  response.setHeader('Content-Type', contentType);
  response.end(text);
}

async function answerHistory(
  deps: AdminDeps,
  about: 'runs' | 'quarantine',
  request: Request<{ name: string }>,
  response: Response,
): Promise<void> {
  const { name } = request.params;
  if (!isKnown(deps, name, response)) return;
  const limit = limitOf(request, response);
  if (limit !== null) await answerWith(response, () => deps.history(about, name, limit));
}

async function answerSnapshots(deps: AdminDeps, request: Request, response: Response): Promise<void> {
  const limit = limitOf(request, response);
  if (limit !== null) await answerWith(response, () => deps.snapshots(limit));
}

async function answerDiff(
  deps: AdminDeps,
  request: Request<{ from: string; to: string }>,
  response: Response,
): Promise<void> {
  const limit = limitOf(request, response);
  if (limit === null) return;
  const from = versionOf(request.params.from, response);
  if (from === null) return;
  const to = versionOf(request.params.to, response);
  if (to === null) return;
  const cursor = diffCursor.safeParse(request.query['cursor']);
  if (cursor.success) await answerWith(response, () => deps.diff(from, to, limit, cursor.data ?? null));
  else
    endWithError(
      response,
      400,
      'cursor_invalid',
      `Got a cursor that is not valid, ${cursor.error.issues[0]?.message}.`,
    );
}

async function answerPin(
  deps: AdminDeps,
  request: Request<{ version: string }>,
  response: Response,
): Promise<void> {
  const version = versionOf(request.params.version, response);
  if (version !== null) await answerWith(response, () => deps.pin(version));
}

async function answerApproval(
  deps: AdminDeps,
  request: Request<{ name: string }>,
  response: Response,
): Promise<void> {
  const { name } = request.params;
  if (!isKnown(deps, name, response)) return;
  await answerWith(response, async () => {
    const approved = await deps.approve(name);
    if (approved !== null) return { approved };
    endWithError(response, 409, 'nothing_held', `No withdrawals of ${name} are held.`);
    return null;
  });
}

function isKnown(deps: AdminDeps, name: string, response: Response): boolean {
  if (deps.providers().has(name)) return true;
  const known = [...deps.providers().keys()].join(', ') || 'none';
  endWithError(
    response,
    404,
    'provider_unknown',
    `Got the provider ${name.slice(0, shownMax)}, expected one of: ${known}.`,
  );
  return false;
}

const failed: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) next(error);
  else endWithError(response, 500, 'internal', 'The request failed.');
};
