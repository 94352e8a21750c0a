// The answers of `/events` to the last queries, for the version that they were built from. Repeated queries are answered from
// here, without another scan.

import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { LRUCache } from 'lru-cache';

export interface Answer {
  readonly body: Buffer;
  /** Without quotes: a hash of the body. */
  readonly tag: string;
  /** The value of `Link`; empty when there is none. */
  readonly link: string;
  /** The body as one string, once the answer is asked for again, if it is short: node writes that together with the headers. */
  text: string | null;
  gzipped: Buffer | null;
  asked: number;
}

export interface Answers {
  get(query: string): Answer | undefined;
  /** Keeps it unless it is large. */
  put(query: string, answer: Answer): void;
  forget(): void;
}

const bytesMax = 8_000_000;
const answerBytesMax = 400_000;
/** The least that an entry takes besides its bodies. */
const entryBytes = 500;

export function createAnswers(): Answers {
  const cache = new LRUCache<string, Answer>({
    maxSize: bytesMax,
    // A string and a compressed copy may be added later.
    sizeCalculation: ({ body }, query) => 3 * body.length + query.length + entryBytes,
  });
  return {
    get: (query) => cache.get(query),
    put(query, answer) {
      if (answer.body.length <= answerBytesMax) cache.set(query, answer);
    },
    forget: () => cache.clear(),
  };
}

const tagLength = 22;

export const answerOf = (body: Buffer, link = ''): Answer => ({
  body,
  tag: hash('sha256', body, 'base64url').slice(0, tagLength),
  link,
  text: null,
  gzipped: null,
  asked: 0,
});

const level = 2;
const windowBits = 14;

export function gzippedOf(answer: Answer): Buffer {
  answer.gzipped ??= gzipSync(answer.body, { level, windowBits });
  return answer.gzipped;
}
