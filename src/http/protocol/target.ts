// The request target, by RFC 9112, section 3.2. The absolute form, and escapes of unreserved characters, are rewritten to the
// origin form, `/path?query`, before a handler reads it. A target, Host or version that is not valid is a fault.

import type { IncomingMessage } from 'node:http';

export interface Fault {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Captures the authority, and the path with the query. */
const absolute = /^https?:\/\/([^/?#]*)(.*)$/i;
/** `uri-host [ ":" port ]`: an IP literal or a registered name, by RFC 3986, section 3.2.2. */
const authority =
  /^(?:\[[\da-f:.]+\]|\[v[\da-f]+\.[\w.~!$&'()*+,;=:-]+\]|(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})*)(?::\d*)?$/i;
/** Escapes of letters, digits, `-`, `.`, `_` and `~`: by RFC 3986, section 2.3, they are equal to the characters. */
const needless = /%(?:2[de]|3\d|4[1-9a-f]|5[\daf]|6[1-9a-f]|7[\dae])/gi;

/** Rewrites `url`, and `host` if the target names one. Keeps a target that has no origin form: `faultOf` refuses it. */
export function toOriginForm(request: IncomingMessage): void {
  let url = request.url ?? '';
  if (!url.startsWith('/')) {
    const [, host = '', rest = ''] = absolute.exec(url) ?? [];
    if (host === '' || !authority.test(host)) return;
    request.url = url = rest.startsWith('/') ? rest : `/${rest}`;
    // The target's host replaces the Host header, which must still be valid.
    if (isHost(request.headers.host)) request.headers.host = host;
  }
  const percent = url.indexOf('%');
  if (percent < 0) return;
  const query = url.indexOf('?');
  const pathEnd = query < 0 ? url.length : query;
  // Escapes of a query stay.
  if (percent > pathEnd) return;
  const path = url
    .slice(0, pathEnd)
    .replace(needless, (escape) => String.fromCharCode(parseInt(escape.slice(1), 16)));
  request.url = path + url.slice(pathEnd);
}

/** An empty Host is valid: it means this server. */
const isHost = (host: string | undefined): boolean => host !== undefined && authority.test(host);

let known = '';

/**
 * Null when the request is valid. `takesBodies`: whether any operation of the port reads a body. Duplicates of Host must have been joined (`joinDuplicateHeaders`): the comma and blank
 * between them are not valid. Most clients send the same Host, so the last valid one is remembered and only compared.
 */
export function faultOf(request: IncomingMessage, takesBodies: boolean): Fault | null {
  const { host, 'transfer-encoding': coding, 'content-length': length } = request.headers;
  const url = request.url ?? '';
  const isUsual =
    host === known && request.httpVersion === '1.1' && coding === undefined && length === undefined;
  if (isUsual && url.charCodeAt(0) === 47 && !url.includes('#')) return null;
  const fault =
    versionFault(request) ??
    hostFault(request) ??
    codingFault(request) ??
    targetFault(request, url) ??
    bodyFault(request, takesBodies);
  if (fault === null && host !== undefined) known = host;
  return fault;
}

function versionFault({ httpVersion, httpVersionMajor }: IncomingMessage): Fault | null {
  if (httpVersionMajor > 1) return versionUnsupported(httpVersion);
  return httpVersionMajor < 1 ? badRequest(`Got HTTP/${httpVersion}, expected HTTP/1.1.`) : null;
}

const withBody = new Set(['POST', 'PUT', 'PATCH']);

/**
 * No operation defines a body for other methods. A server that reads such a body differently than a proxy before it would take
 * its bytes for a request: RFC 9110, section 9.3.1, advises against it. `Content-Length: 0` means that there is none.
 */
function bodyFault({ method = '', headers }: IncomingMessage, takesBodies: boolean): Fault | null {
  const { 'transfer-encoding': coding, 'content-length': length = '0' } = headers;
  if (coding === undefined && /^0+$/.test(length)) return null;
  if (takesBodies && withBody.has(method)) return null;
  return { status: 400, code: 'body_unexpected', message: `Got a body with ${method}, expected none.` };
}

/** If chunked is not the last coding, or in HTTP/1.0, the end of the body is unknown: RFC 9112, section 6. */
function codingFault({ httpVersion, headers }: IncomingMessage): Fault | null {
  const coding = headers['transfer-encoding'];
  if (coding === undefined) return null;
  if (httpVersion === '1.0') return badRequest('Got Transfer-Encoding in HTTP/1.0, expected Content-Length.');
  return /(?:^|[,\s])chunked\s*$/i.test(coding)
    ? null
    : badRequest(
        'Got a Transfer-Encoding that does not end with chunked, expected chunked as the last coding.',
      );
}

function hostFault({ httpVersion, headers: { host } }: IncomingMessage): Fault | null {
  if (host === undefined) {
    if (httpVersion === '1.0') return null;
    return badRequest('Got no Host header, expected one.');
  }
  return isHost(host) ? null : badRequest('Got a Host header that is not valid, expected one host.');
}

function targetFault({ method }: IncomingMessage, url: string): Fault | null {
  if (url === '*' && method === 'OPTIONS') return null;
  if (!url.startsWith('/'))
    return badRequest('Got a request target that is not valid, expected /path or http://host/path.');
  return url.includes('#') ? badRequest('Got a fragment in the request target, expected none.') : null;
}

export const versionUnsupported = (version: string): Fault => ({
  status: 505,
  code: 'http_version_unsupported',
  message: `Got HTTP/${version}, expected HTTP/1.0 or HTTP/1.1.`,
});

const badRequest = (message: string): Fault => ({ status: 400, code: 'bad_request', message });
