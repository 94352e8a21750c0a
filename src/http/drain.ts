// How a server stops without losing a request: whoever asks now is told to come back on another connection.

import net from 'node:net';
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const deadlineMs = 12_000;

/**
 * Resolves when no request is in flight any more, or at the deadline. Never throws. A connection that is kept has
 * `idleMs` to ask once more and hear that it ends; after that it is closed, and a request that is on its way just then
 * would be lost: the longer, the fewer.
 */
export async function drain(server: Server, idleMs: number): Promise<void> {
  const late = sleep(deadlineMs, undefined, { ref: false });
  // 1. Every answer from now on says that its connection ends
  server.prependListener('request', (_request, response) => (response.shouldKeepAlive = false));
  // 2. Accept no more; http's own close() would drop idle sockets with requests on their way
  const closed = new Promise<void>((resolve) => net.Server.prototype.close.call(server, () => resolve()));
  // 3. Who has not asked by now is idle
  await Promise.race([closed, sleep(idleMs, undefined, { ref: false })]);
  server.closeIdleConnections();
  // 4. Who is still being answered has until the deadline
  await Promise.race([closed, late]);
  server.closeAllConnections();
}
