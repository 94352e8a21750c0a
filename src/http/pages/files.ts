// Sends the pages for people and their files. They are small: each is read and compressed once, at its first request, and kept.

import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { namesTag, takesGzip } from '#/http/negotiation.ts';
import { pageHeaders } from '#/http/protocol/security-headers.ts';

/** Sends a file by its name. False when there is no file of this name: nothing is sent. */
export type SendFile = (request: IncomingMessage, response: ServerResponse, name: string) => boolean;

/** By directory of src/pages: the names of its files. */
export type Directories = Readonly<Record<string, readonly string[]>>;

interface File {
  readonly type: string;
  readonly body: Buffer;
  readonly gzipped: Buffer;
  /** With quotes. */
  readonly tag: string;
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const pages = new URL('../../pages/', import.meta.url);
const tagLength = 22;

export function createFiles(directories: Directories): SendFile {
  const places = new Map(
    Object.entries(directories).flatMap(([directory, names]) =>
      names.map((name) => [name, new URL(`${directory}/${name}`, pages)] as const),
    ),
  );
  const known = new Map<string, File>();

  function fileOf(name: string): File | null {
    const kept = known.get(name);
    if (kept !== undefined) return kept;
    const place = places.get(name);
    if (place === undefined) return null;
    const body = readFileSync(place);
    const file = {
      type: types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
      body,
      gzipped: gzipSync(body, { level: 9 }),
      tag: `"${hash('sha256', body, 'base64url').slice(0, tagLength)}"`,
    };
    known.set(name, file);
    return file;
  }

  return (request, response, name) => {
    const file = fileOf(name);
    if (file === null) return false;
    const isGzipped = takesGzip(request.headers['accept-encoding']);
    const tag = isGzipped ? file.tag.replace(/"$/, '-gz"') : file.tag;
    response.setHeader('ETag', tag);
    // The files of a page belong together: after an update, none may come from a cache without a question.
    response.setHeader('Cache-Control', 'no-cache');
    response.appendHeader('Vary', 'Accept-Encoding');
    pageHeaders(request, response, () => undefined);
    if (namesTag(request.headers['if-none-match'], tag)) {
      response.writeHead(304).end();
      return true;
    }
    const body = isGzipped ? file.gzipped : file.body;
    response.setHeader('Content-Type', file.type);
    if (isGzipped) response.setHeader('Content-Encoding', 'gzip');
    response.setHeader('Content-Length', body.length);
    response.writeHead(200).end(request.method === 'HEAD' ? undefined : body);
    return true;
  };
}
