// Starts the supervisor, nothing else.

// oxlint-disable-next-line import/no-unassigned-import -- it ends the process where nothing else could run
import './preflight.js';
import { claimDataDir } from '#/actor/data-dir.ts';
import { Unavailable } from '#/supervisor/admin.ts';
import { supervise } from '#/supervisor/supervisor.ts';
import { ConfigError } from '#/config-fault.ts';
import { helpText, readConfig, variableLike } from '#/config.ts';
import { runCommand } from '#/kit/command-line/command.ts';
import { messageOf } from '#/kit/errors.ts';

/** By sysexits.h where it has a word for it. */
const exitCodes = { stopped: 0, 'something had to be killed': 1, unavailable: 69, fault: 70, config: 78 };

function codeOf(error: unknown): number {
  if (error instanceof ConfigError) return exitCodes.config;
  return error instanceof Unavailable ? exitCodes.unavailable : exitCodes.fault;
}

async function start(): Promise<number> {
  try {
    const config = readConfig(process.env);
    await claimDataDir(config, config.roles, Date.now);
    return exitCodes[await supervise(() => readConfig(process.env))];
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return codeOf(error);
  }
}

/** Whoever looks for an option probably looks for a variable. */
function hint(option: string): string {
  const variable = variableLike(option);
  return variable === null ? '' : ` Marquee is configured by variables of the environment: set ${variable}.`;
}

process.exit(await runCommand(process.argv.slice(2), { help: helpText(), options: {}, hint }, start));
