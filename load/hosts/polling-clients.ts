// Clients that repeat one query, each on a connection of its own. The cluster assigns connections to its workers in turn, so
// that twice as many clients as workers reach every worker.

import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'undici';

export interface PollingClients extends AsyncDisposable {
  /** When each client first read an answer that contains `text`, in milliseconds since 1970. Throws after `withinMs`. */
  waitForText(text: string, withinMs: number): Promise<number[]>;
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
  // One after the other: the order of the connections decides which worker gets which client.
  for (const client of clients) await ask(client);
  return {
    waitForText: (wanted, withinMs) =>
      Promise.all(
        clients.map(async (client) => {
          const deadline = Date.now() + withinMs;
          while (Date.now() < deadline) {
            if ((await ask(client)).includes(wanted)) return Date.now();
            await sleep(everyMs);
          }
          throw new Error(`Waited ${withinMs} ms, expected an answer with ${wanted}.`);
        }),
      ),
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.destroy()));
    },
  };
}
