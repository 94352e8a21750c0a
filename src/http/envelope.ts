// Every answer of the API that is no result has one shape: `{"data":null,"error":{"code","message"}}`.

import type { ServerResponse } from 'node:http';
import { requestIdField } from '#/telemetry/request-id.ts';

export const jsonType = 'application/json; charset=utf-8';

export const envelopeOf = (code: string, message: string): string =>
  JSON.stringify({ data: null, error: { code, message } });

/** Ends a response with the envelope. `headers` come on top, `Allow` for instance. */
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
    ...requestIdField(response),
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
