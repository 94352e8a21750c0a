// GET /search, as a plain function in front of Express: query in, bytes out.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseQuery } from '#/domain/query.ts';
import { isRefusal } from '#/domain/refusal.ts';
import { answer } from '#/search/answer.ts';
import { search } from '#/search/search.ts';
import type { View } from '#/search/view.ts';
import { endWithError, jsonType } from './envelope.ts';

export type SearchHandler = (request: IncomingMessage, response: ServerResponse, queryString: string) => void;

/** From here on, several writes corked together beat one copy of all parts. */
const copiedBytesMax = 65_536;

/** `currentView` is asked once per request: what a request began with, it ends with. */
export function createSearchHandler(currentView: () => View): SearchHandler {
  return (request, response, queryString) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      endWithError(response, 405, 'method_not_allowed', `Got ${request.method}, expected GET or HEAD.`, {
        Allow: 'GET, HEAD',
      });
      return;
    }
    const range = parseQuery(queryString);
    if (isRefusal(range)) {
      endWithError(response, 400, range.code, range.message);
      return;
    }
    const { parts, bytes } = answer(search(currentView(), range));
    response.writeHead(200, ['Content-Type', jsonType, 'Content-Length', String(bytes)]);
    if (request.method === 'HEAD') {
      response.end();
    } else if (bytes <= copiedBytesMax) {
      response.end(Buffer.concat(parts, bytes));
    } else {
      response.cork();
      for (const part of parts) response.write(part);
      response.end();
    }
  };
}
