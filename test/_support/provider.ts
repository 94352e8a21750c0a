// A provider over real HTTP that serves the given bytes, with faults on request.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';

export interface ServedFeed {
  readonly body: string | Uint8Array;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes after which the connection is closed, although Content-Length announces more. */
  readonly cutAt?: number;
}

export interface FeedServer {
  urlOf(name: string): string;
  /** Serves this as the feed `name` from now on. */
  serve(name: string, feed: ServedFeed): void;
}

export async function feedServerFor(t: ExecutionContext): Promise<FeedServer> {
  const feeds = new Map<string, ServedFeed>();
  const server = createServer((request, response) => {
    const feed = feeds.get(decodeURIComponent(request.url ?? '/').slice(1));
    const { body, status = 200, headers = {}, cutAt } = feed ?? { body: 'nothing here', status: 404 };
    const bytes = Buffer.from(body as string);
    response.writeHead(status, {
      'Content-Type': 'application/xml',
      // One connection per feed: a kept-alive one might be closed just when it is used again.
      Connection: 'close',
      'Content-Length': bytes.length,
      ...headers,
    });
    if (cutAt === undefined) response.end(bytes);
    else response.write(bytes.subarray(0, cutAt), () => response.destroy());
  });
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (name) => `http://127.0.0.1:${port}/${encodeURIComponent(name)}`,
    serve: (name, feed) => void feeds.set(name, feed),
  };
}
