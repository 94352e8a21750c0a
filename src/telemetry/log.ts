// One line per event that matters: JSON, or words on a terminal. What others send (clients, feeds) may stand in a field or
// a message, and never begins a line of its own.

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

/**
 * On a terminal the lines are for people, elsewhere for programs. A line with the field `detail` is for programs, and for
 * people who ask for the level `debug`.
 */
export function createLog({ level, actor, worker, mixin }: LogOptions): Log {
  const base = { actor, ...(worker === undefined ? {} : { worker }), pid: process.pid };
  const options: LoggerOptions = { level, base, ...(mixin === undefined ? {} : { mixin }) };
  if (!process.stdout.isTTY) {
    const destination = { dest: 1, sync: false, maxLength: waitingBytesMax };
    return pino(
      options,
      pino.destination(worker === undefined ? destination : { ...destination, ...gathered }),
    );
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
