// `npm run key:revoke -- NAME`: revokes an API key. Its entry stays, so that its name is not used again by mistake.

import { runCommand, UsageError, type Values } from '#/kit/command-line/command.ts';
import { didYouMean } from '#/kit/command-line/nearest.ts';
import { fileHelp, fileOf, fileOption, readEntries, writeEntries } from './keys/file.ts';
import { reportingFaults } from './keys/run.ts';

const help = `Revokes an API key.

Usage: npx marquee key revoke NAME [options]
       npm run --silent key:revoke -- NAME [options]

Options:
${fileHelp}
  --help          print this text
  --version       print the version of Marquee

Reload Marquee afterwards: every process refuses the key within a second.
`;

async function revoke({ file }: Values<typeof fileOption>, names: readonly string[]): Promise<number> {
  const [name] = names;
  if (name === undefined || names.length > 1)
    throw new UsageError(`Got ${names.length} names, expected one.`);
  const path = fileOf(file, process.env);
  const entries = readEntries(path);
  const found = entries.find((entry) => entry.name === name);
  if (found === undefined) {
    const known = entries.map((entry) => entry.name);
    throw new UsageError(`Got ${name}, expected a name in ${path}.${didYouMean(name, known)}`);
  }
  const revokedAt = found.revokedAt ?? new Date().toISOString();
  await writeEntries(
    path,
    entries.map((entry) => (entry === found ? { ...entry, revokedAt } : entry)),
  );
  process.stderr.write(`Revoked ${name}. Reload Marquee to refuse it.\n`);
  return 0;
}

/** Resolves to the exit code. */
export const main = (args: readonly string[]): Promise<number> =>
  runCommand(args, { help, options: fileOption, operands: 'NAME' }, (values, names) =>
    reportingFaults(() => revoke(values, names)),
  );

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
