// `npm run lint:prose`: checks every text that a person reads (Markdown, comments, messages) against the rules of plain
// English in rules.ts, and with write-good for clichés, wordy phrases and repeated words.

import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import writeGood from 'write-good';
import { runCommand } from '#/kit/command-line/command.ts';
import { rules } from './rules.ts';
import { proseOf } from './texts.ts';

const help = `Usage: npm run lint:prose -- [PATH…] [--help] [--version]

Checks the prose of the project, or only that of the files named.

Exit codes: 0 nothing found, 1 something found, 64 the command line is not valid.
`;

const root = fileURLToPath(new URL('../..', import.meta.url));
const everything = ['README.md', '.github/**/*.md', 'ops/**/*.md', '{src,load,test}/**/*.{ts,js}'];
/** They quote what they forbid. */
const exempt = new Set(['test/_lint/rules.ts', 'test/prose.test.ts', 'ops/guides/glossary.md']);

/** Of write-good's checks those that are right in technical texts. */
const checks = {
  passive: false,
  illusion: true,
  so: false,
  thereIs: false,
  weasel: false,
  adverb: false,
  tooWordy: false,
  cliches: true,
  eprime: false,
};

export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** `path` from the root of the project. */
export function findingsIn(path: string, content: string): Finding[] {
  return proseOf(path, content).flatMap(({ line, text }) => [
    ...rules.flatMap(({ pattern, instead }) =>
      Array.from(text.matchAll(pattern), ([found]) => ({
        path,
        line,
        message: `got "${found}", expected: ${instead}`,
      })),
    ),
    ...writeGood(text, checks).map(({ reason }) => ({ path, line, message: reason })),
  ]);
}

async function main(named: readonly string[]): Promise<number> {
  const paths = named.length > 0 ? named : await Array.fromAsync(glob(everything, { cwd: root }));
  const findings: Finding[] = [];
  for (const path of paths.toSorted())
    if (!exempt.has(path)) findings.push(...findingsIn(path, await readFile(join(root, path), 'utf8')));
  for (const { path, line, message } of findings) process.stdout.write(`${path}:${line}: ${message}\n`);
  if (findings.length > 0) process.stdout.write(`Found ${findings.length} faults of prose.\n`);
  return findings.length === 0 ? 0 : 1;
}

if (import.meta.main) {
  process.exitCode = await runCommand(
    process.argv.slice(2),
    { help, options: {}, operands: 'PATHS' },
    (_, named) => main(named),
  );
}
