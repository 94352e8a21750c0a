// GET /search, as a plain function in front of Express: query in, bytes out.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import { parseQuery } from '#/domain/query.ts';
import type { Range } from '#/domain/range.ts';
import { isRefusal, type Refusal } from '#/domain/refusal.ts';
import { answer, answerBytes, answerGzipped, scratchBytes } from '#/search/answer.ts';
import { search } from '#/search/search.ts';
import { createSelection } from '#/search/selection.ts';
import { tagOf } from '#/search/tag.ts';
import { emptyView, type View } from '#/search/view.ts';
import { createWovenTexts } from '#/search/weave.ts';
import { requestIdOf, withRequestId } from '#/telemetry/request-id.ts';
import { endWithError, jsonType, refuseBusy } from './envelope.ts';
import { namesTag, takesGzip } from './negotiation.ts';
import type { Overload } from './overload.ts';
import { createRecent } from './recent.ts';

/** `gate`: set while there is more to do than can be done in time. */
export type SearchHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  queryString: string,
  gate: Pick<Overload, 'admits'> | null,
) => void;

export interface SearchHandlerOptions {
  /** Asked once per request: what a request began with, it ends with. */
  readonly currentView: () => View;
  /** The value of `Cache-Control`. */
  readonly cacheControl: string;
  /** Of what is kept of answers: one half gzipped ones, one half the texts of whole segments. */
  readonly cacheBytesMax: number;
  /** Hears of each look for a gzipped answer. */
  readonly cacheLooked?: (hit: boolean) => void;
}

/** What is known of a query's answer before it is put together. */
interface Found {
  readonly range: Range;
  /** Names its events. */
  readonly tag: string;
  readonly bytes: number;
  isAskedAgain: boolean;
  /** The answer itself, when it is short and was asked for again. */
  text: string | null;
}

/** A text of this many bytes goes out in one piece with its headers. */
const onePieceMax = 16_384;
/** Below, gzip costs more than it saves. */
const gzipMin = 1024;

export function createSearchHandler({
  currentView,
  cacheControl,
  cacheBytesMax,
  cacheLooked,
}: SearchHandlerOptions): SearchHandler {
  const gzippedBytesMax = Math.max(1, Math.floor(cacheBytesMax / 16));
  // By tag: two ranges that hold the same events share an entry, and no query can make more entries than fit. The oldest
  // unused goes first.
  const gzipped = new LRUCache<string, Buffer>({
    maxSize: Math.max(1, Math.floor(cacheBytesMax / 2)),
    maxEntrySize: gzippedBytesMax,
    sizeCalculation: ({ length }) => length + 100,
  });
  const woven = createWovenTexts(Math.floor(cacheBytesMax / 2));
  const recent = createRecent<Found>();
  // A request is answered in one go, so one place to search in and one to copy to are enough for all.
  let view = emptyView;
  let selection = createSelection();
  let selected: Found | null = null;
  let scratch = Buffer.allocUnsafeSlow(scratchBytes);

  return (request, response, queryString, gate) => {
    const { method, headers } = request;
    if (method !== 'GET' && method !== 'HEAD') {
      const message = `Got ${method}, expected GET or HEAD.`;
      endWithError(response, 405, 'method_not_allowed', message, { Allow: 'GET, HEAD' });
      return;
    }
    look();
    const found = find(queryString);
    if (isRefusal(found)) {
      endWithError(response, 400, found.code, found.message);
      return;
    }
    const isGzipped = found.bytes >= gzipMin && takesGzip(headers['accept-encoding']);
    const tag = isGzipped ? `"${found.tag}-gz"` : `"${found.tag}"`;
    if (namesTag(headers['if-none-match'], tag)) {
      const same = ['ETag', tag, 'Cache-Control', cacheControl, 'Vary', 'Accept-Encoding'];
      response.writeHead(304, withRequestId(response, same));
      response.end();
    } else if (gate !== null && !gate.admits(request.socket, found.bytes)) refuseBusy(response);
    else if (isGzipped) endGzipped(response, found, tag);
    else endPlain(response, found, tag);
  };

  function look(): void {
    const current = currentView();
    if (current === view) return;
    view = current;
    // What is used again shall not hold on to segments that are gone.
    selection = createSelection();
    selected = null;
    recent.forget();
    woven.keepOnly(view);
  }

  function find(queryString: string): Found | Refusal {
    const range = parseQuery(queryString);
    if (isRefusal(range)) return range;
    const known = recent.get(range);
    if (known !== undefined) {
      known.isAskedAgain = true;
      return known;
    }
    selected = null;
    search(view, range, selection);
    const bytes = answerBytes(selection);
    selected = { range, tag: tagOf(selection), bytes, isAskedAgain: false, text: null };
    recent.put(selected);
    return selected;
  }

  /** Has the selection be that of `found`. */
  function select(found: Found): void {
    if (selected === found) return;
    selected = null;
    search(view, found.range, selection);
    selected = found;
  }

  function endGzipped(response: ServerResponse, found: Found, tag: string): void {
    const known = gzipped.get(found.tag);
    cacheLooked?.(known !== undefined);
    if (known !== undefined) {
      writeHead(response, tag, known.length, 'gzip');
      response.end(response.req.method === 'HEAD' ? undefined : known);
      return;
    }
    select(found);
    const { parts, bytes } = answerGzipped(selection, scratch);
    if (bytes <= gzippedBytesMax) gzipped.set(found.tag, Buffer.concat(parts, bytes));
    writeHead(response, tag, bytes, 'gzip');
    if (response.req.method === 'HEAD') response.end();
    else endWithParts(response, parts);
  }

  function endPlain(response: ServerResponse, found: Found, tag: string): void {
    writeHead(response, tag, found.bytes, null);
    if (response.req.method === 'HEAD') response.end();
    else if (found.bytes <= onePieceMax) response.end(found.text ?? textOf(found), 'latin1');
    else {
      select(found);
      const { socket } = response;
      endWithParts(response, answer(selection, woven, scratch).parts);
      // What the kernel has taken may be written over; else it is the response's for good.
      if (socket === null || socket.writableLength > 0) scratch = Buffer.allocUnsafeSlow(scratchBytes);
    }
  }

  /** Bytes as characters of Latin-1, one each: the only text that node writes together with the head. */
  function textOf(found: Found): string {
    select(found);
    const [part] = answer(selection, woven, scratch).parts;
    const text = (part as Buffer).toString('latin1');
    if (found.isAskedAgain) found.text = text;
    return text;
  }

  function writeHead(response: ServerResponse, tag: string, bytes: number, encoding: 'gzip' | null): void {
    const requestId = requestIdOf(response);
    // Made at its full length: to grow, it would be copied.
    const headers = [
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
      'X-Request-Id',
      requestId ?? '',
    ];
    if (requestId === undefined) headers.length -= 2;
    if (encoding !== null) headers.push('Content-Encoding', encoding);
    response.writeHead(200, headers);
  }
}

function endWithParts(response: ServerResponse, parts: readonly Buffer[]): void {
  if (parts.length === 1) response.end(parts[0]);
  else {
    // Corked, they leave in one call.
    response.cork();
    for (const part of parts) response.write(part);
    response.end();
  }
}
