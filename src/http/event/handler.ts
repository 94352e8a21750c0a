// GET /events/{id} in its forms, its history, and POST /events/lookup, as a plain function that bypasses Express.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Sighted } from '#/domain/event.ts';
import { LRUCache } from 'lru-cache';
import { isRefusal, type Refusal } from '#/domain/refusal.ts';
import type { CatalogueHeader } from '#/http/catalogue-header.ts';
import { endWithError, refuseBusy, refuseMethod } from '#/http/envelope.ts';
import { answerOf, createAnswers, taggedAnswer, type Answer } from '#/http/events/answers.ts';
import { broken, type Failure } from '#/http/events/failures.ts';
import { sendAnswer, type AnswerHeaders } from '#/http/events/send.ts';
import type { Overload } from '#/http/overload.ts';
import { eventBytes, eventText } from '#/search/by-id/event-text.ts';
import { needsCompanion } from '#/search/by-id/fields.ts';
import { createIdIndex, type Found } from '#/search/by-id/id-index.ts';
import { tagOfText } from '#/kit/text-hash.ts';
import { editionOf } from '#/search/events/edition.ts';
import { identityOfEvent } from '#/search/rows/identity.ts';
import { emptyView, type View } from '#/search/view.ts';
import { nameResponse } from '#/telemetry/request-id.ts';
import { jsonLdType, calendarType } from '#/http/events/accept.ts';
import { eventCalendarOf } from '#/search/calendar/calendar.ts';
import { eventJsonLd } from '#/search/json-ld/event.ts';
import { formOf, type Form } from './form.ts';
import { bodyOf, earlierEvent, historyOf, type EarlierDeps } from './earlier.ts';
import { noCompanion, noDetails, unknownEvent } from './failures.ts';
import { lookUp, sendLookup } from './lookup.ts';
import type * as Queries from './query.ts';
import { readId, targetOf, type Target } from './target.ts';

/** `url`: one that `isEvent` admits. `requestId` and `gate`: see SearchHandler. */
export interface EventHandler {
  (
    request: IncomingMessage,
    response: ServerResponse,
    url: string,
    requestId: string | undefined,
    gate: Pick<Overload, 'admits'> | null,
  ): void;
  /** Another view is served: the index moves to it if it is in use, and releases the one before. */
  swapped(): void;
}

export interface EventHandlerOptions extends EarlierDeps {
  readonly current: () => View;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The value of `Cache-Control`. */
  readonly cacheControl: string;
  /** The value of `Vary`. */
  readonly vary: string;
  readonly catalogue: Pick<CatalogueHeader, 'valueOf'>;
}

type Fields = Queries.EventQuery['fields'];
type Result = Answer | Refusal | Failure;

/** An answer that is not known yet costs at most as much as a search answer of this size. */
const unknownBytes = 20_000;
const answersBytesMax = 4_000_000;
/** Of a lookup, roughly. */
const lookupBytes = 500_000;
const lookupsMax = 32;
const queriesKept = 64;
const retryAfter = { 'Retry-After': '5' };

export function createEventHandler(options: EventHandlerOptions): EventHandler {
  const { current, companions } = options;
  const common: AnswerHeaders = { ...options, vary: `Accept, ${options.vary}` };
  const answers = createAnswers(answersBytesMax);
  const index = createIdIndex(current);
  /** Clients usually name the same fields: a schema takes as long to check them as the rest of an answer. */
  const parsed = new LRUCache<string, Queries.EventQuery>({ max: queriesKept });
  let isUsed = false;
  let lookups = 0;
  let view = emptyView;
  /** Loaded with the first query, as it needs zod. */
  let queries: typeof Queries | null = null;

  const handle: EventHandler = (request, response, url, requestId, gate) => {
    const { method, headers } = request;
    const target = targetOf(url);
    const isLookup = target.kind === 'lookup';
    if (isLookup ? method !== 'POST' : method !== 'GET' && method !== 'HEAD') {
      nameResponse(response, requestId);
      refuseMethod(response, method, isLookup ? ['POST'] : undefined);
      return;
    }
    if (isLookup) return lookup(request, response, target.search, requestId, gate);
    useCurrentView();
    const form = formOf(target, headers.accept);
    const key = form === 'json' ? url : `${form} ${url}`;
    const known = answers.get(key);
    if (gate !== null && !gate.admits(request.socket, known?.body.length ?? unknownBytes)) {
      nameResponse(response, requestId);
      refuseBusy(response);
      return;
    }
    if (known !== undefined) {
      sendAnswer(request, response, known, requestId, common);
      return;
    }
    const result = resultOf(target, form);
    if (!(result instanceof Promise)) finish(request, response, key, requestId, result);
    else
      result
        .then((later) => finish(request, response, key, requestId, later))
        .catch(() => {
          if (response.headersSent) response.destroy();
          else finish(request, response, key, requestId, broken);
        });
  };
  handle.swapped = () => {
    if (isUsed) void index.move().catch(() => undefined);
  };
  return handle;

  function lookup(
    request: IncomingMessage,
    response: ServerResponse,
    search: string,
    requestId: string | undefined,
    gate: Pick<Overload, 'admits'> | null,
  ): void {
    nameResponse(response, requestId);
    const isAdmitted = gate === null || gate.admits(request.socket, lookupBytes);
    if (!isAdmitted || lookups === lookupsMax) return refuseBusy(response);
    isUsed = true;
    lookups++;
    lookUp(request, search, { index, companions })
      .then(async (result) => {
        if ('json' in result) return sendLookup(request, response, result, common);
        const { status } = 'status' in result ? result : { status: 400 };
        // What is left of a body that was refused is not read.
        if (!request.complete) response.setHeader('Connection', 'close');
        return endWithFailure(response, status, 'refusal' in result ? result.refusal : result);
      })
      .catch(() => {
        if (response.headersSent) response.destroy();
        else endWithFailure(response, broken.status, broken.refusal);
      })
      .finally(() => lookups--);
  }

  function useCurrentView(): void {
    const now = current();
    if (now === view) return;
    view = now;
    answers.forget();
  }

  function resultOf(target: Target, form: Form): Result | Promise<Result> {
    const { kind, id: sent, search } = target;
    const id = readId(sent);
    if (isRefusal(id)) return id;
    isUsed = true;
    const isPlain = search === '' && kind !== 'history';
    if (!isPlain && queries === null) {
      return import('./query.ts').then((loaded) => {
        queries = loaded;
        return resultOf(target, form);
      });
    }
    if (isPlain || queries === null) return currentEvent(id, null, form);
    if (form !== 'json') return queries.refusedQuery(search) ?? currentEvent(id, null, form);
    const { version } = current();
    const present = { version, now: options.now() };
    if (kind === 'history') {
      const query = queries.parseHistoryQuery(search, present);
      return isRefusal(query) ? query : historyOf(id, query, version, options.past);
    }
    const known = parsed.get(search);
    const query = known ?? queries.parseEventQuery(search, present);
    if (isRefusal(query)) return query;
    const { fields, asOf } = query;
    if (known === undefined && asOf === null) parsed.set(search, query);
    const isCurrent = asOf === null || (asOf.kind === 'version' && asOf.version === version);
    return isCurrent ? currentEvent(id, fields, form) : earlierEvent(id, asOf, fields, version, options);
  }

  function currentEvent(id: string, fields: Fields, form: Form): Result | Promise<Result> {
    return index.view === current()
      ? eventOf(id, fields, form)
      : moved().then(() => eventOf(id, fields, form));
  }

  async function moved(): Promise<void> {
    do await index.move();
    while (index.view === null);
  }

  function eventOf(id: string, fields: Fields, form: Form): Result | Promise<Result> {
    const { version } = index.view as View;
    const edition = editionOf(index.view as View);
    if (edition === null) return noDetails;
    const found = index.find(id);
    if (found === null) return unknownEvent(id);
    if (form === 'calendar') {
      const body = eventCalendarOf(edition, found.segment, found.place);
      return { ...answerOf(version, body), type: `${calendarType}; charset=utf-8` };
    }
    const answer = (sighted: Sighted): Answer =>
      form === 'json-ld'
        ? { ...answerOf(version, Buffer.from(eventJsonLd(found, sighted))), type: jsonLdType }
        : answerOf(version, bodyOf(eventText(found, sighted, fields)));
    if (fields !== null && !needsCompanion(fields)) return listedAnswer(version, found, fields);
    const near = companions.peek(found);
    return near !== undefined ? answer(near) : companions.read(found).then(answer, () => noCompanion);
  }

  /** `key`: by which the answer is kept. */
  function finish(
    request: IncomingMessage,
    response: ServerResponse,
    key: string,
    requestId: string | undefined,
    result: Result,
  ): void {
    if ('body' in result) {
      if (result.version === current().version) answers.offer(key, result);
      sendAnswer(request, response, result, requestId, common);
      return;
    }
    nameResponse(response, requestId);
    const { status, refusal } = 'refusal' in result ? result : { status: 400, refusal: result };
    endWithFailure(response, status, refusal);
  }
}

/** An answer with fields that lists have: what determines them is hashed faster than their text. */
function listedAnswer(version: number, found: Found, fields: NonNullable<Fields>): Answer {
  const text = `{"data":{"event":${eventBytes(found, fields)}},"error":null}`;
  const tag = tagOfText(`${identityOfEvent(found.segment, found.place)} ${fields.join()}`);
  return { ...taggedAnswer(version, Buffer.from(text, 'latin1'), tag), text };
}

const endWithFailure = (response: ServerResponse, status: number, { code, message }: Refusal): void =>
  endWithError(response, status, code, message, status === 503 ? retryAfter : {});
