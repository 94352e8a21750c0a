// The id of each request, which connects the client's log, the access log and a trace. The client's own id is used if it is safe
// to log and to send back; otherwise one is generated.

import { randomInt } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** An id that a client may choose: short, without characters that could end a line or a header. */
const sane = /^[\w.:/+=-]{1,128}$/;

/** All numbers of two digits in base 36. */
const ends = Array.from({ length: 36 ** 2 }, (_, i) => digits(i, 2));

/**
 * Generated ids have six random digits for the process, then six of a counter. V8 concatenates strings of up to twelve characters
 * at once; a longer one would be a rope, which must be flattened when the header is written.
 */
export function createIdentify(): (given: string | string[] | undefined) => string {
  const beginning = digits(randomInt(36 ** 6), 6);
  let next = ends.length;
  let rounds = 0;
  let middle = '';
  return (given) => {
    if (typeof given === 'string' && sane.test(given)) return given;
    if (next === ends.length) {
      next = 0;
      middle = beginning + digits(rounds++ % 36 ** 4, 4);
    }
    return middle + (ends[next++] as string);
  };
}

function digits(n: number, length: number): string {
  return n.toString(36).padStart(length, '0');
}

/**
 * Receives each request with its id; undefined if ids are not assigned. The id is an argument: as a property of the response, it
 * would give responses a second hidden class, which slows down node's code that uses them.
 */
export type NamedListener = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string | undefined,
) => void;

/** Adds the id to a response whose headers are written by code that does not know it. */
export function nameResponse(response: ServerResponse, requestId: string | undefined): void {
  if (requestId !== undefined) response.setHeader('X-Request-Id', requestId);
}
