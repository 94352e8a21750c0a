// A name for each request, so that a client's log, ours and a trace can be laid side by side. Taken from the client when it
// is fit to be logged and sent back, else made.

import { randomInt } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a client may choose: nothing that could end a line or a header, and not much of it. */
const sane = /^[\w.:/+=-]{1,128}$/;

/** Of two digits to the base 36, all there are. */
const ends = Array.from({ length: 36 ** 2 }, (_, i) => digits(i, 2));

/**
 * Made ids: six random digits for the process, then six that count. V8 puts a text of twelve characters together at once; a
 * longer one is a tree of its parts, to be made flat when the header is looked at.
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
