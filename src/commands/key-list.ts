// `npm run key:list`: lists the API keys of the file of keys, without their hashes.

import { runCommand, type Values } from '#/kit/command-line/command.ts';
import { fileHelp, fileOf, fileOption, readEntries } from './keys/file.ts';
import { reportingFaults } from './keys/run.ts';

const help = `Lists the API keys: name, state, scopes, limit.

Usage: npx marquee key list [options]
       npm run --silent key:list [-- options]

Options:
${fileHelp}
  --help          print this text
  --version       print the version of Marquee
`;

function list({ file }: Values<typeof fileOption>): number {
  const rows = readEntries(fileOf(file, process.env)).map(({ name, scopes, limit, ...entry }) => [
    name,
    stateOf(entry),
    scopes.join(','),
    limit === undefined ? 'common limit' : `limit ${limit}`,
  ]);
  const widths = [0, 1, 2].map((at) => Math.max(0, ...rows.map((row) => row[at]?.length ?? 0)));
  for (const row of rows)
    process.stdout.write(`${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}\n`);
  return 0;
}

function stateOf({
  expiresAt,
  revokedAt,
}: {
  readonly expiresAt?: string | undefined;
  readonly revokedAt?: string | undefined;
}): string {
  if (revokedAt !== undefined) return `revoked ${revokedAt}`;
  if (expiresAt === undefined) return 'valid';
  return `${Date.parse(expiresAt) <= Date.now() ? 'expired' : 'valid until'} ${expiresAt}`;
}

/** Resolves to the exit code. */
export const main = (args: readonly string[]): Promise<number> =>
  runCommand(args, { help, options: fileOption }, (values) => reportingFaults(() => list(values)));

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
