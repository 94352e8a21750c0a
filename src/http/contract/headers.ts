// The headers of answers, each described once. Those of HTTP itself (Date, Connection, Content-Type, Content-Length) are left out.

import * as z from 'zod';
import { catalogueHeader } from '#/http/catalogue-header.ts';
import { ignoredHeader } from '#/http/ignored.ts';

/** Of answers that list it, a header is either always there or, `optional`, sometimes. */
const always = (name: string, description: string, example: string, form = /^.+$/) =>
  z
    .string()
    .regex(form)
    .meta({ description, example, header: { id: name } });
const sometimes = (name: string, description: string, example: string, form = /^.+$/) =>
  z
    .string()
    .regex(form)
    .optional()
    .meta({ description, example, header: { id: name } });

export const headers = {
  ETag: always(
    'ETag',
    'The tag of the body: send it back as `If-None-Match`. That of events is strong, the same on every worker and host, and depends on the selected events only; a gzipped answer has a tag of its own, which ends in `-gz`.',
    '"4-AbCdEfGhIjKlMnOp"',
    /^(W\/)?"[\x21\x23-\x7e]+"$/,
  ),
  'Cache-Control': always(
    'Cache-Control',
    'How caches may use the answer; set by `CACHE_CONTROL`.',
    'public, max-age=0, must-revalidate',
  ),
  Vary: sometimes(
    'Vary',
    'The request headers that the answer depends on. With a list in `CORS_ORIGINS` it includes `Origin`.',
    'Accept-Encoding',
  ),
  'Content-Encoding': sometimes('Content-Encoding', 'Present when the answer is gzipped.', 'gzip', /^gzip$/),
  Link: sometimes(
    'Link',
    'Other pages, as relative references of RFC 8288: `first`, `prev`, `next` and `last`, as far as there are any.',
    '</events?limit=50>; rel="first"',
    /^<\/events\?[^<>]*>; rel="\w+"(, <\/events\?[^<>]*>; rel="\w+")*$/,
  ),
  [catalogueHeader]: always(
    catalogueHeader,
    'How current the data is, as a dictionary of RFC 9651: the version of the catalogue that the answer is from, the seconds since the snapshot store last confirmed which version is the current one, whether that store is out of reach (`stale=?1`), and `pinned` while an operator pins the version.',
    'version=42, age=1, stale=?0',
    /^version=\d+(, age=\d+)?, stale=\?[01](, pinned)?$/,
  ),
  [ignoredHeader]: sometimes(
    ignoredHeader,
    'The names of parameters that were ignored, as they were sent, separated by commas; `...` stands for what is left out. Absent when all are known.',
    'page, utm_source',
    /^[\w.~%[\]-]+(, [\w.~%[\]-]+)*$/,
  ),
  'Server-Timing': sometimes(
    'Server-Timing',
    'The milliseconds that the query took when it was answered first. Repeated queries are answered from memory.',
    'query;dur=0.4',
    /^query;dur=\d+\.\d$/,
  ),
  'X-Accel-Buffering': always(
    'X-Accel-Buffering',
    'Asks a proxy such as nginx to pass each message on at once.',
    'no',
    /^no$/,
  ),
  'X-Request-Id': sometimes(
    'X-Request-Id',
    'The id of the request in the logs: the client’s own if it has at most 128 letters, digits and any of `_ . : / + = -`.',
    'k3v9x2000001',
  ),
  'Retry-After': always('Retry-After', 'Seconds to wait at least; add jitter.', '1', /^\d+$/),
  'RateLimit-Policy': sometimes(
    'RateLimit-Policy',
    'Where clients are limited: tokens (`q`) per window of seconds (`w`). A request costs a token for each 16 KB of its answer that it begins.',
    '"client";q=600;w=60',
    /^"client";q=\d+;w=\d+$/,
  ),
  RateLimit: sometimes(
    'RateLimit',
    'Where clients are limited: the tokens that are left (`r`), and the seconds until the window ends (`t`).',
    '"client";r=512;t=12',
    /^"client";r=\d+;t=\d+$/,
  ),
  'WWW-Authenticate': always(
    'WWW-Authenticate',
    'How to authenticate, and what was wrong, by RFC 6750.',
    'Bearer realm="marquee", error="invalid_token"',
    /^Bearer realm="marquee"(, \w+="[^"]*")*$/,
  ),
  Allow: always('Allow', 'The methods of the path.', 'GET, HEAD'),
  'Last-Modified': always('Last-Modified', 'When the file changed.', 'Sat, 01 Aug 2026 00:00:00 GMT'),
  'X-Content-Type-Options': always(
    'X-Content-Type-Options',
    'The type is the one that `Content-Type` names; a browser must not guess another.',
    'nosniff',
    /^nosniff$/,
  ),
  'Strict-Transport-Security': sometimes(
    'Strict-Transport-Security',
    'Present over TLS: a browser must not come without TLS.',
    'max-age=31536000',
  ),
  'Content-Security-Policy': always(
    'Content-Security-Policy',
    'What the page may load and run: files of this origin, and no script in its own text.',
    "default-src 'none';script-src 'self'",
  ),
  'Referrer-Policy': always('Referrer-Policy', 'Links send no referrer.', 'no-referrer'),
  'Cross-Origin-Opener-Policy': always(
    'Cross-Origin-Opener-Policy',
    'Pages of other origins have no access to the window.',
    'same-origin',
  ),
  'Cross-Origin-Resource-Policy': always(
    'Cross-Origin-Resource-Policy',
    'Pages of other origins cannot embed it.',
    'same-origin',
  ),
  'Access-Control-Allow-Origin': sometimes(
    'Access-Control-Allow-Origin',
    'Present when `CORS_ORIGINS` allows the origin of the request.',
    'https://shop.example',
  ),
  'Access-Control-Expose-Headers': sometimes(
    'Access-Control-Expose-Headers',
    'The headers that a page of another origin may read.',
    'ETag, Retry-After',
  ),
} as const;

export type HeaderName = keyof typeof headers;

/** What any answer may have. */
export const commonHeaders = [
  'X-Content-Type-Options',
  'Strict-Transport-Security',
  'X-Request-Id',
  'Vary',
  'RateLimit-Policy',
  'RateLimit',
  'Access-Control-Allow-Origin',
  'Access-Control-Expose-Headers',
] as const satisfies readonly HeaderName[];

/** What a page and its files have. */
export const pageHeaderNames = [
  'Content-Security-Policy',
  'Referrer-Policy',
  'Cross-Origin-Resource-Policy',
] as const satisfies readonly HeaderName[];

/** What an error has in addition, by its status. */
export const errorHeaders: Readonly<Record<number, readonly HeaderName[]>> = {
  401: ['WWW-Authenticate'],
  403: ['WWW-Authenticate'],
  405: ['Allow'],
  429: ['Retry-After'],
  412: ['ETag'],
  503: ['Retry-After'],
};
