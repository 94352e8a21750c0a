// The error envelope, the body of every error answer: `{"data":null,"error":{"code","message"}}`.

import type { ServerResponse } from 'node:http';
import { noteRefused } from '#/kit/refused.ts';
import { asNamed, typed, typedHeader } from './protocol/security-headers.ts';

export const jsonType = 'application/json; charset=utf-8';

/** An answer of at most this size is written in one piece with its headers. */
export const onePieceMax = 16_384;
/** Below this size, gzip costs more than it saves. */
export const gzipMin = 1024;

export const envelopeOf = (code: string, message: string): string =>
  JSON.stringify({ data: null, error: { code, message } });

/** Ends a response with the envelope. `headers` are added, for example `Allow`. */
export function endWithError(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  const body = envelopeOf(code, message);
  response.writeHead(status, {
    'Content-Type': jsonType,
    'Content-Length': Buffer.byteLength(body),
    ...typedHeader,
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

export function refuseMethod(
  response: ServerResponse,
  method: string | undefined,
  methods: readonly string[] = ['GET', 'HEAD'],
): void {
  const message = `Got ${method}, expected ${methods.join(' or ')}.`;
  endWithError(response, 405, 'method_not_allowed', message, { Allow: methods.join(', ') });
}

/** Answers an If-Match that does not name `tag`, the current ETag. */
export function refusePrecondition(response: ServerResponse, tag: string, vary: string): void {
  const message = `Got an If-Match that does not name the current ETag, expected ${tag}.`;
  endWithError(response, 412, 'precondition_failed', message, { ETag: tag, Vary: vary });
}

const busyBody = envelopeOf('busy', 'Too many requests; try again in a second.');
const busyHeaders = [
  'Content-Type',
  jsonType,
  'Content-Length',
  String(Buffer.byteLength(busyBody)),
  'Retry-After',
  '1',
  typed,
  asNamed,
];

/** Answers 503 at the least possible cost: the client will try again. */
export function refuseBusy(response: ServerResponse): void {
  noteRefused(response);
  response.writeHead(503, busyHeaders);
  response.end(response.req.method === 'HEAD' ? undefined : busyBody);
}
