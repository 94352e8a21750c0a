// Sends a page for people and its files. They are small: the page is made and compressed once, at its first request, and kept.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { namesTag, takesGzip } from '#/http/negotiation.ts';
import { pageHeaders, pageHeadersWith } from '#/http/protocol/security-headers.ts';
import { pageOf, versionOf } from './page.ts';

type Send = (request: IncomingMessage, response: ServerResponse) => void;

export interface PageHandlers {
  readonly sendPage: Send;
  /** Sends a file by its name. False when the page has no file of this name: nothing is sent. */
  sendFile(request: IncomingMessage, response: ServerResponse, name: string): boolean;
}

interface Sent {
  readonly type: string;
  readonly body: Buffer;
  readonly gzipped: Buffer;
  readonly version: string;
  readonly headers: typeof pageHeaders;
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};
/** The page is asked for each time. What its URL has the version of never changes. */
const [current, unchanging] = ['no-cache', 'public, max-age=31536000, immutable'] as const;

/** `name`: as in `pageOf`. `isIsolated`: as in `pageHeadersWith`, for the page alone. */
export function createPage(name: string, isIsolated = false): PageHandlers {
  let known: { page: Sent; files: ReadonlyMap<string, Sent> } | null = null;

  const make = (): NonNullable<typeof known> => {
    const page = pageOf(name);
    return {
      page: sentOf('html', page.html, pageHeadersWith({ styles: [page.styles], isIsolated })),
      files: new Map(
        page.files.map(({ name: file, text }) => [
          file,
          sentOf(file.slice(file.lastIndexOf('.') + 1), text, pageHeaders),
        ]),
      ),
    };
  };

  return {
    sendPage: (request, response) => send(request, response, (known ??= make()).page, current),
    sendFile(request, response, file) {
      const sent = (known ??= make()).files.get(file);
      if (sent === undefined) return false;
      // During an upgrade, a page of one release may ask a worker of another one: that answer must not be kept.
      const wanted = new URLSearchParams(request.url?.split('?')[1]).get('v');
      send(request, response, sent, wanted === sent.version ? unchanging : current);
      return true;
    },
  };
}

function sentOf(extension: string, text: string, headers: typeof pageHeaders): Sent {
  const body = Buffer.from(text);
  const type = types[extension] ?? 'application/octet-stream';
  return { type, body, gzipped: gzipSync(body, { level: 9 }), version: versionOf(text), headers };
}

function send(request: IncomingMessage, response: ServerResponse, sent: Sent, caching: string): void {
  const isGzipped = takesGzip(request.headers['accept-encoding']);
  const tag = `"${sent.version}${isGzipped ? '-gz' : ''}"`;
  response.setHeader('ETag', tag);
  response.setHeader('Cache-Control', caching);
  response.appendHeader('Vary', 'Accept-Encoding');
  sent.headers(request, response, () => undefined);
  if (namesTag(request.headers['if-none-match'], tag)) {
    response.writeHead(304).end();
    return;
  }
  const body = isGzipped ? sent.gzipped : sent.body;
  response.setHeader('Content-Type', sent.type);
  if (isGzipped) response.setHeader('Content-Encoding', 'gzip');
  response.setHeader('Content-Length', body.length);
  response.writeHead(200).end(request.method === 'HEAD' ? undefined : body);
}
