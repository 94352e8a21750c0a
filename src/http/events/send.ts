// Sends an answer of `/events`: with its ETag, compressed where the client takes that, or as a 304.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { nameResponse } from '#/telemetry/request-id.ts';
import { catalogueHeader, type CatalogueHeader } from '#/http/catalogue-header.ts';
import { gzipMin, jsonType, onePieceMax, refusePrecondition } from '#/http/envelope.ts';
import { namesStrongly, namesTag, takesGzip } from '#/http/negotiation.ts';
import { asNamed, typed } from '#/http/protocol/security-headers.ts';
import { gzippedOf, type Answer } from './answers.ts';

export interface AnswerHeaders {
  /** The value of `Cache-Control`. */
  readonly cacheControl: string;
  /** The value of `Vary`. */
  readonly vary: string;
  readonly catalogue: Pick<CatalogueHeader, 'valueOf'>;
}

const timingText = (ms: number): string => `query;dur=${ms.toFixed(1)}`;

/** The values of `Server-Timing` below 10 ms, by tenths: most queries take less. */
const timings = Array.from({ length: 100 }, (_, tenths) => timingText(tenths / 10));

const timingOf = (ms: number): string => timings[Math.round(10 * ms)] ?? timingText(ms);

export function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  requestId: string | undefined,
  { cacheControl, vary, catalogue }: AnswerHeaders,
): void {
  const { headers, method } = request;
  const isGzipped = answer.body.length >= gzipMin && takesGzip(headers['accept-encoding']);
  const tag = isGzipped ? `"${answer.tag}-gz"` : `"${answer.tag}"`;
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined && !namesStrongly(ifMatch, tag)) {
    nameResponse(response, requestId);
    refusePrecondition(response, tag, vary);
    return;
  }
  // prettier-ignore
  const common = [
    'ETag', tag, 'Cache-Control', cacheControl, 'Vary', vary, catalogueHeader, catalogue.valueOf(answer),
    typed, asNamed,
  ];
  if (answer.link !== '') common.push('Link', answer.link);
  if (answer.queryMs !== null) common.push('Server-Timing', timingOf(answer.queryMs));
  if (requestId !== undefined) common.push('X-Request-Id', requestId);
  if (namesTag(headers['if-none-match'], tag)) {
    response.writeHead(304, common);
    response.end();
    return;
  }
  const body = isGzipped ? gzippedOf(answer) : answer.body;
  common.push('Content-Type', answer.type ?? jsonType, 'Content-Length', String(body.length));
  if (isGzipped) common.push('Content-Encoding', 'gzip');
  response.writeHead(200, common);
  if (method === 'HEAD') response.end();
  else if (isGzipped || body.length > onePieceMax) response.end(body);
  else {
    answer.text ??= body.toString('latin1');
    response.end(answer.text, 'latin1');
  }
}
