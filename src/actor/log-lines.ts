// Passes the log lines of a child process to the supervisor, which sends them by OTLP. The lines are written to the standard
// output in any case.

import type { Config } from '#/config.ts';
import { sendToSupervisor } from './messages.ts';

const flushMs = 500;
/** What waits for the next message; further lines are counted and dropped. */
const waitingCharactersMax = 250_000;

/** Undefined when log lines are not sent by OTLP. */
export function logLinesOf({ otlp }: Pick<Config, 'otlp'>): ((line: string) => void) | undefined {
  if (otlp.logs === null) return undefined;
  let waiting: string[] = [];
  let characters = 0;
  let dropped = 0;
  let timer: NodeJS.Timeout | null = null;
  function flush(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (waiting.length > 0 || dropped > 0) sendToSupervisor({ type: 'lines', lines: waiting, dropped });
    [waiting, characters, dropped] = [[], 0, 0];
  }
  // The first part of a message is written to the pipe at once, so it is sent before the process ends.
  process.once('exit', flush);
  return (line) => {
    if (characters + line.length > waitingCharactersMax) {
      dropped++;
      return;
    }
    waiting.push(line);
    characters += line.length;
    timer ??= setTimeout(flush, flushMs).unref();
  };
}
