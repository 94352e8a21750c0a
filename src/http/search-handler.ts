// GET /search, as a plain function that bypasses Express.

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
import type { CatalogueHeader } from './catalogue-header.ts';
import {
  endWithError,
  gzipMin,
  onePieceMax,
  refuseBusy,
  refuseMethod,
  refusePrecondition,
} from './envelope.ts';
import { createGzipped } from './gzipped.ts';
import { createIgnored, ignoredHeader } from './ignored.ts';
import { namesStrongly, namesTag, takesGzip } from './negotiation.ts';
import type { Overload } from './overload.ts';
import { createRecent } from './recent.ts';
import { createSearchHeaders } from './search-headers.ts';

/** `requestId` is sent back as a header. `gate`: set while the worker is overloaded. */
export type SearchHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  queryString: string,
  requestId: string | undefined,
  gate: Pick<Overload, 'admits'> | null,
) => void;

export interface SearchHandlerOptions {
  /** Called once per request, which uses that view to its end. */
  readonly currentView: () => View;
  /** The value of `Cache-Control`. */
  readonly cacheControl: string;
  /** The value of `Vary`. */
  readonly vary: string;
  /** Refuses parameters whose names resemble those of a search. */
  readonly isStrict?: boolean;
  readonly catalogue: Pick<CatalogueHeader, 'valueOf'>;
  /** Size of the caches: half for gzipped answers, half for the texts of whole segments. */
  readonly cacheBytesMax: number;
  /** Called for each lookup of a gzipped answer. */
  readonly cacheLooked?: (hit: boolean) => void;
  /** Called with the range of each valid search, before it is answered. */
  readonly asked?: (range: Range) => void;
  /** Called for each answer with events. */
  readonly sized?: (bytes: number, isGzipped: boolean) => void;
}

/** The result of a query, before its answer is built. */
interface Found {
  readonly range: Range;
  /** The ETag of its events, without quotes. */
  readonly tag: string;
  /** The same as sent. Texts of headers are kept: writing a header flattens the text of its value. */
  readonly quotedTag: string;
  readonly bytes: number;
  /** `bytes` as sent. */
  readonly bytesText: string;
  isAskedAgain: boolean;
  /** The answer, once it has been requested again, if it is short. */
  text: string | null;
}

export function createSearchHandler({
  currentView,
  cacheControl,
  vary,
  isStrict = false,
  catalogue,
  cacheBytesMax,
  cacheLooked,
  asked,
  sized,
}: SearchHandlerOptions): SearchHandler {
  const gzipped = createGzipped(Math.floor(cacheBytesMax / 2));
  const mergedTexts = createMergedTexts(Math.floor(cacheBytesMax / 2));
  const recent = createRecent<Found>();
  // A request is answered synchronously, so all requests share one selection, one scratch buffer and one list of parameters.
  const ignored = createIgnored(isStrict);
  const headers = createSearchHeaders({ cacheControl, vary, catalogue, ignored });
  let view = emptyView;
  let selection = createSelection();
  let selected: Found | null = null;
  let scratch = Buffer.allocUnsafeSlow(scratchBytes);

  return (request, response, queryString, requestId, gate) => {
    const { method, headers: given } = request;
    if (method !== 'GET' && method !== 'HEAD') {
      nameResponse(response, requestId);
      refuseMethod(response, method);
      return;
    }
    useCurrentView();
    const found = find(queryString);
    if (isRefusal(found)) {
      nameFailure(response, requestId);
      endWithError(response, 400, found.code, found.message);
      return;
    }
    const isGzipped = found.bytes >= gzipMin && takesGzip(given['accept-encoding']);
    const tag = isGzipped ? `"${found.tag}-gz"` : found.quotedTag;
    const ifMatch = given['if-match'];
    if (ifMatch !== undefined && !namesStrongly(ifMatch, tag)) {
      nameFailure(response, requestId);
      refusePrecondition(response, tag, vary);
    } else if (namesTag(given['if-none-match'], tag)) {
      response.writeHead(304, headers.ofSame(view, tag, requestId));
      response.end();
    } else if (gate !== null && !gate.admits(request.socket, found.bytes)) {
      nameFailure(response, requestId);
      refuseBusy(response);
    } else if (isGzipped) endGzipped(response, requestId, found, tag);
    else endPlain(response, requestId, found, tag);
  };

  /** For an answer whose headers are written by code that knows neither the id nor the parameters. */
  function nameFailure(response: ServerResponse, requestId: string | undefined): void {
    nameResponse(response, requestId);
    if (ignored.header !== null) response.setHeader(ignoredHeader, ignored.header);
  }

  function useCurrentView(): void {
    const current = currentView();
    if (current === view) return;
    view = current;
    // Everything that is reused must not keep segments of the old view in memory.
    selection = createSelection();
    selected = null;
    recent.forget();
    mergedTexts.keepOnly(view);
  }

  function find(queryString: string): Found | Refusal {
    ignored.begin();
    const range = parseQuery(queryString, ignored.note);
    if (isRefusal(range)) return range;
    asked?.(range);
    const known = recent.get(range);
    if (known !== undefined) {
      known.isAskedAgain = true;
      return known;
    }
    selected = null;
    search(view, range, selection);
    const bytes = answerBytes(selection);
    const tag = tagOf(selection);
    const texts = { quotedTag: `"${tag}"`, bytesText: String(bytes), text: null };
    selected = { range, tag, bytes, isAskedAgain: false, ...texts };
    recent.put(selected);
    return selected;
  }

  /** Fills the selection for `found`, unless it is filled already. */
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
      sized?.(known.length, true);
      response.writeHead(200, headers.ofEvents(view, tag, requestId, String(known.length), true));
      response.end(response.req.method === 'HEAD' ? undefined : known);
      return;
    }
    select(found);
    const { parts, bytes } = answerGzipped(selection, scratch);
    gzipped.offer(found.tag, parts, bytes);
    sized?.(bytes, true);
    response.writeHead(200, headers.ofEvents(view, tag, requestId, String(bytes), true));
    if (response.req.method === 'HEAD') response.end();
    else endWithParts(response, parts);
  }

  function endPlain(
    response: ServerResponse,
    requestId: string | undefined,
    found: Found,
    tag: string,
  ): void {
    sized?.(found.bytes, false);
    response.writeHead(200, headers.ofEvents(view, tag, requestId, found.bytesText, false));
    if (response.req.method === 'HEAD') response.end();
    else if (found.bytes <= onePieceMax) response.end(found.text ?? textOf(found), 'latin1');
    else {
      select(found);
      const { socket } = response;
      endWithParts(response, answer(selection, mergedTexts, scratch).parts);
      // If the kernel has taken all bytes, the buffer can be reused; otherwise it belongs to the response.
      if (socket === null || socket.writableLength > 0) scratch = Buffer.allocUnsafeSlow(scratchBytes);
    }
  }

  /** The bytes as a Latin-1 string, one character each: node writes such a string together with the headers. */
  function textOf(found: Found): string {
    select(found);
    const [part] = answer(selection, mergedTexts, scratch).parts;
    const text = (part as Buffer).toString('latin1');
    if (found.isAskedAgain) found.text = text;
    return text;
  }
}

function endWithParts(response: ServerResponse, parts: readonly Buffer[]): void {
  if (parts.length === 1) response.end(parts[0]);
  else {
    // While corked, the parts are sent in one system call.
    response.cork();
    for (const part of parts) response.write(part);
    response.end();
  }
}
