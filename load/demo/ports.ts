// Whether a port is free: asked before anything starts, so that the answer can be one clear sentence.

import { once } from 'node:events';
import { createServer } from 'node:net';

/** Throws an Error that names the port, what it is for, and the variable that moves it. */
export async function expectFree(
  port: number,
  purpose: string,
  variable: string,
  host?: string,
): Promise<void> {
  const probe = createServer();
  try {
    probe.listen({ port, ...(host === undefined ? {} : { host }) });
    await once(probe, 'listening');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'is taken' : String(error);
    throw new Error(`Port ${port}, for ${purpose}, ${reason}. Choose another one: ${variable}=${port + 1}`, {
      cause: error,
    });
  }
  probe.close();
  await once(probe, 'close');
}

/** A port out of an environment variable. Throws an Error for anything else. */
export function portFrom(variable: string, text: string | undefined, unless: number): number {
  if (text === undefined || text === '') return unless;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new Error(`Got ${variable}=${text}, expected a port from 1 to 65535.`);
}
