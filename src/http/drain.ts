// Stops a server without losing a request: answers say `Connection: close`, so that clients continue on another connection.

import net from 'node:net';
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const deadlineMs = 12_000;

/**
 * Resolves when no request is in flight, or at the deadline. Never throws. A keep-alive connection stays open for `idleMs`, so
 * that its next answer can say that it closes. After that it is closed, and a request that is on its way at that moment is lost:
 * the longer the time, the fewer requests.
 */
export async function drain(server: Server, idleMs: number): Promise<void> {
  const late = sleep(deadlineMs, undefined, { ref: false });
  // 1. Every answer from now on says that its connection closes
  server.prependListener('request', (_request, response) => (response.shouldKeepAlive = false));
  // 2. Accept no more connections; http's own close() would also close idle sockets whose requests are on their way
  const closed = new Promise<void>((resolve) => net.Server.prototype.close.call(server, () => resolve()));
  // 3. Close the connections that are still idle
  await Promise.race([closed, sleep(idleMs, undefined, { ref: false })]);
  server.closeIdleConnections();
  // 4. Wait for the answers in flight, until the deadline
  await Promise.race([closed, late]);
  server.closeAllConnections();
}
