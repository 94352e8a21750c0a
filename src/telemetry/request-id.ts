// A name for each request, so that a client's log, ours and a trace can be laid side by side. Taken from the client when it
// is fit to be logged and sent back, else made.

import { randomBytes } from 'node:crypto';

/** What a client may choose: nothing that could end a line or a header, and not much of it. */
const sane = /^[\w.:/+=-]{1,128}$/;

/** Made ids: a random beginning for the process, then a number. */
export function createIdentify(): (given: string | string[] | undefined) => string {
  const beginning = `${randomBytes(6).toString('hex')}-`;
  let last = 0;
  return (given) => {
    if (typeof given === 'string' && sane.test(given)) return given;
    return beginning + (++last).toString(36);
  };
}

/** A response with the id of its request, for whoever writes its head. */
interface Named {
  requestId?: string;
}

export function nameRequest(response: object, id: string): void {
  (response as Named).requestId = id;
}

/** Undefined where nobody named it. */
export const requestIdOf = (response: object): string | undefined => (response as Named).requestId;

/** The same raw list of headers, with the id of the request behind them; as it was where nobody named it. */
export function withRequestId(response: object, headers: string[]): string[] {
  const requestId = requestIdOf(response);
  if (requestId !== undefined) headers.push('X-Request-Id', requestId);
  return headers;
}

/** The id as a header, for an object of them. */
export function requestIdField(response: object): Readonly<Record<string, string>> {
  const requestId = requestIdOf(response);
  return requestId === undefined ? {} : { 'X-Request-Id': requestId };
}
