// GET /changes: a page of what has changed since a token.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { isRefusal } from '#/domain/refusal.ts';
import { answerOf } from '#/http/events/answers.ts';
import { sendAnswer, type AnswerHeaders } from '#/http/events/send.ts';
import { endWithError } from '#/http/envelope.ts';
import { beginning } from '#/search/changes/token.ts';
import type { ChangesPage, ChangesReader } from '#/search/changes/reader.ts';
import { failures, type Failure } from './failures.ts';
import type * as Queries from './query.ts';

export type ChangesHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface ChangesHandlerOptions extends AnswerHeaders {
  readonly reader: ChangesReader;
  /** Seconds for which a token of the current version can be continued, at least; null when without limit. */
  readonly tokenSeconds: () => number | null;
}

const retryAfter = { 'Retry-After': '5' };

export function createChangesHandler({
  reader,
  tokenSeconds,
  cacheControl,
  vary,
  catalogue,
}: ChangesHandlerOptions): ChangesHandler {
  const headers: AnswerHeaders = { cacheControl, vary: `Accept, ${vary}`, catalogue };
  /** Loaded with the first query, as it needs zod: many workers never get one. */
  let queries: typeof Queries | null = null;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    queries ??= await import('./query.ts');
    const [, search = ''] = (request.url ?? '').split('?', 2);
    const query = queries.parseChangesQuery(search);
    if (isRefusal(query)) {
      endWithError(response, 400, query.code, query.message);
      return;
    }
    const position = query.since === 'now' ? reader.now() : (query.since ?? beginning);
    if (position === null) return fail(response, failures.undetailed);
    const page = await reader.read({ ...query, position }).catch(() => 'unavailable' as const);
    if (typeof page === 'string') return fail(response, failures[page]);
    sendAnswer(request, response, answerOf(page.version, bodyOf(page, tokenSeconds())), undefined, headers);
  }

  return (request, response) => {
    answer(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else fail(response, failures.broken);
    });
  };
}

function fail(response: ServerResponse, { status, code, message }: Failure): void {
  endWithError(response, status, code, message, status === 503 ? retryAfter : {});
}

/** The data of a page: also that of a message in the live form. */
export function dataOf({ changes, token, hasMore }: ChangesPage, tokenSeconds: number | null): Buffer {
  const rest = `"token":"${token}","token_seconds":${tokenSeconds},"has_more":${hasMore}`;
  return Buffer.concat([Buffer.from('{"changes":['), changes, Buffer.from(`],${rest}}`)]);
}

const bodyOf = (page: ChangesPage, tokenSeconds: number | null): Buffer =>
  Buffer.concat([Buffer.from('{"data":'), dataOf(page, tokenSeconds), Buffer.from(',"error":null}')]);
