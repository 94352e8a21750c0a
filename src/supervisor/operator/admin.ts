// The admin port: the operator's requests that the supervisor passes on to ingest, and how the port starts to listen.

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Server as TlsServer } from 'node:tls';
import type { Config } from '#/config.ts';
import type { ChildMessage, Leader, SupervisorMessage } from '#/actor/messages.ts';
import type { AdminDeps, RunRequested } from '#/http/admin/deps.ts';
import { cannotListen, urlOf } from '#/http/listen.ts';
import { messageOf } from '#/kit/errors.ts';
import { secureOptions } from '#/kit/tls.ts';
import { adminConnectionsWithin, connectionsWithin } from '#/kit/machine/descriptors.ts';
import type { Log } from '#/telemetry/log.ts';
import { nameOf, type ApiWorker } from '#/supervisor/status.ts';
import { createAskedDays } from './asked-days.ts';
import { createIngestRequests } from './ingest-requests.ts';
import { createProfiles, type ProfiledSlot } from './profiles.ts';

/** The port is in use, or this process may not listen on it. */
export class Unavailable extends Error {}

type OperatorRequests =
  | 'history'
  | 'run'
  | 'snapshots'
  | 'pin'
  | 'diff'
  | 'approve'
  | 'approvePublish'
  | 'inspect'
  | 'askedDays'
  | 'profile';

export interface Operator {
  readonly requests: Pick<AdminDeps, OperatorRequests>;
  /** Follows every child process: some of what they send are answers. */
  heard(message: ChildMessage): void;
}

/** A page of a large version reads its segments. */
const inspectionMs = 20_000;

/** `ingest`: null on hosts without. `workers`: those that run. `leader`: the host that leads; null when none does. */
export function createOperator(
  ingest: () => ProfiledSlot | null,
  workers: readonly ApiWorker[],
  leader: () => Leader | null,
): Operator {
  const { ask, answered } = createIngestRequests((message) => ingest()?.send(message));
  const profiles = createProfiles(slots);
  const days = createAskedDays(sendToWorkers);

  function sendToWorkers(message: SupervisorMessage): number {
    for (const { supervised } of workers) supervised.slot.send(message);
    return workers.length;
  }

  function slots(): ReadonlyMap<string, ProfiledSlot> {
    const found = new Map<string, ProfiledSlot>(
      workers.map(({ slot, supervised }) => [String(slot), supervised.slot]),
    );
    const own = ingest();
    return own === null ? found : found.set('ingest', own);
  }

  /** A worker that is behind has an older version. */
  function servedVersion(): number | null {
    const versions = workers.flatMap(({ serving }) => serving?.version ?? []);
    return versions.length === 0 ? null : Math.min(...versions);
  }

  return {
    requests: {
      history: (about, provider, limit) => ask({ about, provider, limit }),
      async run(provider): Promise<RunRequested> {
        const known = leader();
        // A host without ingest has nothing to ask.
        const run = known?.here === true ? (await ask({ about: 'run', provider })).run : 'following';
        if (run !== 'following') return { kind: run };
        return { kind: run, leader: known === null || known.here ? null : nameOf(known) };
      },
      snapshots: (limit) => ask({ about: 'snapshots', limit }),
      async pin(version) {
        const answer = await ask(version === null ? { about: 'unpin' } : { about: 'pin', version });
        // What workers must serve has changed: the pinned version, or 0 after an unpin.
        sendToWorkers({ type: 'announced', version: version ?? 0, traceparent: null });
        return answer;
      },
      diff: (from, to, limit, cursor) => ask({ about: 'diff', from, to, limit, cursor }, inspectionMs),
      approve: async (provider) => (await ask({ about: 'approve', provider })).approved,
      approvePublish: async () => (await ask({ about: 'approve-publish' })).approved,
      async inspect(asked) {
        const inspection = asked.what === 'explain' ? { ...asked, served: servedVersion() } : asked;
        return (await ask({ about: 'inspect', inspection }, inspectionMs)).found;
      },
      askedDays: days.read,
      profile: profiles.take,
    },
    heard(message) {
      if (message.type === 'answer') answered(message.id, message.answer);
      if (message.type === 'profiled') profiles.heard(message.id, message.path);
      if (message.type === 'askedDays') days.heard(message.id, message.asked);
    },
  };
}

/** `descriptors`: how many files and sockets this process may open; null when unknown. Throws Unavailable. */
export async function listenOnAdminPort(
  server: Server,
  { adminPort, adminHost, apiWorkers, tls }: Config,
  descriptors: number | null,
  log: Log,
): Promise<void> {
  server.maxConnections = adminConnectionsWithin(descriptors, apiWorkers);
  server.listen(adminPort, adminHost);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new Unavailable(cannotListen('ADMIN_PORT', adminHost, adminPort, error));
  });
  server.on('error', (error) => log.error(`admin port: ${messageOf(error)}`));
  log.info(
    `status at ${urlOf(adminHost, (server.address() as AddressInfo).port, tls.admin !== null)}/status`,
  );
}

/** Connections that are open keep their certificate; new ones get this one. A change from or to plain HTTP needs a restart. */
export function useCertificate(server: Server, { tls: { admin } }: Config): void {
  if (admin !== null && 'setSecureContext' in server)
    (server as Server & TlsServer).setSecureContext(secureOptions(admin));
}

/** A worker accepts no more connections than it has file descriptors for. */
export function warnAboutDescriptors({ connectionsMax }: Config, descriptors: number | null, log: Log): void {
  const connections = connectionsWithin(connectionsMax, descriptors);
  if (connections === connectionsMax) return;
  log.warn(
    `CONNECTIONS_MAX: got ${connectionsMax}, an API worker accepts ${connections}: a process may have ${descriptors} descriptors`,
  );
}
