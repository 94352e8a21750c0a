// Reads the body of a request as JSON, within a limit.

import type { IncomingMessage } from 'node:http';
import { refuse, shown } from '#/domain/refusal.ts';
import type { Failure } from '#/http/events/failures.ts';

export const bodyBytesMax = 65_536;
/** Deeper than any body that an operation takes. Whatever walks a value by recursion is safe within it. */
const depthMax = 8;

/** The value, or why it cannot be read. The time that it may take is that of the server for any request. */
export async function readJson(request: IncomingMessage): Promise<{ readonly value: unknown } | Failure> {
  const {
    'content-type': type = '',
    'content-encoding': encoding = 'identity',
    'content-length': length,
  } = request.headers;
  if (!/^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(type)) return otherType(type);
  if (encoding.toLowerCase() !== 'identity') return otherType(`${type}, encoded as ${encoding}`);
  if (Number(length ?? 0) > bodyBytesMax) return tooLarge(`${length}`);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) return tooLarge(`${bytes} or more`);
    chunks.push(chunk);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
    return isDeep(text) ? tooDeep : { value: JSON.parse(text) };
  } catch {
    return {
      status: 400,
      refusal: refuse('body_invalid', 'The body is not JSON in UTF-8, expected {"ids":["…"]}.'),
    };
  }
}

/** By brackets outside of strings, before anything is built. What is not JSON is left to the parser. */
function isDeep(json: string): boolean {
  let [depth, inString] = [0, false];
  for (let at = 0; at < json.length; at++) {
    const one = json[at];
    if (one === '"') inString = !inString;
    else if (inString) at += one === '\\' ? 1 : 0;
    else if (one === '[' || one === '{') depth++;
    else if (one === ']' || one === '}') depth--;
    if (depth > depthMax) return true;
  }
  return false;
}

const tooDeep: Failure = {
  status: 400,
  refusal: refuse(
    'body_invalid',
    `Got a body nested deeper than ${depthMax} levels, expected {"ids":["…"]}.`,
  ),
};

const otherType = (type: string): Failure => ({
  status: 415,
  refusal: refuse(
    'media_type_unsupported',
    `Got a body of the type ${shown(type)}, expected application/json.`,
  ),
});

const tooLarge = (bytes: string): Failure => ({
  status: 413,
  refusal: refuse('body_too_large', `Got a body of ${bytes} bytes, expected at most ${bodyBytesMax}.`),
});
