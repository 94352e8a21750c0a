// Clients that ask the same question again and again, each on a connection of its own. The cluster hands connections to
// its workers in turns: twice as many of them as there are workers reach each one.

import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'undici';

export interface PollingClients extends AsyncDisposable {
  /** When each of them first read an answer that holds `text`, in milliseconds since 1970. */
  see(text: string, withinMs: number): Promise<number[]>;
}

const everyMs = 4;

export async function startPollingClients(
  url: string,
  query: string,
  count: number,
): Promise<PollingClients> {
  const clients = Array.from({ length: count }, () => new Client(url));
  const ask = async (client: Client): Promise<string> => {
    const { statusCode, body } = await client.request({ method: 'GET', path: `/search?${query}` });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`Got status ${statusCode}, expected 200: ${text.slice(0, 200)}`);
    return text;
  };
  // One after the other: the order of the connections decides which worker gets which.
  for (const client of clients) await ask(client);
  return {
    see: (wanted, withinMs) =>
      Promise.all(
        clients.map(async (client) => {
          const deadline = Date.now() + withinMs;
          while (Date.now() < deadline) {
            if ((await ask(client)).includes(wanted)) return Date.now();
            await sleep(everyMs);
          }
          throw new Error(`Waited ${withinMs} ms in vain for ${wanted}.`);
        }),
      ),
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.destroy()));
    },
  };
}
