// One process with many listeners to /changes. It notes when the last byte of each version's message has arrived at each of them.
//
// Usage: listeners.ts URL COUNT

import { get } from 'node:http';
import type { Message } from '../kit/child.ts';
import { exitWithParent, onParentMessage, sendToParent } from '../kit/ipc.ts';

export interface Listening extends Message {
  readonly type: 'listening';
}

export interface Received extends Message {
  readonly type: 'received';
  /** `[version, milliseconds of the shared clock]` of each message of each listener. */
  readonly messages: readonly (readonly [number, number])[];
  /** Listeners whose connection ended. */
  readonly lost: number;
}

const [url = '', count = '0'] = process.argv.slice(2);
const messages: [version: number, at: number][] = [];
/** The titles of changed events begin with it. */
const mark = Buffer.from('"title":"Version ');
const newline = 10;
/** Connections that are opened at the same time. */
const batch = 50;
let lost = 0;

function listen(): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(`${url}/changes`, { headers: { accept: 'text/event-stream' }, agent: false });
    request.once('error', reject);
    request.once('response', (response) => {
      let version = 0;
      response.on('data', (chunk: Buffer) => {
        const at = version === 0 ? chunk.indexOf(mark) : -1;
        if (at >= 0)
          version = Number.parseInt(chunk.toString('latin1', at + mark.length, at + mark.length + 8), 10);
        if (version === 0 || chunk.at(-1) !== newline || chunk.at(-2) !== newline) return;
        messages.push([version, Number(process.hrtime.bigint()) / 1e6]);
        version = 0;
      });
      response.on('error', () => undefined);
      response.once('close', () => lost++);
      resolve();
    });
  });
}

if (import.meta.main) {
  exitWithParent();
  for (let i = 0; i < Number(count); i += batch)
    await Promise.all(Array.from({ length: Math.min(batch, Number(count) - i) }, listen));
  onParentMessage(({ type }) => {
    if (type === 'report') sendToParent({ type: 'received', messages, lost } satisfies Received);
  });
  sendToParent({ type: 'listening' } satisfies Listening);
}
