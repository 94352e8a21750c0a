// The commands of `marquee`, in one table. Each is also a program of its own; its module is loaded only when it runs.

import { runCommand, UsageError } from '#/kit/command-line/command.ts';
import { listed } from '#/kit/command-line/expected.ts';
import { didYouMean } from '#/kit/command-line/nearest.ts';

interface Program {
  /** Resolves to the exit code. `args`: without the name of the command. */
  main(args: readonly string[]): Promise<number>;
}

interface Entry {
  readonly about: string;
  readonly load: () => Promise<Program>;
}

const commands: Readonly<Record<string, Entry>> = {
  start: { about: 'starts the system', load: () => import('#/main.ts') },
  check: {
    about: 'reads a feed as ingest does and reports what it finds',
    load: () => import('#/commands/feed-check.ts'),
  },
  replay: {
    about: 'rebuilds an archive and its snapshot from kept feeds',
    load: () => import('#/commands/feed-replay.ts'),
  },
  diff: {
    about: 'compares two versions of the catalogue, of one store or of two',
    load: () => import('#/commands/snapshots-diff.ts'),
  },
  status: { about: 'shows the state of a running system', load: () => import('#/commands/status.ts') },
};

const names = Object.keys(commands);
const width = Math.max(...names.map((name) => name.length)) + 2;
const help = `Usage: marquee COMMAND [--help | OPTIONS]

${Object.entries(commands)
  .map(([name, { about }]) => `  ${name.padEnd(width)}${about}\n`)
  .join('')}
\`marquee COMMAND --help\` describes a command. \`marquee --version\` prints the version.
`;

async function run([name, ...args]: readonly string[]): Promise<number> {
  const command = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];
  if (command !== undefined) return (await command.load()).main(args);
  // Without a known command, only --help and --version are valid.
  const given = [name, ...args].filter((arg) => arg !== undefined);
  return runCommand(given, { help, options: {}, operands: 'COMMAND' }, async () => {
    if (name === undefined) throw new UsageError(`Got no command, expected ${listed(names)}.`);
    throw new UsageError(`Got ${name}, expected ${listed(names)}.${didYouMean(name, names)}`);
  });
}

if (import.meta.main) process.exit(await run(process.argv.slice(2)));
