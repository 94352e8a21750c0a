// Sends one answer, with the faults that were requested.

import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import { etagOf, htmlPage, type FeedDocument, type ResponseOptions } from './document.ts';

type Chunks = Iterable<Buffer> | AsyncIterable<Buffer>;

/** A slow body is sent in ten pieces a second, or byte by byte. */
const dripsPerSecond = 10;

/** Resolves when the answer has ended as requested, and when the client disconnects before. */
export async function deliver(
  request: IncomingMessage,
  response: ServerResponse,
  document: FeedDocument,
  options: ResponseOptions,
): Promise<void> {
  const left = new AbortController();
  response.once('close', () => left.abort());
  try {
    await answer(request, response, document, options, left.signal);
  } catch (error) {
    if (!left.signal.aborted) throw error;
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  feed: FeedDocument,
  options: ResponseOptions,
  left: AbortSignal,
): Promise<void> {
  // 1. Delay
  if (options.latencyMs !== undefined) await sleep(options.latencyMs, undefined, { signal: left });
  if (options.retryAfterSeconds !== undefined) response.setHeader('Retry-After', options.retryAfterSeconds);

  // 2. A status without a body
  if (options.status !== undefined) return void response.writeHead(options.status).end();

  // 3. 304 when the client has this document
  const document = options.body === 'html' ? htmlPage : feed;
  const etag = etagOf(document);
  if (options.etag !== false) {
    response.setHeader('ETag', etag);
    if (knows(request, etag)) return void response.writeHead(304).end();
  }

  // 4. The body: chunked, so that no Content-Length reveals a truncation
  const zipped = options.gzip === true && acceptsGzip(request);
  if (options.gzip === true) response.setHeader('Vary', 'Accept-Encoding');
  if (zipped) response.setHeader('Content-Encoding', 'gzip');
  response.writeHead(200, { 'Content-Type': document.contentType }).flushHeaders();
  const chunks = zipped ? gzipped(document.chunks()) : document.chunks();
  const bytesMax = Math.min(options.truncateAt ?? Infinity, options.stallAfter ?? Infinity);
  const isCut = await send(response, chunks, bytesMax, options.dripBytesPerSecond, left);

  // 5. The end: a stall, a reset or a normal end
  if (isCut && bytesMax === options.stallAfter) return await closed(left);
  if (isCut && options.cut === 'reset') return destroyWhenSent(response);
  response.end();
}

/** Sends at most `bytesMax` bytes; returns whether there were more. Waits while the client does not read. */
async function send(
  response: ServerResponse,
  chunks: Chunks,
  bytesMax: number,
  bytesPerSecond: number | undefined,
  left: AbortSignal,
): Promise<boolean> {
  let allowed = bytesMax;
  for await (const chunk of chunks) {
    const fits = chunk.subarray(0, Math.min(allowed, chunk.length));
    const stepBytes = bytesPerSecond === undefined ? fits.length : Math.ceil(bytesPerSecond / dripsPerSecond);
    for (let at = 0; at < fits.length; at += stepBytes) {
      const piece = fits.subarray(at, at + stepBytes);
      if (!response.write(piece)) await once(response, 'drain', { signal: left });
      if (bytesPerSecond !== undefined) {
        await sleep((piece.length / bytesPerSecond) * 1_000, undefined, { signal: left });
      }
    }
    if (fits.length < chunk.length) return true;
    allowed -= fits.length;
  }
  return false;
}

/** The reader gets the errors of both streams; when it stops early, both end. */
function gzipped(chunks: Iterable<Buffer>): Readable {
  return pipeline(Readable.from(chunks), createGzip(), () => undefined);
}

async function closed(left: AbortSignal): Promise<void> {
  if (!left.aborted) await once(left, 'abort');
}

/** Destroying at once could lose bytes that must arrive; one turn later they are in the socket. */
function destroyWhenSent(response: ServerResponse): void {
  setImmediate(() => response.socket?.destroySoon());
}

function knows(request: IncomingMessage, etag: string): boolean {
  const known = request.headers['if-none-match'] ?? '';
  return known.split(',').some((one) => one.trim() === '*' || one.trim() === etag);
}

/** `gzip` or `*`, and not with `q=0`. */
function acceptsGzip(request: IncomingMessage): boolean {
  const codings = (request.headers['accept-encoding'] ?? '').toLowerCase().split(',');
  return codings.some((coding) => /^\s*(?:gzip|\*)\s*(?:;(?!\s*q=0(?:\.0*)?\s*$)|$)/.test(coding));
}
