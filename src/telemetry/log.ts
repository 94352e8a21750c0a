// The log: one line per event, as JSON or, on a terminal, as text. Text of clients and feeds may appear in a field or a message;
// it cannot start a new line.

import { constants, fstatSync, openSync } from 'node:fs';
import {
  pino,
  type DestinationStream,
  type LogFn,
  type Logger,
  type LoggerOptions,
  type StreamEntry,
} from 'pino';

export type Log = Logger;

export interface LogOptions {
  readonly level: string;
  /** The actor that logs. */
  readonly actor: string;
  /** The slot of an API worker. */
  readonly worker?: number | undefined;
  /** Adds fields to each line, such as the id of the current trace. */
  readonly mixin?: (() => object) | undefined;
  /** Receives each line in addition to the output, as JSON. It must not throw. */
  readonly tee?: ((line: string) => void) | undefined;
}

/** The most bytes that wait while the pipe is not read; further lines are dropped, since logging must not block answers. */
const waitingBytesMax = 1_000_000;
/** A worker writes lines in chunks of this size, or after this time: each write costs as much as three answers. */
const gathered = { minLength: 4096, periodicFlush: 200 };

/** How long a synchronous flush may block when the pipe is full. */
const flushMs = 500;

/**
 * Writes text on a terminal, JSON elsewhere. On a terminal, lines with the field `detail` appear at the level `debug` only.
 */
export function createLog({ level, actor, worker, mixin, tee }: LogOptions): Log {
  const base = { actor, ...(worker === undefined ? {} : { worker }), pid: process.pid };
  const options: LoggerOptions = { level, base, ...(mixin === undefined ? {} : { mixin }) };
  if (!process.stdout.isTTY) {
    return pino(options, outputFor(worker === undefined ? {} : gathered, tee));
  }
  const source = worker === undefined ? actor : `${actor} ${worker}`;
  const pretty = {
    colorize: true,
    ignore: 'pid,hostname,actor,worker',
    messageFormat: `${source}: {msg}`,
    // The message is enough for a person; JSON has all fields.
    hideObject: true,
    translateTime: 'SYS:HH:MM:ss.l',
  };
  const terminal = pino.transport<object>({ target: 'pino-pretty', options: pretty }) as DestinationStream;
  const streams = [{ level: 'trace', stream: terminal }];
  if (tee !== undefined) streams.push({ level: 'trace', stream: { write: tee } });
  return pino({ ...options, hooks: { logMethod: quiet } }, pino.multistream(streams as StreamEntry[]));
}

/** The standard output. Pino flushes it when the process exits, and after each line of the level `fatal`. */
function outputFor(
  gathering: Partial<typeof gathered>,
  tee: LogOptions['tee'],
): ReturnType<typeof pino.destination> {
  let flushUntil = Infinity;
  const output = pino.destination({
    dest: standardOutput(),
    sync: false,
    maxLength: waitingBytesMax,
    retryEAGAIN: () => performance.now() < flushUntil,
    ...gathering,
  });
  if (tee !== undefined) {
    const write = output.write.bind(output);
    output.write = (line) => {
      tee(line);
      return write(line);
    };
  }
  const flush = output.flushSync.bind(output);
  output.flushSync = () => {
    flushUntil = performance.now() + flushMs;
    try {
      flush();
    } catch {
      // No process reads the pipe: the lines wait, and are lost if this process exits.
    } finally {
      flushUntil = Infinity;
    }
  };
  return output;
}

/**
 * Opens a pipe again. O_NONBLOCK belongs to the open file description, which all processes that inherit the pipe share, and node
 * changes it whenever one of them starts or exits.
 */
function standardOutput(): number {
  try {
    if (fstatSync(1).isFIFO()) return openSync('/proc/self/fd/1', constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    // There is no /proc, or the pipe belongs to another user.
  }
  return 1;
}

/** Messages may quote a feed: this removes control characters, which JSON would escape and a terminal would execute. */
function quiet(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  const [fields, message] = args as unknown[];
  if (isObject(fields) && fields['detail'] === true && !this.isLevelEnabled('debug')) return;
  if (isObject(fields) && message === 'request')
    return method.apply(this, [{}, printable(messageForRequest(fields))]);
  const printed = args.map((arg: unknown) => (typeof arg === 'string' ? printable(arg) : arg));
  method.apply(this, printed as Parameters<LogFn>);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const messageForRequest = ({
  method,
  url,
  status,
  ms,
  request_id: id,
}: Readonly<Record<string, unknown>>): string =>
  [method, url, '→', status, 'in', ms, 'ms, request', id].join(' ');

/** Replaces control characters and line separators. */
const printable = (text: string): string => text.replaceAll(/\p{Cc}|[\u2028\u2029]/gu, ' ');
