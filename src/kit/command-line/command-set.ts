// A program with several commands, such as `marquee`. The module of a command is loaded only when it runs.

import { runCommand, UsageError } from './command.ts';
import { listed } from './expected.ts';
import { didYouMean } from './nearest.ts';

export interface CommandSet {
  /** The program, with the commands that lead to this set: `marquee` or `marquee key`. */
  readonly name: string;
  readonly commands: Readonly<Record<string, CommandEntry>>;
}

export interface CommandEntry {
  readonly about: string;
  readonly load: () => Promise<{
    /** Resolves to the exit code. `args`: without the name of the command. */
    main(args: readonly string[]): Promise<number>;
  }>;
}

/** Runs the command that the first argument names. Resolves to its exit code; 64 for a name that is not known. */
export async function runCommandSet(
  { name: program, commands }: CommandSet,
  [name, ...args]: readonly string[],
): Promise<number> {
  const command = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];
  if (command !== undefined) return (await command.load()).main(args);
  // Without a known command, only --help and --version are valid.
  const names = Object.keys(commands);
  const given = [name, ...args].filter((arg) => arg !== undefined);
  const help = helpFor(program, commands);
  return runCommand(given, { help, options: {}, operands: 'COMMAND' }, async () => {
    if (name === undefined) throw new UsageError(`Got no command, expected ${listed(names)}.`);
    throw new UsageError(`Got ${name}, expected ${listed(names)}.${didYouMean(name, names)}`);
  });
}

function helpFor(program: string, commands: CommandSet['commands']): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length)) + 2;
  const rows = Object.entries(commands).map(([name, { about }]) => `  ${name.padEnd(width)}${about}\n`);
  return `Usage: ${program} COMMAND [--help | OPTIONS]

${rows.join('')}
\`${program} COMMAND --help\` describes a command. \`${program} --version\` prints the version.
`;
}
