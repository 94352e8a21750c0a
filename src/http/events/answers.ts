// The answers of `/events` to the last queries, for the version that they were built from. Repeated queries are answered from
// here, without another scan.

import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { LRUCache } from 'lru-cache';

export interface Answer {
  /** Of the catalogue. */
  readonly version: number;
  readonly body: Buffer;
  /** Without quotes. */
  readonly tag: string;
  /** The value of `Content-Type`; absent from JSON. */
  readonly type?: string;
  /** The value of `Link`; empty when there is none. */
  readonly link: string;
  /** Milliseconds that the query took when it was answered first; null when they were not measured. */
  readonly queryMs: number | null;
  /** The body as one string, if it is short: node writes that together with the headers. */
  text: string | null;
  gzipped: Buffer | null;
}

export interface Answers {
  get(query: string): Answer | undefined;
  /** Keeps a copy if the query came before and the answer is not large. Most queries come once. */
  offer(query: string, answer: Answer): void;
  forget(): void;
}

const bytesMaxDefault = 16_000_000;
const answerBytesMax = 400_000;
/** Queries that came once, of which it is remembered. */
const offeredMax = 4096;
/** The least that an entry takes besides its bodies. */
const entryBytes = 500;

/** A compressed copy may be added, and a string to a short one. */
const sizeOf = ({ body }: Answer, query: string): number => 2 * body.length + query.length + entryBytes;

export function createAnswers(bytesMax = bytesMaxDefault): Answers {
  const cache = new LRUCache<string, Answer>({ maxSize: bytesMax, sizeCalculation: sizeOf });
  // As many as would fit into the cache: what comes again later than that would be gone before it came.
  const offered = new LRUCache<string, true>({ max: offeredMax, maxSize: bytesMax });
  return {
    get: (query) => cache.get(query),
    offer(query, answer) {
      if (answer.body.length > answerBytesMax) return;
      if (offered.has(query)) cache.set(query, { ...answer, body: Buffer.from(answer.body) });
      else offered.set(query, true, { size: sizeOf(answer, query) });
    },
    forget: () => cache.clear(),
  };
}

const tagLength = 22;

/** `identity`: what determines the body, to be hashed in place of it. */
export const answerOf = (
  version: number,
  body: Buffer,
  link = '',
  identity: string | Buffer = body,
  queryMs: number | null = null,
): Answer => ({
  version,
  body,
  tag: hash('sha256', identity, 'base64url').slice(0, tagLength),
  link,
  queryMs,
  text: null,
  gzipped: null,
});

const level = 2;
const windowBits = 14;

export function gzippedOf(answer: Answer): Buffer {
  answer.gzipped ??= gzipSync(answer.body, { level, windowBits });
  return answer.gzipped;
}
