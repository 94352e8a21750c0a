// GET /events, /events.ics and /events/histogram, as a plain function that bypasses Express.

// Imported: the global `performance` would be looked up at each call.
import { performance } from 'node:perf_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isRefusal, type Refusal } from '#/domain/refusal.ts';
import { decodeCursor, pointsInto } from '#/search/events/cursor.ts';
import { editionOf, type Edition } from '#/search/events/edition.ts';
import { pageByCursor, pageByNumber } from '#/search/events/page.ts';
import type { Pinned } from '#/search/events/pinned.ts';
import { keyOf, type ListQuery } from '#/search/events/query.ts';
import { createEventWriter } from '#/search/events/render.ts';
import { emptyView } from '#/search/view.ts';
import { tagOfText } from '#/kit/text-hash.ts';
import { nameResponse } from '#/telemetry/request-id.ts';
import type { CatalogueHeader } from '#/http/catalogue-header.ts';
import { endWithError, refuseBusy, refuseMethod } from '#/http/envelope.ts';
import { takesGzip } from '#/http/negotiation.ts';
import type { Overload } from '#/http/overload.ts';
import { linesType, wantsLines } from './accept.ts';
import { createAnswers, taggedAnswer, type Answer } from './answers.ts';
import { broken, gone, refusedCursor, unavailable, type Failure } from './failures.ts';
import { calendarAnswer, calendarPath, calendarUrl } from './calendar.ts';
import { histogramAnswer } from './histogram.ts';
import { createKeptCounts } from './kept-counts.ts';
import { linkOf } from './links.ts';
import type * as Queries from './query.ts';
import { quickListQuery } from './quick.ts';
import { sendAnswer, type AnswerHeaders } from './send.ts';
import { beginLines, sendLines } from './stream.ts';

/** `url`: the path `/events` or `/events/histogram` and the query. `requestId` and `gate`: see SearchHandler. */
export type EventsHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  url: string,
  requestId: string | undefined,
  gate: Pick<Overload, 'admits'> | null,
) => void;

export interface EventsHandlerOptions extends Pinned {
  /** The value of `Cache-Control`. */
  readonly cacheControl: string;
  /** The value of `Vary` for answers that also depend on `Accept-Encoding`. */
  readonly vary: string;
  readonly catalogue: Pick<CatalogueHeader, 'valueOf'>;
}

/** An answer that is not known yet costs at most as much as a search answer of this size. */
const unknownBytes = 200_000;
/** Streams at the same time. Each may hold an old version in memory while it lasts. */
const streamsMax = 32;
const retryAfter = { 'Retry-After': '5' };

export function createEventsHandler({
  current,
  find,
  load,
  cacheControl,
  vary,
  catalogue,
}: EventsHandlerOptions): EventsHandler {
  const common: AnswerHeaders = { cacheControl, vary: `Accept, ${vary}`, catalogue };
  const answers = createAnswers();
  const counts = createKeptCounts();
  const writer = createEventWriter();
  let view = emptyView;
  /** Of the view. */
  let currentEdition = editionOf(view);
  let streams = 0;
  /** Loaded with the first query that is not plainly valid, as it needs zod: many workers never get one. */
  let queries: typeof Queries | null = null;

  const handle: EventsHandler = (request, response, url, requestId, gate) => {
    const { method, headers } = request;
    if (method !== 'GET' && method !== 'HEAD') {
      nameResponse(response, requestId);
      refuseMethod(response, method);
      return;
    }
    useCurrentView();
    url = calendarUrl(url, headers.accept);
    const isLines = !url.startsWith(calendarPath) && wantsLines(headers.accept);
    const known = isLines ? undefined : answers.get(url);
    if (gate !== null && !gate.admits(request.socket, known?.body.length ?? unknownBytes)) {
      nameResponse(response, requestId);
      refuseBusy(response);
      return;
    }
    if (known !== undefined) {
      sendAnswer(request, response, known, requestId, common);
      return;
    }
    const edition = currentEdition;
    if (edition === null) {
      nameResponse(response, requestId);
      const message =
        'The catalogue was published by an earlier version; it is available once it is published again.';
      endWithError(response, 503, 'details_unavailable', message, retryAfter);
      return;
    }
    const question = url.indexOf('?');
    const search = question < 0 ? '' : url.slice(question + 1);
    const quick = url.startsWith('/events/') ? null : quickListQuery(search);
    if (quick !== null) return list(request, response, url, requestId, edition, search, quick, isLines);
    if (queries === null) {
      import('./query.ts')
        .then((loaded) => {
          queries = loaded;
          // From the start: another version may be current by now.
          return handle(request, response, url, requestId, null);
        })
        .catch(() => fail(request, response, url, requestId, broken));
      return;
    }
    if (url.startsWith('/events/')) {
      const counted = histogramAnswer(edition, queries.parseHistogramQuery(search));
      finish(request, response, url, requestId, counted);
    } else list(request, response, url, requestId, edition, search, queries.parseListQuery(search), isLines);
  };
  return handle;

  function useCurrentView(): void {
    const now = current();
    if (now === view) return;
    view = now;
    currentEdition = editionOf(view);
    answers.forget();
    counts.forget();
  }

  function list(
    request: IncomingMessage,
    response: ServerResponse,
    url: string,
    requestId: string | undefined,
    edition: Edition,
    search: string,
    query: ListQuery | Refusal,
    isLines: boolean,
  ): void {
    if (isRefusal(query)) return finish(request, response, url, requestId, query);
    if (url.startsWith(calendarPath)) {
      const total = (): number => counts.of(edition, query.filter).total;
      return finish(request, response, url, requestId, calendarAnswer(edition, query, total, search));
    }
    if (isLines) return stream(request, response, requestId, edition, query);
    const { paging } = query;
    if (paging.kind === 'page' || paging.cursor === null)
      return finish(request, response, url, requestId, pageOf(edition, query, null, search));
    const cursor = decodeCursor(paging.cursor, keyOf(query.filter, query.order));
    if (isRefusal(cursor)) return finish(request, response, url, requestId, refusedCursor(cursor));
    const answerFrom = (pinned: Edition | null): void => {
      const result =
        pinned === null || !pointsInto(pinned, cursor) ? gone : pageOf(pinned, query, cursor.after, search);
      finish(request, response, url, requestId, result);
    };
    const { version, tag } = cursor;
    const found = version === edition.version && tag === edition.tag ? edition : find(version, tag);
    if (found !== null) return answerFrom(found);
    load(version, tag)
      .then(answerFrom)
      .catch(() => fail(request, response, url, requestId, unavailable));
  }

  function pageOf(
    edition: Edition,
    query: ListQuery,
    after: number | null,
    search: string,
  ): Answer | Refusal {
    const begunAt = performance.now();
    const { paging } = query;
    const page =
      paging.kind === 'cursor'
        ? pageByCursor(edition, query, paging.limit, after, writer)
        : pageByNumber(edition, query, paging, counts.of(edition, query.filter), writer);
    if (isRefusal(page)) return page;
    const queryMs = performance.now() - begunAt;
    const tag = tagOfText(page.identity + ' ' + search);
    return taggedAnswer(edition.version, page.body, tag, linkOf(search, page.links), queryMs);
  }

  function finish(
    request: IncomingMessage,
    response: ServerResponse,
    url: string,
    requestId: string | undefined,
    result: Answer | Refusal | Failure,
  ): void {
    if ('body' in result) {
      answers.offer(url, result);
      sendAnswer(request, response, result, requestId, common);
      // If the kernel has taken all bytes, the writer's buffer can be reused; otherwise it belongs to the response.
      if (response.socket === null || response.socket.writableLength > 0) writer.detach();
      return;
    }
    nameResponse(response, requestId);
    const { status, refusal } = 'refusal' in result ? result : { status: 400, refusal: result };
    endWithError(response, status, refusal.code, refusal.message, status === 503 ? retryAfter : {});
  }

  /** After an exception, which may have come while the answer was sent. */
  function fail(
    request: IncomingMessage,
    response: ServerResponse,
    url: string,
    requestId: string | undefined,
    failure: Failure,
  ): void {
    if (response.headersSent) response.destroy();
    else finish(request, response, url, requestId, failure);
  }

  function stream(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string | undefined,
    edition: Edition,
    query: ListQuery,
  ): void {
    if (query.isPaged) {
      const message = `Got a parameter of paging with Accept: ${linesType}, expected none: a stream has all events.`;
      nameResponse(response, requestId);
      endWithError(response, 400, 'paging_mixed', message);
      return;
    }
    nameResponse(response, requestId);
    if (streams === streamsMax) return refuseBusy(response);
    const isGzipped = takesGzip(request.headers['accept-encoding']);
    beginLines(response, edition, isGzipped, common);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    streams++;
    void sendLines(response, edition, query, isGzipped).finally(() => streams--);
  }
}
