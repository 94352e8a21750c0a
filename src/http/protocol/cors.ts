// Cross-origin requests of browsers, by the CORS protocol of the Fetch standard. Off unless CORS_ORIGINS names origins: without
// it, no request passes through this file.

import type { ServerResponse } from 'node:http';
import { catalogueHeader } from '#/http/catalogue-header.ts';
import { ignoredHeader } from '#/http/ignored.ts';
import { nameResponse, type NamedListener } from '#/telemetry/request-id.ts';

/** `*` allows every origin; otherwise the origins as a browser sends them, such as `https://shop.example`. */
export type CorsOrigins = '*' | readonly string[];

/** The response headers that a script of another origin may read, beyond those that every script may read. */
export const exposedHeaders = [
  'ETag',
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'WWW-Authenticate',
  'Link',
  'X-Request-Id',
  catalogueHeader,
  ignoredHeader,
];
/** The request headers that a script of another origin may set. */
const requestHeaders = [
  'Accept',
  'Authorization',
  'Content-Type',
  'If-Match',
  'If-None-Match',
  'Last-Event-ID',
  'Traceparent',
  'Tracestate',
  'X-API-Key',
  'X-Request-Id',
];
/** How long a browser may remember a preflight. Chromium accepts at most two hours. */
const preflightSeconds = 7200;

/** The value of `Vary` for answers that also depend on `Accept-Encoding`. */
export const varyOf = (origins: CorsOrigins | null): string =>
  isList(origins) ? 'Accept-Encoding, Origin' : 'Accept-Encoding';

/**
 * Wraps a listener: answers get the headers that let a browser read them, and preflights are answered here. An origin that is
 * not allowed gets no such header, and its preflight is answered as any other OPTIONS. `methods`: as in `Allow`.
 */
export function withCors(origins: CorsOrigins, methods: string, listener: NamedListener): NamedListener {
  const allowed = isList(origins) ? new Set(origins) : null;
  const exposed = exposedHeaders.join(', ');
  const preflight = [
    'Access-Control-Allow-Methods',
    methods,
    'Access-Control-Allow-Headers',
    requestHeaders.join(', '),
    'Access-Control-Max-Age',
    String(preflightSeconds),
  ];
  return (request, response, requestId) => {
    const { origin } = request.headers;
    // Without it, a shared cache would give one origin the answer to another.
    if (allowed !== null) response.setHeader('Vary', 'Origin');
    const isAllowed = allowed === null || (origin !== undefined && allowed.has(origin));
    if (isAllowed) allow(response, allowed === null ? '*' : (origin as string), exposed);
    const { method, headers } = request;
    const isPreflight = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
    if (isAllowed && isPreflight && origin !== undefined) {
      nameResponse(response, requestId);
      response.writeHead(204, preflight).end();
    } else listener(request, response, requestId);
  };
}

function allow(response: ServerResponse, origin: string, exposed: string): void {
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Expose-Headers', exposed);
}

const isList = (origins: CorsOrigins | null): origins is readonly string[] =>
  origins !== null && origins !== '*';
