// `npm run key:new`: makes an API key, adds its hash to the file of keys, and prints the key once.

import { hashOf, newKey } from '#/access/key.ts';
import { keyName, limitMax } from '#/access/keys-file.ts';
import { isScope, scopes, type Scope } from '#/access/scopes.ts';
import { runCommand, UsageError, type Values } from '#/kit/command-line/command.ts';
import { expectedNumber, expectedOneOf } from '#/kit/command-line/expected.ts';
import { fileHelp, fileOf, fileOption, readEntries, writeEntries } from './keys/file.ts';
import { reportingFaults } from './keys/run.ts';

const options = {
  ...fileOption,
  name: { type: 'string' },
  scopes: { type: 'string', default: 'search:read' },
  expires: { type: 'string' },
  limit: { type: 'string' },
} as const;

const help = `Makes an API key and adds its hash to the file of keys. Prints the key once: only its hash is kept.

Usage: npx marquee key new --name NAME [options]
       npm run --silent key:new -- --name NAME [options]

Options:
  --name NAME     who uses the key: 1 to 64 letters, digits and any of _ . -
  --scopes LIST   what it allows, separated by commas: ${scopes.join(', ')}; default: search:read
  --expires DATE  when it ends, such as 2027-01-01 or 2027-01-01T00:00:00Z; default: never
  --limit N       tokens per window instead of the common RATE_LIMIT
${fileHelp}
  --help          print this text
  --version       print the version of Marquee

Reload Marquee afterwards: the key is accepted from then on.
`;

async function make(values: Values<typeof options>): Promise<number> {
  const path = fileOf(values.file, process.env);
  const entries = readEntries(path);
  const name = keyName.safeParse(values.name);
  if (!name.success)
    throw new UsageError(`Got --name ${values.name ?? '(none)'}, ${name.error.issues[0]?.message}.`);
  if (entries.some((entry) => entry.name === name.data))
    throw new UsageError(`Got --name ${name.data}, expected a name that is not in the file yet.`);
  const key = newKey();
  const entry = {
    name: name.data,
    hash: `sha256:${hashOf(key)}`,
    scopes: scopesOf(values.scopes),
    createdAt: new Date().toISOString(),
    ...(values.expires === undefined ? {} : { expiresAt: instantOf(values.expires) }),
    ...(values.limit === undefined ? {} : { limit: limitOf(values.limit) }),
  };
  await writeEntries(path, [...entries, entry]);
  process.stdout.write(`${key}\n`);
  process.stderr.write(
    `Added ${name.data} to ${path}. Reload Marquee to accept it; the key is not shown again.\n`,
  );
  return 0;
}

function scopesOf(text: string): Scope[] {
  const names = text.split(',').map((one) => one.trim());
  const wrong = names.find((one) => !isScope(one));
  if (wrong !== undefined) throw new UsageError(`Got --scopes ${wrong}, ${expectedOneOf(scopes, wrong)}`);
  return [...new Set(names.filter(isScope))];
}

function instantOf(text: string): string {
  const isForm = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d))?$/.test(text);
  const at = isForm ? Date.parse(text) : NaN;
  if (Number.isNaN(at) || at <= Date.now())
    throw new UsageError(`Got --expires ${text}, expected a later instant such as 2027-01-01T00:00:00Z.`);
  return new Date(at).toISOString();
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || limit > limitMax)
    throw new UsageError(`Got --limit ${text}, ${expectedNumber(1, limitMax, true)}.`);
  return limit;
}

/** Resolves to the exit code. */
export const main = (args: readonly string[]): Promise<number> =>
  runCommand(args, { help, options }, (values) => reportingFaults(() => make(values)));

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
