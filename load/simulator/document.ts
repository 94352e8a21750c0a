// The document of a feed route, before any faults are applied.

import { createHash } from 'node:crypto';
import type { Misbehaviour } from './misbehaviour.ts';

export interface FeedDocument {
  readonly contentType: string;
  /** The same text for the same bytes; the ETag is its hash. */
  readonly identity: string;
  readonly chunks: () => Iterable<Buffer>;
}

/** How to send a document, with its faults. */
export interface ResponseOptions extends Misbehaviour {
  /** Compress, if the request accepts it; false by default. */
  readonly gzip?: boolean;
  /** Send an ETag and honour If-None-Match; true by default. */
  readonly etag?: boolean;
}

export const xmlType = 'application/xml; charset=utf-8';

const sorry = Buffer.from(
  '<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\n' +
    '<body><h1>502 Bad Gateway</h1><hr>The box office is closed for a moment.<br></body></html>\n',
);

/** What a proxy in front of a broken provider may answer, with status 200. */
export const htmlPage: FeedDocument = {
  contentType: 'text/html; charset=utf-8',
  identity: 'html',
  chunks: () => [sorry],
};

/** A weak ETag, since the gzip and the plain bytes share it. */
export function etagOf(document: FeedDocument): string {
  return `W/"${createHash('sha256').update(document.identity).digest('hex').slice(0, 32)}"`;
}
