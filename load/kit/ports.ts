// Ports: free ones to take, and checks of those that an operator chose.

import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';

/** `count` different ports on 127.0.0.1, all free at the same moment. Another process can still take one before its use. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listening(0, '127.0.0.1')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) await closed(server);
  return ports;
}

/** Throws an Error that names the port, its purpose and the variable that sets it, when the port cannot be used. */
export async function expectFree(
  port: number,
  purpose: string,
  variable: string,
  host?: string,
): Promise<void> {
  try {
    await closed(await listening(port, host));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'is taken' : String(error);
    throw new Error(`Port ${port}, for ${purpose}, ${reason}. Choose another one: ${variable}=${port + 1}`, {
      cause: error,
    });
  }
}

/** A port from an environment variable; `unless` when it is unset or empty. Throws an Error for anything else. */
export function portFrom(variable: string, text: string | undefined, unless: number): number {
  if (text === undefined || text === '') return unless;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new Error(`Got ${variable}=${text}, expected a port from 1 to 65535.`);
}

async function listening(port: number, host?: string): Promise<Server> {
  const server = createServer();
  server.listen({ port, ...(host === undefined ? {} : { host }) });
  await once(server, 'listening');
  return server;
}

async function closed(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
