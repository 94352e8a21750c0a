// Two providers: a large one that never changes, and a small one that changes on request. They run in a process of their own,
// so that generating the feeds takes no processor time from the reader.
//
// Usage: provider.ts CATALOGUE_RECIPE LIVE_RECIPE

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Message } from '../../kit/child.ts';
import { exitWithParent, onParentMessage, sendToParent } from '../../kit/ipc.ts';
import { feedChunks, generateRecords } from '../../simulator/generate.ts';
import type { Recipe } from '../../simulator/recipe.ts';

export interface Listening extends Message {
  readonly type: 'listening';
  readonly url: string;
}

/** Makes the live feed change at this interval; null stops the changes. */
export interface Change extends Message {
  readonly type: 'change';
  readonly everyMs: number | null;
}

interface Feed {
  readonly recipe: Partial<Recipe>;
  revision: number;
}

async function answer(feed: Feed, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { recipe, revision } = feed;
  const tag = `"${revision}"`;
  if (request.headers['if-none-match'] === tag) {
    response.writeHead(304, { ETag: tag }).end();
    return;
  }
  response.writeHead(200, { 'Content-Type': 'application/xml; charset=utf-8', ETag: tag });
  const chunks = feedChunks('plan-list-xml', generateRecords({ ...recipe, revision }));
  await pipeline(Readable.from(chunks, { objectMode: false }), response);
}

if (import.meta.main) {
  exitWithParent();
  const [catalogue, live] = process.argv
    .slice(2)
    .map((recipe): Feed => ({ recipe: JSON.parse(recipe) as Partial<Recipe>, revision: 0 })) as [Feed, Feed];
  let changing: NodeJS.Timeout | undefined;
  onParentMessage((message) => {
    if (message.type !== 'change') return;
    const { everyMs } = message as Change;
    clearInterval(changing);
    if (everyMs !== null) changing = setInterval(() => live.revision++, everyMs);
  });
  const server = createServer((request, response) => {
    answer(request.url === '/live' ? live : catalogue, request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    sendToParent({ type: 'listening', url: `http://127.0.0.1:${port}` } satisfies Listening);
  });
}
