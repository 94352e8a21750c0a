// GET /search, as a plain function in front of Express: query in, bytes out.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseQuery } from '#/domain/query.ts';
import type { Range } from '#/domain/range.ts';
import { isRefusal, type Refusal } from '#/domain/refusal.ts';
import { answer, answerBytes, answerGzipped, scratchBytes } from '#/search/answer.ts';
import { search } from '#/search/search.ts';
import { createSelection } from '#/search/selection.ts';
import { tagOf } from '#/search/tag.ts';
import { emptyView, type View } from '#/search/view.ts';
import { createMergedTexts } from '#/search/merge.ts';
import { nameResponse } from '#/telemetry/request-id.ts';
import { endWithError, jsonType, refuseBusy } from './envelope.ts';
import { createGzipped } from './gzipped.ts';
import { namesStrongly, namesTag, takesGzip } from './negotiation.ts';
import type { Overload } from './overload.ts';
import { createRecent } from './recent.ts';

/** `requestId` goes back as a header. `gate`: set while there is more to do than can be done in time. */
export type SearchHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  queryString: string,
  requestId: string | undefined,
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
  const gzipped = createGzipped(Math.floor(cacheBytesMax / 2));
  const merged = createMergedTexts(Math.floor(cacheBytesMax / 2));
  const recent = createRecent<Found>();
  // A request is answered in one go, so one place to search in and one to copy to are enough for all.
  let view = emptyView;
  let selection = createSelection();
  let selected: Found | null = null;
  let scratch = Buffer.allocUnsafeSlow(scratchBytes);

  return (request, response, queryString, requestId, gate) => {
    const { method, headers } = request;
    if (method !== 'GET' && method !== 'HEAD') {
      nameResponse(response, requestId);
      const message = `Got ${method}, expected GET or HEAD.`;
      endWithError(response, 405, 'method_not_allowed', message, { Allow: 'GET, HEAD' });
      return;
    }
    look();
    const found = find(queryString);
    if (isRefusal(found)) {
      nameResponse(response, requestId);
      endWithError(response, 400, found.code, found.message);
      return;
    }
    const isGzipped = found.bytes >= gzipMin && takesGzip(headers['accept-encoding']);
    const tag = isGzipped ? `"${found.tag}-gz"` : `"${found.tag}"`;
    const ifMatch = headers['if-match'];
    if (ifMatch !== undefined && !namesStrongly(ifMatch, tag)) {
      nameResponse(response, requestId);
      const message = 'If-Match names other events, expected the tag of these.';
      endWithError(response, 412, 'precondition_failed', message, { ETag: tag, Vary: 'Accept-Encoding' });
    } else if (namesTag(headers['if-none-match'], tag)) {
      response.writeHead(304, headersOfSame(tag, requestId));
      response.end();
    } else if (gate !== null && !gate.admits(request.socket, found.bytes)) {
      nameResponse(response, requestId);
      refuseBusy(response);
    } else if (isGzipped) endGzipped(response, requestId, found, tag);
    else endPlain(response, requestId, found, tag);
  };

  function look(): void {
    const current = currentView();
    if (current === view) return;
    view = current;
    // What is used again shall not hold on to segments that are gone.
    selection = createSelection();
    selected = null;
    recent.forget();
    merged.keepOnly(view);
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

  function endGzipped(
    response: ServerResponse,
    requestId: string | undefined,
    found: Found,
    tag: string,
  ): void {
    const known = gzipped.get(found.tag);
    cacheLooked?.(known !== undefined);
    if (known !== undefined) {
      response.writeHead(200, headersOf(tag, requestId, known.length, true));
      response.end(response.req.method === 'HEAD' ? undefined : known);
      return;
    }
    select(found);
    const { parts, bytes } = answerGzipped(selection, scratch);
    gzipped.offer(found.tag, parts, bytes);
    response.writeHead(200, headersOf(tag, requestId, bytes, true));
    if (response.req.method === 'HEAD') response.end();
    else endWithParts(response, parts);
  }

  function endPlain(
    response: ServerResponse,
    requestId: string | undefined,
    found: Found,
    tag: string,
  ): void {
    response.writeHead(200, headersOf(tag, requestId, found.bytes));
    if (response.req.method === 'HEAD') response.end();
    else if (found.bytes <= onePieceMax) response.end(found.text ?? textOf(found), 'latin1');
    else {
      select(found);
      const { socket } = response;
      endWithParts(response, answer(selection, merged, scratch).parts);
      // What the kernel has taken may be written over; else it is the response's for good.
      if (socket === null || socket.writableLength > 0) scratch = Buffer.allocUnsafeSlow(scratchBytes);
    }
  }

  /** Bytes as characters of Latin-1, one each: the only text that node writes together with the head. */
  function textOf(found: Found): string {
    select(found);
    const [part] = answer(selection, merged, scratch).parts;
    const text = (part as Buffer).toString('latin1');
    if (found.isAskedAgain) found.text = text;
    return text;
  }

  function headersOf(tag: string, id: string | undefined, bytes: number, isGzipped = false): string[] {
    // prettier-ignore
    const headers = withId([
      'Content-Type', jsonType, 'Content-Length', String(bytes), 'ETag', tag, 'Cache-Control', cacheControl,
      'Vary', 'Accept-Encoding', 'X-Request-Id', id ?? '',
    ], id);
    if (isGzipped) headers.push('Content-Encoding', 'gzip');
    return headers;
  }

  function headersOfSame(tag: string, id: string | undefined): string[] {
    // prettier-ignore
    return withId([
      'ETag', tag, 'Cache-Control', cacheControl, 'Vary', 'Accept-Encoding', 'X-Request-Id', id ?? '',
    ], id);
  }
}

/** The lists end with the id: to add it later would copy them, to take it off, where there is none, does not. */
function withId(headers: string[], id: string | undefined): string[] {
  if (id === undefined) {
    headers.pop();
    headers.pop();
  }
  return headers;
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
