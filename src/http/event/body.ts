// Reads the body of a request as JSON, within a limit.

import type { IncomingMessage } from 'node:http';
import { refuse, shown } from '#/domain/refusal.ts';
import type { Failure } from '#/http/events/failures.ts';

export const bodyBytesMax = 65_536;

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
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))) };
  } catch {
    return {
      status: 400,
      refusal: refuse('body_invalid', 'The body is not JSON in UTF-8, expected {"ids":["…"]}.'),
    };
  }
}

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
