// One line per event that matters: JSON, or words on a terminal. What others send (clients, feeds) may stand in a field or
// a message, and never begins a line of its own.

import { constants, fstatSync, openSync } from 'node:fs';
import { pino, type LogFn, type Logger, type LoggerOptions } from 'pino';

export type Log = Logger;

export interface LogOptions {
  readonly level: string;
  /** Who speaks. */
  readonly actor: string;
  /** Of an API worker. */
  readonly worker?: number | undefined;
  /** Fields of the moment, such as the trace that is under way. */
  readonly mixin?: (() => object) | undefined;
}

/** Lines that wait while nobody reads them; more are dropped, since a log must not stop an answer. */
const waitingBytesMax = 1_000_000;
/** A worker writes its lines by so many bytes, and whatever there is this often: each write costs as much as three answers. */
const gathered = { minLength: 4096, periodicFlush: 200 };

/** How long a flush that blocks everything else may take when the pipe is full. */
const flushMs = 500;

/**
 * On a terminal the lines are for people, elsewhere for programs. A line with the field `detail` is for programs, and for
 * people who ask for the level `debug`.
 */
export function createLog({ level, actor, worker, mixin }: LogOptions): Log {
  const base = { actor, ...(worker === undefined ? {} : { worker }), pid: process.pid };
  const options: LoggerOptions = { level, base, ...(mixin === undefined ? {} : { mixin }) };
  if (!process.stdout.isTTY) {
    return pino(options, outputFor(worker === undefined ? {} : gathered));
  }
  const speaker = worker === undefined ? actor : `${actor} ${worker}`;
  const pretty = {
    colorize: true,
    ignore: 'pid,hostname,actor,worker',
    messageFormat: `${speaker}: {msg}`,
    // A line says what a person needs; programs have all the fields.
    hideObject: true,
    translateTime: 'SYS:HH:MM:ss.l',
  };
  return pino({
    ...options,
    hooks: { logMethod: quiet },
    transport: { target: 'pino-pretty', options: pretty },
  });
}

/** The standard output. Pino flushes it at the end of the process, and with each line of the level `fatal`. */
function outputFor(gathering: Partial<typeof gathered>): ReturnType<typeof pino.destination> {
  let flushUntil = Infinity;
  const output = pino.destination({
    dest: standardOutput(),
    sync: false,
    maxLength: waitingBytesMax,
    retryEAGAIN: () => performance.now() < flushUntil,
    ...gathering,
  });
  const flush = output.flushSync.bind(output);
  output.flushSync = () => {
    flushUntil = performance.now() + flushMs;
    try {
      flush();
    } catch {
      // Nobody reads: what is left is lost at the end of the process, and waits otherwise.
    } finally {
      flushUntil = Infinity;
    }
  };
  return output;
}

/**
 * A pipe is opened again. Whether a write to a full pipe blocks is a property of the open pipe: all that inherit it share it,
 * and node changes it for all of them as each process starts and ends.
 */
function standardOutput(): number {
  try {
    if (fstatSync(1).isFIFO()) return openSync('/proc/self/fd/1', constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    // There is no /proc, or the pipe belongs to another user.
  }
  return 1;
}

/** Messages may quote a feed, and a terminal acts on what JSON would have escaped. */
function quiet(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  const [fields, message] = args as unknown[];
  if (isObject(fields) && fields['detail'] === true && !this.isLevelEnabled('debug')) return;
  if (isObject(fields) && message === 'request')
    return method.apply(this, [{}, printable(wordsOfRequest(fields))]);
  const said = args.map((arg: unknown) => (typeof arg === 'string' ? printable(arg) : arg));
  method.apply(this, said as Parameters<LogFn>);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const wordsOfRequest = ({
  method,
  url,
  status,
  ms,
  request_id: id,
}: Readonly<Record<string, unknown>>): string =>
  [method, url, '→', status, 'in', ms, 'ms, request', id].join(' ');

/** Without the characters that control a terminal, or end a line. */
const printable = (text: string): string => text.replaceAll(/\p{Cc}|[\u2028\u2029]/gu, ' ');
