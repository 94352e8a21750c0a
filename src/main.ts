// Starts the supervisor.

// oxlint-disable-next-line import/no-unassigned-import -- it exits if the other modules could not be loaded
import './preflight.js';
import { claimDataDir } from '#/actor/data-dir.ts';
import { serviceManagerOf } from '#/supervisor/service-manager.ts';
import { Unavailable } from '#/supervisor/operator/admin.ts';
import { supervise } from '#/supervisor/supervisor.ts';
import { ConfigError } from '#/config-fault.ts';
import { helpText, readConfig, variableLike } from '#/config.ts';
import { runCommand } from '#/kit/command-line/command.ts';
import { messageOf } from '#/kit/errors.ts';

/** Exit codes, from sysexits.h where it defines one. */
const exitCodes = { stopped: 0, killed: 1, unavailable: 69, fault: 70, config: 78 };

function codeOf(error: unknown): number {
  if (error instanceof ConfigError) return exitCodes.config;
  return error instanceof Unavailable ? exitCodes.unavailable : exitCodes.fault;
}

async function start(): Promise<number> {
  try {
    const config = readConfig(process.env);
    await claimDataDir(config, config.roles, Date.now);
    return exitCodes[await supervise(() => readConfig(process.env), serviceManagerOf(process.env))];
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return codeOf(error);
  }
}

/** An unknown option was probably meant to be a variable. */
function hint(option: string): string {
  const variable = variableLike(option);
  return variable === null ? '' : ` Environment variables configure Marquee: set ${variable}.`;
}

/** Resolves to the exit code, when the system has stopped. */
export const main = (args: readonly string[]): Promise<number> =>
  runCommand(args, { help: helpText(), options: {}, hint }, start);

if (import.meta.main) process.exit(await main(process.argv.slice(2)));
