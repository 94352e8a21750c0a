// POST /events/lookup: many events by their ids, in one answer.

import { typedHeader } from '#/http/protocol/security-headers.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import pLimit from 'p-limit';
import { isRefusal, type Refusal } from '#/domain/refusal.ts';
import { catalogueHeader } from '#/http/catalogue-header.ts';
import { gzipMin, jsonType } from '#/http/envelope.ts';
import type { Failure } from '#/http/events/failures.ts';
import type { AnswerHeaders } from '#/http/events/send.ts';
import { takesGzip } from '#/http/negotiation.ts';
import type { Companions } from '#/search/by-id/companions.ts';
import { eventText } from '#/search/by-id/event-text.ts';
import { needsCompanion, type EventField } from '#/search/by-id/fields.ts';
import type { Found, IdIndex } from '#/search/by-id/id-index.ts';
import { editionOf } from '#/search/events/edition.ts';
import { readJson } from './body.ts';
import { noCompanion, noDetails } from './failures.ts';

export interface LookupAnswer {
  readonly version: number;
  readonly json: Buffer;
}

export interface LookupDeps {
  readonly index: IdIndex;
  readonly companions: Companions;
}

/** Events that one request reads from the store at the same time. */
const readsEach = 4;
const level = 2;
const zip = promisify(gzip);

export async function lookUp(
  request: IncomingMessage,
  search: string,
  { index, companions }: LookupDeps,
): Promise<LookupAnswer | Refusal | Failure> {
  const { parseFields, parseIds } = await import('./query.ts');
  const body = await readJson(request);
  if ('status' in body) return body;
  const fields = parseFields(search);
  if (isRefusal(fields)) return fields;
  const ids = parseIds(body.value);
  if (isRefusal(ids)) return ids;
  let view = index.view;
  while (view === null || view !== index.current()) {
    await index.move();
    ({ view } = index);
  }
  if (editionOf(view) === null) return noDetails;
  // All are found at once, so that they are of one version.
  const found = ids.map((id) => ({ id, at: index.find(id) }));
  const unknown = found.filter(({ at }) => at === null).map(({ id }) => id);
  const known = found.flatMap(({ at }) => at ?? []);
  const texts = await textsOf(known, fields, companions);
  if (texts === null) return noCompanion;
  const json = `{"data":{"events":[${texts.join(',')}],"unknown":${JSON.stringify(unknown)}},"error":null}`;
  return { version: view.version, json: Buffer.from(json) };
}

/** Null when a companion cannot be read. */
async function textsOf(
  known: readonly Found[],
  fields: readonly EventField[] | null,
  companions: Companions,
): Promise<string[] | null> {
  if (!needsCompanion(fields)) return known.map((at) => eventText(at, null, fields));
  const limit = pLimit(readsEach);
  try {
    const sighted = await limit.map(known, async (at) => companions.peek(at) ?? companions.read(at));
    return known.map((at, i) => eventText(at, sighted[i] ?? null, fields));
  } catch {
    limit.clearQueue();
    return null;
  }
}

export async function sendLookup(
  request: IncomingMessage,
  response: ServerResponse,
  { version, json }: LookupAnswer,
  { vary, catalogue }: AnswerHeaders,
): Promise<void> {
  const isGzipped = json.length >= gzipMin && takesGzip(request.headers['accept-encoding']);
  const body = isGzipped ? await zip(json, { level }) : json;
  response.writeHead(200, {
    ...typedHeader,
    'Content-Type': jsonType,
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    Vary: vary,
    [catalogueHeader]: catalogue.valueOf({ version }),
    ...(isGzipped ? { 'Content-Encoding': 'gzip' } : {}),
  });
  response.end(body);
}
