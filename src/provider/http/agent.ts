// The connections to providers: HTTP/1.1, headers of up to 64 kB, and `100 Continue` before the answer, which RFC 9110
// (15.2) has every client take and undici treats as a broken connection.

import { Agent, buildConnector } from 'undici';
import type { Socket } from 'node:net';

const headersBytesMax = 65_536;
/** Of `100 Continue` answers before the real one. */
const continuesMax = 10;
/** The status line of an interim answer, which ends with the first empty line. */
const interim = /^HTTP\/1\.[01] 100[ \r\n]/;
const interimLengthMin = 13;

interface AgentOptions {
  readonly connectMs?: number;
  /** At once, per origin. */
  readonly connections?: number;
  /** Certificates to trust, as PEM, instead of those that Node trusts. */
  readonly trusted?: string;
}

export function createProviderAgent({
  connectMs = 10_000,
  connections = 2,
  trusted,
}: AgentOptions = {}): Agent {
  // HTTP/2 frames its answers otherwise: one protocol is enough, and the one whose limits are tested.
  const connectPlainly = buildConnector({
    timeout: connectMs,
    allowH2: false,
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

/** undici takes what a socket has by `read()`: what comes before the first final answer is taken out there. */
function skipContinues(socket: Socket): void {
  const read = socket.read.bind(socket);
  let held = Buffer.alloc(0);
  let skipped = 0;
  let isOver = false;

  function onward(bytes: Buffer): Buffer {
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
      if (!interim.test(text)) return onward(held);
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return held.length > headersBytesMax ? onward(held) : null;
      held = held.subarray(end + 4);
      skipped++;
    }
    return onward(held);
  };
}
