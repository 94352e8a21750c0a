// Every answer of the API that is no result has one shape: `{"data":null,"error":{"code","message"}}`.

import type { ServerResponse } from 'node:http';

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
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

const busyBody = envelopeOf('busy', 'Too many requests at present; try again in a second.');
const busyHeaders = [
  'Content-Type',
  jsonType,
  'Content-Length',
  String(Buffer.byteLength(busyBody)),
  'Retry-After',
  '1',
];

/** At as little cost as may be: whoever is refused asks again. */
export function refuseBusy(response: ServerResponse): void {
  response.writeHead(503, busyHeaders);
  response.end(response.req.method === 'HEAD' ? undefined : busyBody);
}
