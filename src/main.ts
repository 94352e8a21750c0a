// Starts the supervisor, nothing else.

import { supervise } from '#/actors/supervisor.ts';
import { ConfigError, helpText, readConfig } from '#/config.ts';
import { messageOf } from '#/kit/errors.ts';

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  process.stdout.write(helpText());
} else {
  try {
    await supervise(readConfig(process.env));
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(error instanceof ConfigError ? 78 : 1);
  }
}
