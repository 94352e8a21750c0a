// Starts the supervisor, nothing else.

import { supervise, Unavailable } from '#/actors/supervisor.ts';
import { ConfigError, helpText, readConfig } from '#/config.ts';
import { messageOf } from '#/kit/errors.ts';

/** By sysexits.h where it has a word for it. */
const exitCodes = { stopped: 0, 'something had to be killed': 1, unavailable: 69, fault: 70, config: 78 };

function codeOf(error: unknown): number {
  if (error instanceof ConfigError) return exitCodes.config;
  return error instanceof Unavailable ? exitCodes.unavailable : exitCodes.fault;
}

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  process.stdout.write(helpText());
} else {
  try {
    process.exit(exitCodes[await supervise(() => readConfig(process.env))]);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(codeOf(error));
  }
}
