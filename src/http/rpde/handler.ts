// GET /rpde/events: the catalogue as a feed of OpenActive's Realtime Paged Data Exchange, ordered by change number.
// Source: OpenActive, "Realtime Paged Data Exchange 1.0"; for Cache-Control, its rpde-validator.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { isRefusal, refuse } from '#/domain/refusal.ts';
import type { LatestReader } from '#/domain/journaled.ts';
import { answerOf } from '#/http/events/answers.ts';
import { sendAnswer, type AnswerHeaders } from '#/http/events/send.ts';
import type { Failure } from '#/http/events/failures.ts';
import { archiveAway, noDetails } from '#/http/event/failures.ts';
import { endWithError } from '#/http/envelope.ts';
import { inSlices } from '#/search/changes/sliced.ts';
import { editionOf } from '#/search/events/edition.ts';
import { itemsDefault, itemsOf, nextAfter } from '#/search/rpde/page.ts';
import type { View } from '#/search/view.ts';
import { baseUrlOf } from './base-url.ts';
import type * as Queries from './query.ts';

export type RpdeHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface RpdeOptions extends AnswerHeaders {
  readonly current: () => View;
  readonly reader: LatestReader;
  /** What `next` begins with; null: what the request was sent to. */
  readonly publicUrl: string | null;
  /** The URL of the licence of the data; null: the pages name none. */
  readonly license: string | null;
}

const path = '/rpde/events';
/** Of a page that leads to another one, and of the last page. */
const ages = { page: 3600, last: 8 };
const retryAfter = { 'Retry-After': '5' };

const otherArchive: Failure = {
  status: 410,
  refusal: refuse(
    'resync_required',
    'The change numbers of this URL are those of another archive; begin again at /rpde/events, and replace your copy.',
  ),
};
const broken: Failure = { status: 500, refusal: refuse('internal', 'The changes could not be read.') };

export function createRpdeHandler(options: RpdeOptions): RpdeHandler {
  const { current, reader, publicUrl, license, cacheControl } = options;
  /** With a credential, or by the operator's wish, answers are not for shared caches. */
  const visibility = /private|no-store/.test(cacheControl) ? 'private' : 'public';
  let queries: typeof Queries | null = null;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    queries ??= await import('./query.ts');
    const url = request.url ?? '/';
    const query = queries.parseRpdeQuery(url.split('?', 2)[1] ?? '');
    if (isRefusal(query)) return fail(response, { status: 400, refusal: query });
    // 1. Everything on the page is of one version of the catalogue
    const edition = editionOf(current());
    if (edition === null) return fail(response, noDetails);
    const archive = edition.published?.archive.toString(16).padStart(8, '0') ?? null;
    if (query.archive !== undefined && archive !== null && query.archive !== archive)
      return fail(response, otherArchive);
    const { afterChangeNumber: after = 0, limit } = query;
    const upTo = edition.published?.seq ?? 0;
    // 2. Read which events changed; a worker that is behind the client has nothing for it
    const asked = {
      archive: edition.published?.archive ?? null,
      after,
      upTo,
      limit: limit ?? itemsDefault,
    };
    const nothing = { events: [], looked: null };
    const slice = after >= upTo ? nothing : await reader.latest(asked).catch(() => null);
    if (slice === null) return fail(response, archiveAway);
    const items = await inSlices(itemsOf(slice, edition));
    // 3. Without any, it is the last page, which leads to itself
    const next = nextAfter(slice);
    const to = next === null ? url : `${path}?${searchOf({ ...query, afterChangeNumber: next }, archive)}`;
    const page = {
      next: baseUrlOf(request, publicUrl) + to,
      items: [],
      ...(license !== null && { license }),
    };
    const [head = '', tail = ''] = JSON.stringify(page).split('"items":[]');
    const body = Buffer.from(`${head}"items":[${items.join(',')}]${tail}`);
    const age = next === null ? ages.last : ages.page;
    const headers = { ...options, cacheControl: `${visibility}, max-age=${age}` };
    sendAnswer(request, response, answerOf(edition.version, body), undefined, headers);
  }

  return (request, response) => {
    answer(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else fail(response, broken);
    });
  };
}

function searchOf({ afterChangeNumber, limit }: Queries.RpdeQuery, archive: string | null): string {
  const given = {
    afterChangeNumber,
    ...(archive !== null && { archive }),
    ...(limit !== undefined && { limit }),
  };
  return Object.entries(given)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function fail(response: ServerResponse, { status, refusal: { code, message } }: Failure): void {
  endWithError(response, status, code, message, status === 503 ? retryAfter : {});
}
