// GET /changes: a page of what has changed since a token; or, for Accept: text/event-stream, all that changes from then on.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { isRefusal } from '#/domain/refusal.ts';
import { answerOf } from '#/http/events/answers.ts';
import { sendAnswer, type AnswerHeaders } from '#/http/events/send.ts';
import { endWithError } from '#/http/envelope.ts';
import { beginning } from '#/search/changes/token.ts';
import { createChangesReader, type ChangesPage, type ChangesReaderOptions } from '#/search/changes/reader.ts';
import { wantsStream } from './accept.ts';
import { dataOf } from './data.ts';
import { failures, type Failure } from './failures.ts';
import { createListeners, type Listeners, type ListenersOptions } from './listeners.ts';
import { createMessages } from './messages.ts';
import { listen, type Live } from './live.ts';
import type * as Queries from './query.ts';

export type ChangesHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface ChangeFeed {
  readonly handle: ChangesHandler;
  readonly listeners: Listeners;
}

export interface ChangeFeedOptions
  extends AnswerHeaders, Pick<ListenersOptions, 'listenersMax' | 'standing' | 'beatMs' | 'now'> {
  /** What versions there are. */
  readonly versions: ChangesReaderOptions;
  /** Seconds for which a token of the current version can be continued, at least; null when without limit. */
  readonly tokenSeconds: () => number | null;
}

const retryAfter = { 'Retry-After': '5' };

export function createChangeFeed(options: ChangeFeedOptions): ChangeFeed {
  const { tokenSeconds, cacheControl, vary, catalogue } = options;
  const headers: AnswerHeaders = { cacheControl, vary: `Accept, ${vary}`, catalogue };
  const reader = createChangesReader(options.versions);
  const messages = createMessages(reader, tokenSeconds);
  const listeners = createListeners({ ...options, reader, messages });
  const live: Live = { reader, messages, listeners };
  /** Loaded with the first query, as it needs zod: many workers never get one. */
  let queries: typeof Queries | null = null;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    queries ??= await import('./query.ts');
    const [, search = ''] = (request.url ?? '').split('?', 2);
    if (wantsStream(request.headers.accept)) {
      const query = queries.parseLiveQuery(search, lastIdOf(request));
      const failure = await listen(request, response, query, headers, live);
      if (failure !== null) fail(response, 'status' in failure ? failure : { status: 400, ...failure });
      return;
    }
    const query = queries.parseChangesQuery(search);
    if (isRefusal(query)) return fail(response, { status: 400, ...query });
    const position = query.since === 'now' ? reader.now() : (query.since ?? beginning);
    if (position === null) return fail(response, failures.undetailed);
    const page = await reader.read({ ...query, position }).catch(() => 'unavailable' as const);
    if (typeof page === 'string') return fail(response, failures[page]);
    sendAnswer(request, response, answerOf(page.version, bodyOf(page, tokenSeconds())), undefined, headers);
  }

  return {
    listeners,
    handle(request, response) {
      answer(request, response).catch(() => {
        if (response.headersSent) response.destroy();
        else fail(response, failures.broken);
      });
    },
  };
}

const lastIdOf = ({ headers }: IncomingMessage): string | undefined =>
  headers['last-event-id'] as string | undefined;

function fail(response: ServerResponse, { status, code, message }: Failure): void {
  endWithError(response, status, code, message, status === 503 ? retryAfter : {});
}

const bodyOf = (page: ChangesPage, tokenSeconds: number | null): Buffer =>
  Buffer.concat([Buffer.from('{"data":'), dataOf(page, tokenSeconds), Buffer.from(',"error":null}')]);
