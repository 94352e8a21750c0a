// A name for each request, so that a client's log, ours and a trace can be laid side by side. Taken from the client when it
// is fit to be logged and sent back, else made.

import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a client may choose: nothing that could end a line or a header, and not much of it. */
const sane = /^[\w.:/+=-]{1,128}$/;

/** Made ids: a random beginning for the process, then a number. */
export function createIdentify(): (given: string | string[] | undefined) => string {
  const beginning = `${randomBytes(6).toString('hex')}-`;
  let last = 0;
  return (given) => {
    if (typeof given === 'string' && sane.test(given)) return given;
    return beginning + String(++last);
  };
}

/**
 * Hears of each request with its id; undefined where nobody gives one. It travels as an argument: as a property of the response,
 * all code of node that touches responses would meet two shapes of them.
 */
export type NamedListener = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string | undefined,
) => void;

/** For a response whose head is written by somebody who knows nothing of the id. */
export function nameResponse(response: ServerResponse, requestId: string | undefined): void {
  if (requestId !== undefined) response.setHeader('X-Request-Id', requestId);
}
