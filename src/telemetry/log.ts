// One line per event that matters: JSON, or words on a terminal.

import { pino, type Logger } from 'pino';

export type Log = Logger;

/** `actor` says who speaks. On a terminal the lines are for people, elsewhere for programs. */
export function createLog(level: string, actor: string): Log {
  const options = { level, base: { actor, pid: process.pid } };
  if (!process.stdout.isTTY) return pino(options);
  const pretty = {
    colorize: true,
    ignore: 'pid,hostname,actor',
    messageFormat: `${actor.padEnd(10)} {msg}`,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
  };
  return pino({ ...options, transport: { target: 'pino-pretty', options: pretty } });
}
