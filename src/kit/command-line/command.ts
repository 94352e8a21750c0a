// The command line of every program. Options are declared, `--help` and `--version` are always available, and an unknown
// option is refused with a suggestion.

import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { messageOf } from '#/kit/errors.ts';
import { listed } from './expected.ts';
import { didYouMean } from './nearest.ts';
import { versionOfPackage } from './version.ts';

/** By sysexits.h. */
export const usageExitCode = 64;

/** A command line that is not valid. */
export class UsageError extends Error {}

export interface Command<Options extends ParseArgsOptionsConfig> {
  readonly help: string;
  readonly options: Options;
  /** What the positional arguments are, in capitals, for example FILE. Without it, positional arguments are refused. */
  readonly operands?: string;
  /** A further hint for an unknown option, given without its dashes. */
  readonly hint?: (option: string) => string;
}

const common = { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'V' } } as const;

type Read<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options; allowPositionals: true }>
>;
export type Values<Options extends ParseArgsOptionsConfig> = Read<Options>['values'];

/**
 * Parses the command line and resolves to the exit code: that of `run`; 0 after `--help` or `--version`; 64, with the
 * reason on standard error, when the command line is not valid. `run` may throw UsageError as well.
 */
export async function runCommand<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  command: Command<Options>,
  run: (values: Values<Options>, operands: readonly string[]) => Promise<number>,
): Promise<number> {
  try {
    const options = { ...command.options, ...common };
    check(args, { ...command, options });
    const { values, positionals } = read(args, options);
    const { help, version }: Values<typeof common> = values;
    if (help === true || version === true) {
      process.stdout.write(help === true ? command.help : `marquee ${versionOfPackage()}\n`);
      return 0;
    }
    return await run(values, positionals);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\nUse --help to list the options.\n`);
    return usageExitCode;
  }
}

/** Throws UsageError at the first argument that is unknown or not valid. */
function check(args: readonly string[], { options, operands, hint }: Command<ParseArgsOptionsConfig>): void {
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const names = Object.keys(options).map((name) => `--${name}`);
  for (const token of tokens) {
    if (token.kind === 'positional' && operands === undefined)
      throw new UsageError(`Got ${token.value}, expected no arguments except ${listed(names)}.`);
    if (token.kind !== 'option') continue;
    const option = options[token.name];
    if (option === undefined) {
      const meant = hint?.(token.name) || didYouMean(token.rawName, names);
      throw new UsageError(`Got ${token.rawName}, expected ${listed(names)}.${meant}`);
    }
    const isGiven = token.value !== undefined && (token.inlineValue || !token.value.startsWith('-'));
    if (option.type === 'string' && !isGiven)
      throw new UsageError(`Got ${token.rawName} without a value, expected ${token.rawName}=VALUE.`);
    if (option.type === 'boolean' && token.value !== undefined)
      throw new UsageError(`Got ${token.rawName}=${token.value}, expected ${token.rawName} without a value.`);
  }
}

function read<Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
): Read<Options> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(messageOf(error), { cause: error });
  }
}
