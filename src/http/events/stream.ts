// Sends all events of a query as lines of JSON. The next part is rendered when the client has taken the last one, so a slow reader
// costs the memory of a few parts, and the version that it reads.

import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Edition } from '#/search/events/edition.ts';
import { eventLines } from '#/search/events/lines.ts';
import type { ListQuery } from '#/search/events/query.ts';
import { catalogueHeader } from '#/http/catalogue-header.ts';
import { typedHeader } from '#/http/protocol/security-headers.ts';
import { linesType } from './accept.ts';
import type { AnswerHeaders } from './send.ts';

const level = 2;

export function beginLines(
  response: ServerResponse,
  edition: Edition,
  isGzipped: boolean,
  { cacheControl, vary, catalogue }: AnswerHeaders,
): void {
  response.writeHead(200, {
    'Content-Type': linesType,
    'Cache-Control': cacheControl,
    Vary: vary,
    [catalogueHeader]: catalogue.valueOf(edition),
    ...typedHeader,
    ...(isGzipped ? { 'Content-Encoding': 'gzip' } : {}),
  });
}

/** Resolves when the client has received everything, or has left. Never rejects. The headers must be written. */
export async function sendLines(
  response: ServerResponse,
  edition: Edition,
  query: ListQuery,
  isGzipped: boolean,
): Promise<void> {
  const lines = Readable.from(eventLines(edition, query), { highWaterMark: 1 });
  const sent = isGzipped ? pipeline(lines, createGzip({ level }), response) : pipeline(lines, response);
  // The client has gone, or was cut off because it read nothing for too long.
  await sent.catch(() => undefined);
}
