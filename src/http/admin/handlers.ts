// A handler for each operation of the admin port. Health, status and metrics come from the supervisor's own state, so they
// answer even when every other process hangs. Requests about runs, snapshots and approvals are passed on to ingest.

import type { Request, RequestHandler, Response } from 'express';
import { endWithError } from '#/http/envelope.ts';
import { createPage } from '#/http/pages/files.ts';
import { answerWith } from '#/http/inspection/answer.ts';
import { createInspectionHandlers } from '#/http/inspection/handlers.ts';
import type { AdminOperationId } from './contract/routes.ts';
import type { AdminDeps } from './deps.ts';
import { answerProfile } from './profile.ts';
import { diffCursorOf, limitOf, providerOf, versionOf } from './values.ts';

type Parameters = Partial<Readonly<Record<'file' | 'id' | 'name' | 'version' | 'from' | 'to', string>>>;

/** One handler for each operation of the contract; a missing one is a fault of types. */
export type AdminHandlers = Readonly<Record<AdminOperationId, RequestHandler<Parameters>>>;

const reloadFailures = {
  refused: [400, 'configuration_invalid'],
  aborted: [500, 'reload_aborted'],
  busy: [409, 'reload_busy'],
} as const;

export function createAdminHandlers(deps: AdminDeps): AdminHandlers {
  const { sendPage, sendFile } = createPage('console', true);
  let contract: string | null = null;
  const listRows =
    (about: 'runs' | 'quarantine'): RequestHandler<Parameters> =>
    async (request, response) => {
      const name = providerOf(deps, request.params.name, response);
      if (name === null) return;
      const limit = limitOf(request, response);
      if (limit !== null) await answerWith(response, () => deps.history(about, name, limit));
    };
  return {
    showConsole: (request, response) => sendPage(request, response),
    getConsoleFile(request, response, next) {
      if (!sendFile(request, response, request.params.file ?? '')) next();
    },
    async getAdminContract(_request, response) {
      contract ??= JSON.stringify((await import('./contract/document.ts')).adminContract());
      response.type('json').send(contract);
    },
    getLiveness: (_request, response) => void response.json({ live: true }),
    getReadiness(_request, response) {
      const ready = deps.ready();
      response.status(ready ? 200 : 503).json({ ready });
    },
    async getMetrics(request, response) {
      const { text, contentType } = await deps.metrics(request.headers.accept ?? '');
      response.setHeader('Content-Type', contentType);
      response.end(text);
    },
    getStatus: (_request, response) => void response.json(deps.status()),
    reload: (_request, response) => answerReload(deps, response),
    takeProfile: (request, response) => answerProfile(deps, request, response),
    listProviders: (_request, response) => void response.json(Object.fromEntries(deps.providers())),
    listRuns: listRows('runs'),
    listQuarantine: listRows('quarantine'),
    runProvider: (request, response) => answerRun(deps, request, response),
    async approveWithdrawals(request, response) {
      const name = providerOf(deps, request.params.name, response);
      if (name === null) return;
      await answerApproval(response, () => deps.approve(name), `Nothing of ${name} is held.`);
    },
    async listSnapshots(request, response) {
      const limit = limitOf(request, response);
      if (limit !== null) await answerWith(response, () => deps.snapshots(limit));
    },
    async compareSnapshots(request, response) {
      const limit = limitOf(request, response);
      if (limit === null) return;
      const from = versionOf(request.params.from, response);
      if (from === null) return;
      const to = versionOf(request.params.to, response);
      if (to === null) return;
      const cursor = diffCursorOf(request, response);
      if (cursor !== undefined) await answerWith(response, () => deps.diff(from, to, limit, cursor));
    },
    async pinSnapshot(request, response) {
      const version = versionOf(request.params.version, response);
      if (version !== null) await answerWith(response, () => deps.pin(version));
    },
    unpinSnapshot: (_request, response) => answerWith(response, () => deps.pin(null)),
    approvePublish: (_request, response) =>
      answerApproval(
        response,
        deps.approvePublish,
        'No publish is held on this host; try the host that leads.',
      ),
    async listActions(request, response) {
      const limit = limitOf(request, response);
      if (limit !== null) response.json({ actions: await deps.actions(limit) });
    },
    ...createInspectionHandlers({
      inspect: deps.inspect,
      askedDays: deps.askedDays,
      providerOf: (name, response) => providerOf(deps, name, response),
    }),
  };
}

async function answerReload(deps: AdminDeps, response: Response): Promise<void> {
  const outcome = await deps.reload();
  if (outcome.kind === 'reloaded') response.json(outcome);
  else {
    const [status, code] = reloadFailures[outcome.kind];
    endWithError(response, status, code, outcome.message);
  }
}

async function answerRun(deps: AdminDeps, request: Request<Parameters>, response: Response): Promise<void> {
  const name = providerOf(deps, request.params.name, response);
  if (name === null) return;
  await answerWith(response, async () => {
    const requested = await deps.run(name);
    if (requested.kind === 'due') {
      response.status(202);
      return { provider: name, run: 'due' };
    }
    if (requested.kind === 'running')
      endWithError(response, 409, 'run_active', `A run of ${name} has not ended; try again when it has.`);
    else endWithError(response, 409, 'not_leading', notLeading(name, requested.leader));
    return null;
  });
}

function notLeading(provider: string, leader: string | null): string {
  const who = leader === null ? 'knows of no host that does' : `the host ${leader} does`;
  return `Only the host that leads can run ${provider}. This one does not lead; ${leader === null ? 'it ' : ''}${who}.`;
}

/** `none`: the message when `approve` finds nothing that is held. */
async function answerApproval(
  response: Response,
  approve: () => Promise<object | null>,
  none: string,
): Promise<void> {
  await answerWith(response, async () => {
    const approved = await approve();
    if (approved !== null) return { approved };
    endWithError(response, 409, 'nothing_held', none);
    return null;
  });
}
