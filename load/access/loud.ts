// A client that sends requests at a fixed rate, whatever it receives, in a process of its own: it must not delay the clients that
// are measured. Runs from `start` to `stop`, and then reports its statuses.
//
// Usage: loud.ts KEY PER_SECOND URL…

import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'undici';
import type { Message } from '../kit/child.ts';
import { exitWithParent, onParentMessage, sendToParent } from '../kit/ipc.ts';
import { createClient } from '../search/driver/client.ts';

export interface Heard extends Message {
  readonly type: 'heard';
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
}

const [key = '', perSecond = '0', ...urls] = process.argv.slice(2);
const connectionsEach = 8;
const tickMs = 5;
const timeoutSeconds = 10;
const headers = { 'x-api-key': key };

async function ask(client: Client): Promise<string> {
  const { statusCode, body } = await client.request({ method: 'GET', path: '/search', headers });
  await body.dump();
  return String(statusCode);
}

async function shout(isOver: () => boolean): Promise<Heard['statuses']> {
  const clients = urls.flatMap((url) =>
    Array.from({ length: connectionsEach }, () => createClient(url, 1, timeoutSeconds)),
  );
  const statuses: Record<string, number> = {};
  const count = (what: string): void => void (statuses[what] = (statuses[what] ?? 0) + 1);
  const begunAt = performance.now();
  for (let sent = 0; !isOver(); await sleep(tickMs)) {
    const due = ((performance.now() - begunAt) / 1000) * Number(perSecond);
    for (; sent < due; sent++) {
      const client = clients[sent % clients.length];
      // A client that is busy has its next request queued: what cannot be sent in time is not sent at all.
      if (client === undefined || client.stats.size > 1) continue;
      void ask(client).then(count, () => count('error'));
    }
  }
  await Promise.all(clients.map((client) => client.close()));
  return statuses;
}

if (import.meta.main) {
  exitWithParent();
  let isOver = true;
  onParentMessage(({ type }) => {
    if (type === 'stop') isOver = true;
    if (type !== 'start') return;
    isOver = false;
    void shout(() => isOver).then((statuses) => sendToParent({ type: 'heard', statuses } satisfies Heard));
  });
  sendToParent({ type: 'loud-ready' });
}
