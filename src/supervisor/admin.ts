// The admin port: what an operator may ask of ingest through it, and how it starts to listen.

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '#/config.ts';
import type { AdminDeps } from '#/http/admin.ts';
import { cannotListen, urlOf } from '#/http/listen.ts';
import { messageOf } from '#/kit/errors.ts';
import { adminConnectionsWithin } from '#/kit/machine/descriptors.ts';
import type { Log } from '#/telemetry/log.ts';
import type { IngestRequests } from './ingest-requests.ts';

/** A port that is taken, or that this process may not use. */
export class Unavailable extends Error {}

type OperatorRequests = 'history' | 'snapshots' | 'pin' | 'diff' | 'approve' | 'approvePublish';

/** `repinned`: what workers must serve has changed. */
export function operatorRequests(
  { ask }: IngestRequests,
  repinned: (version: number) => void,
): Pick<AdminDeps, OperatorRequests> {
  return {
    history: (about, provider, limit) => ask({ about, provider, limit }),
    snapshots: (limit) => ask({ about: 'snapshots', limit }),
    async pin(version) {
      const answer = await ask(version === null ? { about: 'unpin' } : { about: 'pin', version });
      repinned(version ?? 0);
      return answer;
    },
    diff: (from, to, limit) => ask({ about: 'diff', from, to, limit }),
    approve: async (provider) => (await ask({ about: 'approve', provider })).approved,
    approvePublish: async () => (await ask({ about: 'approve-publish' })).approved,
  };
}

/** `descriptors`: how many this process may have; null when that is not known. Throws Unavailable. */
export async function listenOnAdminPort(
  server: Server,
  { adminPort, adminHost, apiWorkers }: Config,
  descriptors: number | null,
  log: Log,
): Promise<void> {
  server.maxConnections = adminConnectionsWithin(descriptors, apiWorkers);
  server.listen(adminPort, adminHost);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new Unavailable(cannotListen('ADMIN_PORT', adminHost, adminPort, error));
  });
  server.on('error', (error) => log.error(`the admin port: ${messageOf(error)}`));
  log.info(`status at ${urlOf(adminHost, (server.address() as AddressInfo).port)}/status`);
}
