// The provider simulator: a provider over node:http, with faults on request.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deliver } from './deliver.ts';
import { generatedRoute, rawRoute, storyRoute, type FeedRoute } from './feeds.ts';
import { guide } from './guide.ts';
import { readMisbehaviour, type Misbehaviour } from './misbehaviour.ts';
import { queryFields } from './parameters.ts';
import { Refused } from './refused.ts';
import { createRawDocuments, documentBytesMax } from './raw-documents.ts';

export interface SimulatorOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Receives one line per answer. */
  readonly log?: (line: string) => void;
  /** The clock of `revision=auto`, in milliseconds. */
  readonly now?: () => number;
}

export interface Simulator {
  /** Without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** The number of fetches by feed path: `requests.get('/plans')`. Refused requests do not count. */
  readonly requests: ReadonlyMap<string, number>;
  /** Applies faults to every feed from now on; `null` removes them. Throws Refused for an unknown fault. */
  misbehave(misbehaviour: Misbehaviour | null): void;
  /** Serves these bytes at `/raw/NAME`, as XML by default. Throws Refused beyond the limits. */
  setRaw(name: string, body: string | Buffer, contentType?: string): void;
  /** Closes every connection, including stalled ones. */
  close(): Promise<void>;
}

const instructionBytesMax = 65_536;

/** Rejects with the error of `listen`, such as EADDRINUSE for a port in use. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1', log = () => undefined, now = Date.now } = options;
  const rawDocuments = createRawDocuments();
  const requests = new Map<string, number>();
  const feeds: Record<string, FeedRoute> = {
    '/plans': storyRoute('plan-list-xml'),
    '/events': storyRoute('event-list-xml'),
    '/generated': generatedRoute(now),
  };
  let inForce: Misbehaviour = {};

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://simulator');
    const rawName = /^\/raw\/(.*)$/.exec(pathname)?.[1];
    const feed = rawName === undefined ? feeds[pathname] : rawRoute(rawDocuments, rawName);
    const action = `${request.method} ${rawName === undefined ? pathname : '/raw/NAME'}`;

    if (feed !== undefined && request.method === 'GET') {
      const { document, options: responseOptions } = feed(queryFields(searchParams), inForce);
      requests.set(pathname, (requests.get(pathname) ?? 0) + 1);
      return deliver(request, response, document, responseOptions);
    }
    switch (action) {
      case 'GET /':
        return void response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' }).end(guide);
      case 'POST /raw/NAME':
        rawDocuments.put(
          rawName ?? '',
          await bodyOf(request, documentBytesMax),
          request.headers['content-type'],
        );
        return void response.writeHead(204).end();
      case 'POST /misbehave':
        inForce = readMisbehaviour(parsed(await bodyOf(request, instructionBytesMax)));
        return sendJson(response, 200, inForce);
      case 'DELETE /misbehave':
        inForce = {};
        return void response.writeHead(204).end();
      default:
        throw new Refused(404, `Got ${action}, expected one of the routes that GET / describes.`);
    }
  }

  const server = createServer((request, response) => {
    response.once('close', () => log(`${request.method} ${request.url} ${response.statusCode}`));
    answer(request, response).catch((error: unknown) => sendError(response, error));
  });
  server.listen(port, host);
  await once(server, 'listening');
  const bound = (server.address() as AddressInfo).port;

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    requests,
    misbehave: (misbehaviour) => void (inForce = readMisbehaviour(misbehaviour ?? {})),
    setRaw: (name, body, contentType) => rawDocuments.put(name, body, contentType),
    close: async () => {
      const over = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await over;
    },
  };
}

/** The whole body. Throws Refused (413) as soon as it is longer than allowed. */
async function bodyOf(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bytesMax) throw new Refused(413, `Got more than ${bytesMax} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new Refused(400, `Got ${JSON.stringify(body.toString().slice(0, 60))}, expected a JSON object.`);
  }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(`${JSON.stringify(value)}\n`);
}

/** Closes the connection: the rest of the request was not read. */
function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const status = error instanceof Refused ? error.status : 500;
  const message = error instanceof Error ? error.message : String(error);
  response.setHeader('Connection', 'close');
  sendJson(response, status, { error: { status, message } });
}
