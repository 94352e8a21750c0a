// Runs a command on the file of API keys, and reports a file that is not valid.

import { ConfigError } from '#/config-fault.ts';
import { messageOf } from '#/kit/errors.ts';

/** Returns the exit code: 78 when the file of keys is not valid. */
export async function reportingFaults(run: () => Promise<number> | number): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${messageOf(error)}\n`);
    return 78;
  }
}
