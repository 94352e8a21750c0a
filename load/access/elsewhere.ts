// A bare server that refuses every request, in a process of its own: what a loud client and any server that answers it take from the
// machine, without Marquee.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Message } from '../kit/child.ts';
import { exitWithParent, sendToParent } from '../kit/ipc.ts';

export interface ElsewhereReady extends Message {
  readonly type: 'elsewhere-ready';
  readonly url: string;
}

/** As long as the refusal of a client above its limit. */
const body = JSON.stringify({
  data: null,
  error: {
    code: 'rate_limited',
    message:
      'Got more requests than the limit of 20 tokens per 1 seconds allows, expected a pause of 1 second.',
  },
});
const headers = {
  'content-type': 'application/json; charset=utf-8',
  'content-length': Buffer.byteLength(body),
};

if (import.meta.main) {
  exitWithParent();
  const server = createServer((_request, response) => response.writeHead(429, headers).end(body));
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    sendToParent({ type: 'elsewhere-ready', url: `http://127.0.0.1:${port}` } satisfies ElsewhereReady);
  });
}
