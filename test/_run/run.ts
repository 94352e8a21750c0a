// Runs a tool of node_modules as a child process: its output is shown only when it fails, or as it arrives.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

export interface Ran {
  readonly name: string;
  /** The exit code, or 1 after a signal. */
  readonly code: number;
  readonly seconds: string;
  /** The output; empty when a terminal has shown it. */
  readonly output: string;
}

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where every process of the tests finds the modules that another has compiled. */
export const compileCache = join(root, 'node_modules/.cache/marquee-compile');

export const runSilently = (name: string, tool: string, args: readonly string[]): Promise<Ran> =>
  run(name, tool, args, 'pipe');

/** A terminal is handed to the tool, which then has its colours and its width. */
export const runShown = (name: string, tool: string, args: readonly string[]): Promise<Ran> =>
  run(name, tool, args, process.stdout.isTTY ? 'inherit' : 'show');

async function run(
  name: string,
  tool: string,
  args: readonly string[],
  output: 'pipe' | 'show' | 'inherit',
): Promise<Ran> {
  const startedAt = performance.now();
  const stdio = output === 'inherit' ? 'inherit' : 'pipe';
  const child = spawn(process.execPath, [join(root, 'node_modules', tool), ...args], {
    cwd: root,
    stdio: ['ignore', stdio, stdio],
    // Every test file is a process of its own, and all load the same modules.
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  });
  if (output === 'show') {
    child.stdout?.pipe(process.stdout, { end: false });
    child.stderr?.pipe(process.stderr, { end: false });
  }
  const printed = Promise.all([read(child.stdout), read(child.stderr)]);
  const [code] = (await once(child, 'close')) as [number | null];
  return {
    name,
    code: code ?? 1,
    seconds: ((performance.now() - startedAt) / 1000).toFixed(1),
    output: (await printed).join(''),
  };
}

/**
 * The lines with which AVA names a test that failed, a file that ended early, or an error outside a test; once each, at most 20.
 * Behind a test that failed, what AVA says of it, at most 12 lines.
 */
export function failuresIn(output: string): string[] {
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const failures = new Map<string, readonly string[]>();
  for (const [at, line] of lines.entries()) {
    if (line.startsWith('✘ ') && !failures.has(line))
      failures.set(line, detailsOf(line, lines.slice(at + 1)));
    else if (outsideTests.test(line)) {
      const message = lines.slice(at + 1).find((next) => !quotation.test(next)) ?? '';
      failures.set(`✘ ${line}: ${message}`, []);
    }
  }
  return Array.from(failures, ([line, details]) => [line, ...details].join('\n    ')).slice(0, 20);
}

/** AVA repeats the title of a test that failed after the list of all tests, and explains it there. */
function detailsOf(failure: string, later: readonly string[]): string[] {
  // In the list, a message may stand behind the title.
  const named = failure.replace(/^✘ \[fail\]: /, '');
  const titles = later.filter((line) => named === line || named.startsWith(`${line} `));
  const title = titles.reduce((long, line) => (line.length > long.length ? line : long), '');
  if (title === '' || named === failure) return [];
  const details = later.slice(later.indexOf(title) + 1).filter((line) => !quotation.test(line));
  const end = details.findIndex((line) => /^(─|› |✘ )/.test(line));
  return details.slice(0, end < 0 ? 12 : Math.min(end, 12));
}

const outsideTests = /^(Uncaught exception|Unhandled rejection) in /;
/** The place in a file and the lines around it, which come before the message of an error. */
const quotation = /^\S+:\d+$|^\d+:/;

const read = (stream: Readable | null): Promise<string> =>
  stream === null ? Promise.resolve('') : text(stream);
