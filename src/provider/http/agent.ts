// Connections to providers: HTTP/1.1, headers of up to 64 kB. `100 Continue` before the response is accepted, as RFC 9110
// (15.2) requires of every client; undici alone treats it as a broken connection.

import { Agent, buildConnector } from 'undici';
import type { Socket } from 'node:net';
import { guardedLookup, type Resolve } from './addresses.ts';

const headersBytesMax = 65_536;
/** The most `100 Continue` responses before the final one. */
const continuesMax = 10;
/** The status line of an interim response, which ends with the first empty line. */
const interim = /^HTTP\/1\.[01] 100[ \r\n]/;
const interimLengthMin = 13;

interface AgentOptions {
  readonly connectMs?: number;
  /** Concurrent connections per origin. */
  readonly connections?: number;
  /** Trusted certificates as PEM, instead of Node's. */
  readonly trusted?: string;
  /** Hosts that may have private addresses; other public names may not. */
  readonly privateHosts?: ReadonlySet<string>;
  /** Instead of the system's resolver. */
  readonly resolve?: Resolve;
}

export function createProviderAgent({
  connectMs = 10_000,
  connections = 2,
  trusted,
  privateHosts = new Set(),
  resolve,
}: AgentOptions = {}): Agent {
  // One protocol is enough, and the limits here are tested with HTTP/1.1 only.
  const connectPlainly = buildConnector({
    timeout: connectMs,
    allowH2: false,
    lookup: guardedLookup(privateHosts, resolve),
    ...(trusted === undefined ? {} : { ca: trusted }),
  });
  const connect: buildConnector.connector = (options, connected) =>
    connectPlainly(options, (...[error, socket]) => {
      if (error !== null) return connected(error, null);
      skipContinues(socket);
      connected(null, socket);
    });
  return new Agent({ connect, connections, pipelining: 1, maxHeaderSize: headersBytesMax });
}

/** undici reads a socket by `read()`. This removes interim responses there, before the first final response. */
function skipContinues(socket: Socket): void {
  const read = socket.read.bind(socket);
  let held = Buffer.alloc(0);
  let skipped = 0;
  let isOver = false;

  function passOn(bytes: Buffer): Buffer {
    isOver = true;
    return bytes;
  }

  socket.read = (size?: number) => {
    if (isOver) return read(size) as unknown;
    const chunk = read() as Buffer | null;
    if (chunk === null) return null;
    held = Buffer.concat([held, chunk]);
    while (skipped < continuesMax) {
      const text = held.toString('latin1');
      if (text.length < interimLengthMin && 'HTTP/1.1 100 '.startsWith(text)) return null;
      if (!interim.test(text)) return passOn(held);
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return held.length > headersBytesMax ? passOn(held) : null;
      held = held.subarray(end + 4);
      skipped++;
    }
    return passOn(held);
  };
}
