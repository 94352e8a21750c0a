// How a server stops without losing a request: whoever asks now is told to come back on another connection.

import net from 'node:net';
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const quietMs = 300;
const deadlineMs = 8000;

/** Resolves when no request is in flight any more, or at the deadline. Never throws. */
export async function drain(server: Server): Promise<void> {
  // 1. Every answer from now on says that its connection ends
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  // 2. Accept no more; http's own close() would drop idle sockets with requests on their way
  const closed = new Promise<void>((resolve) => net.Server.prototype.close.call(server, () => resolve()));
  await sleep(quietMs);
  // 3. Who has not asked by now is idle
  server.closeIdleConnections();
  // 4. Who is still being answered has until the deadline
  await Promise.race([closed, sleep(deadlineMs, undefined, { ref: false })]);
  server.closeAllConnections();
}
