// `make chaos`: runs every chaos test in its long form, one after the other, and prints a table of the results.
// File names as arguments select tests.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '#/kit/command-line/command.ts';
import { compileCache, root } from '../_run/run.ts';

interface Row {
  readonly fault: string;
  readonly seen: string;
}

const help = `Usage: make chaos, or npm run chaos -- [FILE…] [--help] [--version]

Runs every chaos test in its long form, for about an hour, or only those in the named files, and prints a table of what was
seen.
`;

/** The chaos tests, and all others that have a long form. */
const chaosTests = (): string[] =>
  globSync('test/**/*.test.ts', { cwd: root })
    .filter(
      (path) =>
        path.endsWith('.chaos.test.ts') ||
        /\b(isLong|longTest)\b/.test(readFileSync(join(root, path), 'utf8')),
    )
    .toSorted();

async function main(named: readonly string[]): Promise<number> {
  const files = named.length > 0 ? named : chaosTests();
  const directory = await mkdtemp(join(tmpdir(), 'marquee-chaos-'));
  const table = join(directory, 'table.jsonl');

  const ava = spawn(
    process.execPath,
    [join(root, 'node_modules/ava/entrypoints/cli.js'), '--serial', '--concurrency=1', ...files],
    {
      cwd: root,
      env: { ...process.env, LONG: '1', CHAOS_TABLE: table, NODE_COMPILE_CACHE: compileCache },
      stdio: 'inherit',
    },
  );
  const [code] = (await once(ava, 'exit')) as [number | null];

  const rows = read(table);
  const width = Math.max(5, ...rows.map(({ fault }) => fault.length));
  process.stdout.write(
    `\n${'fault'.padEnd(width)}  what was seen\n${'─'.repeat(width)}  ${'─'.repeat(60)}\n`,
  );
  for (const { fault, seen } of rows) process.stdout.write(`${fault.padEnd(width)}  ${seen}\n`);
  process.stdout.write(code === 0 ? '\nAll held.\n' : '\nSomething did not hold: see above.\n');
  rmSync(directory, { recursive: true });
  return code ?? 1;
}

function read(path: string): Row[] {
  try {
    return readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
  } catch {
    return [];
  }
}

if (import.meta.main) {
  process.exitCode = await runCommand(
    process.argv.slice(2),
    { help, options: {}, operands: 'FILES' },
    (_, named) => main(named),
  );
}
