// The answers of `/events` to the last queries, for the version that they were built from. Repeated queries are answered from
// here, without another scan.

import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import { hashOfText } from '#/kit/text-hash.ts';

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
/** The least that an entry takes besides its bodies. */
const entryBytes = 500;
/** Hashes of queries that came once, of which it is remembered; a power of two. */
const offeredMax = 4096;

/** A compressed copy may be added, and a string to a short one. */
const sizeOf = ({ body }: Answer, query: string): number => 2 * body.length + query.length + entryBytes;

export function createAnswers(bytesMax = bytesMaxDefault): Answers {
  const cache = new LRUCache<string, Answer>({ maxSize: bytesMax, sizeCalculation: sizeOf });
  // One place for each hash. Two queries with the same one only cost a copy.
  const hashes = new Float64Array(offeredMax).fill(-1);
  /** The bytes that had been offered before. */
  const offeredAt = new Float64Array(offeredMax);
  /** 1 where a query with such a hash may be kept: to look for a new text in the cache takes 1 to 2 % of a request. */
  const mayBeKept = new Uint8Array(offeredMax);
  let offered = 0;
  /** A query that is not found is offered a moment later. */
  let asked = { query: '', hash: hashOfText('') };

  /** `own`: the hash of a query. Whether no more came since than would fit into the cache: what comes again later would be gone before it came. */
  function cameBefore(own: number, size: number): boolean {
    const place = own & (offeredMax - 1);
    const came = hashes[place] === own && offered + size - (offeredAt[place] as number) <= bytesMax;
    hashes[place] = own;
    offeredAt[place] = offered;
    offered += size;
    return came;
  }

  return {
    get(query) {
      asked = { query, hash: hashOfText(query) };
      return mayBeKept[asked.hash & (offeredMax - 1)] === 1 ? cache.get(query) : undefined;
    },
    offer(query, answer) {
      if (answer.body.length > answerBytesMax) return;
      const own = query === asked.query ? asked.hash : hashOfText(query);
      if (!cameBefore(own, sizeOf(answer, query))) return;
      mayBeKept[own & (offeredMax - 1)] = 1;
      cache.set(query, { ...answer, body: Buffer.from(answer.body) });
    },
    forget() {
      cache.clear();
      mayBeKept.fill(0);
    },
  };
}

/** An answer of JSON. `tag`: without quotes. */
export const taggedAnswer = (
  version: number,
  body: Buffer,
  tag: string,
  link = '',
  queryMs: number | null = null,
): Answer => ({
  version,
  body,
  tag,
  link,
  queryMs,
  text: null,
  gzipped: null,
});

const tagLength = 22;

/** `identity`: what determines the body, to be hashed in place of it. */
export const answerOf = (version: number, body: Buffer, identity: string | Buffer = body): Answer =>
  taggedAnswer(version, body, hash('sha256', identity, 'base64url').slice(0, tagLength));

const level = 2;
const windowBits = 14;

export function gzippedOf(answer: Answer): Buffer {
  answer.gzipped ??= gzipSync(answer.body, { level, windowBits });
  return answer.gzipped;
}
