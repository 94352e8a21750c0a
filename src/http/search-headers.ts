// The headers of search answers, as the flat lists that node writes fastest.

import type { View } from '#/search/view.ts';
import { catalogueHeader, type CatalogueHeader } from './catalogue-header.ts';
import { jsonType } from './envelope.ts';
import { ignoredHeader, type Ignored } from './ignored.ts';
import { asNamed, typed } from './protocol/security-headers.ts';

export interface SearchHeadersOptions {
  /** The value of `Cache-Control`. */
  readonly cacheControl: string;
  /** The value of `Vary`. */
  readonly vary: string;
  readonly catalogue: Pick<CatalogueHeader, 'valueOf'>;
  readonly ignored: Pick<Ignored, 'header'>;
}

export interface SearchHeaders {
  /** Of 200. `tag` with its quotes; `id` is that of the request. */
  ofEvents(view: View, tag: string, id: string | undefined, bytes: string, isGzipped: boolean): string[];
  /** Of 304. */
  ofSame(view: View, tag: string, id: string | undefined): string[];
}

export function createSearchHeaders({
  cacheControl,
  vary,
  catalogue,
  ignored,
}: SearchHeadersOptions): SearchHeaders {
  function withIgnored(headers: string[]): string[] {
    const { header } = ignored;
    if (header !== null) headers.push(ignoredHeader, header);
    return headers;
  }

  return {
    ofEvents(view, tag, id, bytes, isGzipped) {
      // prettier-ignore
      const headers = withId([
        'Content-Type', jsonType, 'Content-Length', bytes, 'ETag', tag, 'Cache-Control', cacheControl,
        'Vary', vary, catalogueHeader, catalogue.valueOf(view), typed, asNamed, 'X-Request-Id', id ?? '',
      ], id);
      if (isGzipped) headers.push('Content-Encoding', 'gzip');
      return withIgnored(headers);
    },
    // prettier-ignore
    ofSame: (view, tag, id) => withIgnored(withId([
      'ETag', tag, 'Cache-Control', cacheControl, 'Vary', vary, catalogueHeader, catalogue.valueOf(view),
      typed, asNamed, 'X-Request-Id', id ?? '',
    ], id)),
  };
}

/** The lists end with the id, and it is removed if there is none: adding it later would copy the list. */
function withId(headers: string[], id: string | undefined): string[] {
  if (id === undefined) {
    headers.pop();
    headers.pop();
  }
  return headers;
}
