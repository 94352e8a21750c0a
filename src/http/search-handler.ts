// GET /search, as a plain function in front of Express: query in, bytes out.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import { parseQuery } from '#/domain/query.ts';
import { isRefusal } from '#/domain/refusal.ts';
import { answer, answerBytes, answerGzipped } from '#/search/answer.ts';
import { search } from '#/search/search.ts';
import { tagOf } from '#/search/tag.ts';
import type { View } from '#/search/view.ts';
import { endWithError, jsonType } from './envelope.ts';
import { namesTag, takesGzip } from './negotiation.ts';

export type SearchHandler = (request: IncomingMessage, response: ServerResponse, queryString: string) => void;

export interface SearchHandlerOptions {
  /** Asked once per request: what a request began with, it ends with. */
  readonly currentView: () => View;
  /** The value of `Cache-Control`. */
  readonly cacheControl: string;
  /** Of gzipped answers that are kept; the oldest unused goes first. */
  readonly cacheBytesMax: number;
}

/** A text of this many bytes goes out in one piece with its headers. */
const onePieceMax = 16_384;
/** From here on, several writes corked together beat one copy of all parts. */
const copiedMax = 65_536;
/** Below, gzip costs more than it saves. */
const gzipMin = 1024;

export function createSearchHandler({
  currentView,
  cacheControl,
  cacheBytesMax,
}: SearchHandlerOptions): SearchHandler {
  // By tag: two ranges that hold the same events share an entry, and no query can make more entries than fit.
  const gzipped = new LRUCache<string, Buffer>({
    maxSize: Math.max(1, cacheBytesMax),
    maxEntrySize: Math.max(1, Math.ceil(cacheBytesMax / 8)),
    sizeCalculation: ({ length }) => length + 100,
  });

  return (request, response, queryString) => {
    const { method, headers } = request;
    if (method !== 'GET' && method !== 'HEAD') {
      const message = `Got ${method}, expected GET or HEAD.`;
      endWithError(response, 405, 'method_not_allowed', message, { Allow: 'GET, HEAD' });
      return;
    }
    const range = parseQuery(queryString);
    if (isRefusal(range)) {
      endWithError(response, 400, range.code, range.message);
      return;
    }
    const stretches = search(currentView(), range);
    const events = tagOf(stretches);
    const bytes = answerBytes(stretches);
    const gzip = bytes >= gzipMin && takesGzip(headers['accept-encoding']);
    const tag = gzip ? `"${events}-gz"` : `"${events}"`;
    if (namesTag(headers['if-none-match'], tag)) {
      response.writeHead(304, ['ETag', tag, 'Cache-Control', cacheControl, 'Vary', 'Accept-Encoding']);
      response.end();
      return;
    }
    if (gzip) {
      let body = gzipped.get(events);
      if (body === undefined) {
        body = answerGzipped(stretches);
        gzipped.set(events, body);
      }
      writeHead(response, tag, body.length, ['Content-Encoding', 'gzip']);
      response.end(method === 'HEAD' ? undefined : body);
      return;
    }
    writeHead(response, tag, bytes, []);
    if (method === 'HEAD') {
      response.end();
      return;
    }
    const { parts } = answer(stretches);
    if (bytes <= onePieceMax) {
      // Bytes as characters of Latin-1, one each: the only text that node writes together with the head.
      let text = '';
      for (const part of parts) text += part.toString('latin1');
      response.end(text, 'latin1');
    } else if (bytes <= copiedMax) {
      response.end(Buffer.concat(parts, bytes));
    } else {
      response.cork();
      for (const part of parts) response.write(part);
      response.end();
    }
  };

  function writeHead(response: ServerResponse, tag: string, bytes: number, more: readonly string[]): void {
    response.writeHead(200, [
      'Content-Type',
      jsonType,
      'Content-Length',
      String(bytes),
      'ETag',
      tag,
      'Cache-Control',
      cacheControl,
      'Vary',
      'Accept-Encoding',
      ...more,
    ]);
  }
}
