// Answers to requests that node's parser cannot read: written by hand, since there is no response object.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { envelopeOf, jsonType } from '#/http/envelope.ts';
import { STATUS_CODES } from '#/kit/http.ts';
import { asNamed, typed } from './security-headers.ts';
import { versionUnsupported, type Fault } from './target.ts';

export const urlLengthMax = 2048;
export const headerBytesMax = 16_384;

interface ParseError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
  readonly bytesParsed?: number;
}

/** Internals of node: the response that is being sent, and the request that is being read. */
interface HttpSocket extends Duplex {
  readonly _httpMessage?: ServerResponse | null;
  readonly parser?: { readonly incoming: IncomingMessage | null } | null;
}

/**
 * Answers after the earlier requests of the connection, and closes it. A request whose body cannot be read has been answered
 * already.
 */
export function refuseMalformed(error: ParseError, socket: HttpSocket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const isBody = socket.parser?.incoming?.complete === false;
  whenAnswered(socket, () => {
    if (isBody) socket.end();
    else endWithFault(socket, faultOfParser(error));
  });
}

function whenAnswered(socket: HttpSocket, run: () => void): void {
  const { _httpMessage: answering } = socket;
  if (answering) answering.once('close', () => whenAnswered(socket, run));
  else run();
}

/** Writes an answer with the envelope to a socket that has no response object, and ends the connection. */
export function endWithFault(socket: Duplex, { status, code, message }: Fault): void {
  if (!socket.writable) return;
  const body = envelopeOf(code, message);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${jsonType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `${typed}: ${asNamed}`,
    `Date: ${new Date().toUTCString()}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function faultOfParser(error: ParseError): Fault {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return { status: 408, code: 'request_timeout', message: 'The request did not arrive in time.' };
  if (error.code === 'HPE_HEADER_OVERFLOW') return overflowOf(error);
  if (error.code === 'HPE_PAUSED_H2_UPGRADE') return versionUnsupported('2.0');
  return ofRequestLine.has(error.code ?? '') ? requestLineFault(error) : notHttp;
}

const ofRequestLine = new Set(['HPE_INVALID_METHOD', 'HPE_INVALID_VERSION']);
const notHttp: Fault = { status: 400, code: 'bad_request', message: 'The request is not valid HTTP.' };

/** Only part of the head is available: without the end of its first line, the URL is too long. */
function overflowOf({ rawPacket }: ParseError): Fault {
  const firstLine = rawPacket?.indexOf('\r\n') ?? -1;
  return firstLine < 0 || firstLine > urlLengthMax
    ? {
        status: 414,
        code: 'uri_too_long',
        message: `Got a longer URL, expected at most ${urlLengthMax} characters.`,
      }
    : {
        status: 431,
        code: 'headers_too_large',
        message: `Got larger headers, expected at most ${headerBytesMax} bytes.`,
      };
}

/** If the line has the form of a request line, the parser does not know its version or its method. */
function requestLineFault({ rawPacket, bytesParsed = 0 }: ParseError): Fault {
  const text = rawPacket?.toString('latin1') ?? '';
  const from = bytesParsed === 0 ? 0 : text.lastIndexOf('\n', bytesParsed - 1) + 1;
  const line = /^([\w!#$%&'*+.^`|~-]{1,64}) \S+ HTTP\/(\d(?:\.\d)?)\r?\n/.exec(text.slice(from));
  if (line === null) return notHttp;
  const [, method, version = ''] = line;
  if (version !== '1.1' && version !== '1.0') return versionUnsupported(version);
  return methodUnknown(method ?? '');
}

export const methodUnknown = (method: string): Fault => ({
  status: 501,
  code: 'method_unknown',
  message: `Got the method ${method}, expected GET or HEAD.`,
});
