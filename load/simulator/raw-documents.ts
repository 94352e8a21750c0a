// Documents that a test stores, to be served unchanged, well-formed or not.

import { createHash } from 'node:crypto';
import { xmlType, type FeedDocument } from './document.ts';
import { Refused } from './refused.ts';

export const documentBytesMax = 64 * 1024 * 1024;
const documentsMax = 100;

export interface RawDocuments {
  /** Replaces an earlier document of this name. Throws Refused: 400 for the name, 413 for the size or the number. */
  put(name: string, body: string | Buffer, contentType?: string): void;
  /** Throws Refused (404) for an unknown name. */
  get(name: string): FeedDocument;
}

export function createRawDocuments(): RawDocuments {
  const documents = new Map<string, FeedDocument>();

  function put(name: string, body: string | Buffer, contentType = xmlType): void {
    const bytes = Buffer.from(body);
    if (!/^[\w.-]{1,64}$/.test(name)) {
      throw new Refused(
        400,
        `Got name ${JSON.stringify(name.slice(0, 80))}, expected at most 64 letters, digits, dots, underscores or hyphens`,
      );
    }
    if (bytes.length > documentBytesMax) {
      throw new Refused(413, `Got ${bytes.length} bytes, expected at most ${documentBytesMax}.`);
    }
    if (documents.size >= documentsMax && !documents.has(name)) {
      throw new Refused(413, `Got one document more than the ${documentsMax} that are kept.`);
    }
    const identity = `raw ${contentType} ${createHash('sha256').update(bytes).digest('hex')}`;
    documents.set(name, { contentType, identity, chunks: () => [bytes] });
  }

  function get(name: string): FeedDocument {
    const document = documents.get(name);
    if (document === undefined)
      throw new Refused(404, `Got /raw/${name}, expected a name that was put there.`);
    return document;
  }

  return { put, get };
}
