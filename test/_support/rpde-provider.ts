// A provider with an RPDE feed: items by their change number, in pages. A test can change items, and what a request gets.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Ending } from '../_servers/ending.ts';

export interface RpdeProvider {
  /** Of the first page. */
  readonly url: string;
  /** The requests so far. */
  readonly asked: readonly IncomingMessage[];
  limit: number;
  /** Answers a request instead of the feed, if it returns true. */
  hook: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
  /** `data`: null deletes the item. */
  put(id: string, data: object | null): void;
  /** The page as it is served. */
  pageText(after: number): string;
}

/** An event of schema.org on a night in 2031. */
export const eventNode = (id: string, name = `Night ${id}`, day = 10 + (Number(id) % 18)): object => ({
  '@type': 'Event',
  identifier: id,
  name,
  startDate: `2031-06-${day}T20:00:00Z`,
  endDate: `2031-06-${day}T21:00:00Z`,
  offers: [{ '@type': 'Offer', price: '20.00' }],
});

export async function startRpdeProvider(t: Ending, limit = 5): Promise<RpdeProvider> {
  const items = new Map<
    string,
    { state: string; kind: string; id: string; modified: number; data?: object }
  >();
  const asked: IncomingMessage[] = [];
  let changes = 0;
  let origin = '';

  const provider: RpdeProvider & { url: string } = {
    url: '',
    asked,
    limit,
    hook: null,
    put(id, data) {
      const about = { kind: 'Event', id, modified: ++changes };
      items.set(id, data === null ? { state: 'deleted', ...about } : { state: 'updated', ...about, data });
    },
    pageText(after) {
      const page = [...items.values()]
        .filter(({ modified }) => modified > after)
        .toSorted((a, b) => a.modified - b.modified)
        .slice(0, provider.limit);
      const last = page.at(-1)?.modified ?? after;
      const next = last === 0 ? `${origin}/feed` : `${origin}/feed?afterChangeNumber=${last}`;
      return JSON.stringify({ next, items: page, license: 'https://creativecommons.org/licenses/by/4.0/' });
    },
  };

  const server = createServer((request, response) => {
    asked.push(request);
    if (provider.hook?.(request, response) === true) return;
    const after = Number(new URL(request.url ?? '', origin).searchParams.get('afterChangeNumber') ?? 0);
    response.setHeader('Content-Type', 'application/json').end(provider.pageText(after));
  });
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  provider.url = `${origin}/feed`;
  return provider;
}
