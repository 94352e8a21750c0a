// Decodes what OTLP exporters send, in both encodings.

import { readFile } from 'node:fs/promises';
import protobuf from 'protobufjs';

const { root } = protobuf.parse(await readFile(new URL('otlp.proto', import.meta.url), 'utf8'));

const messages = { '/v1/traces': 'Traces', '/v1/metrics': 'Metrics', '/v1/logs': 'Logs' } as const;

export type OtlpPath = keyof typeof messages;

export const isOtlpPath = (path: string): path is OtlpPath => path in messages;

/** The body as its JSON encoding has it. Throws for anything that is not valid in the named encoding. */
export function decodeOtlp(path: OtlpPath, contentType: string, body: Buffer): unknown {
  if (contentType === 'application/json') return JSON.parse(body.toString());
  if (contentType !== 'application/x-protobuf')
    throw new Error(`Got the content type ${contentType}, expected one of OTLP.`);
  const type = root.lookupType(messages[path]);
  const decoded = type.toObject(type.decode(body), { longs: String, bytes: Buffer, arrays: true });
  return withHex(decoded);
}

/** Ids are hexadecimal in JSON. */
function withHex(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (Array.isArray(value)) return value.map(withHex);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, withHex(own)]));
}
