// What a feed route has to offer, before anything happens to it on the way.

import { createHash } from 'node:crypto';
import type { Misbehaviour } from './misbehaviour.ts';

export interface FeedDocument {
  readonly contentType: string;
  /** The same text for the same bytes; becomes the ETag. */
  readonly identity: string;
  readonly chunks: () => Iterable<Buffer>;
}

/** How a client asked for the document, and what is to go wrong with it. */
export interface ResponseOptions extends Misbehaviour {
  /** Compress, if the request accepts it; false unless told. */
  readonly gzip?: boolean;
  /** Send an ETag and honour If-None-Match; true unless told. */
  readonly etag?: boolean;
}

export const xmlType = 'application/xml; charset=utf-8';

const sorry = Buffer.from(
  '<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\n' +
    '<body><h1>502 Bad Gateway</h1><hr>The box office is closed for a moment.<br></body></html>\n',
);

/** What a proxy in front of a broken provider likes to answer, with status 200. */
export const htmlPage: FeedDocument = {
  contentType: 'text/html; charset=utf-8',
  identity: 'html',
  chunks: () => [sorry],
};

/** A weak ETag, since the gzip and the plain bytes share it. */
export function etagOf(document: FeedDocument): string {
  return `W/"${createHash('sha256').update(document.identity).digest('hex').slice(0, 32)}"`;
}
