// Runs a tool of node_modules as a child process: its output is shown only when it fails, or always.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export interface Ran {
  readonly name: string;
  /** The exit code, or 1 after a signal. */
  readonly code: number;
  readonly seconds: string;
  /** The output; empty when it was shown already. */
  readonly output: string;
}

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where every process of the tests finds the modules that another has compiled. */
export const compileCache = join(root, 'node_modules/.cache/marquee-compile');

export const runSilently = (name: string, tool: string, args: readonly string[]): Promise<Ran> =>
  run(name, tool, args, 'pipe');

export const runShown = (name: string, tool: string, args: readonly string[]): Promise<Ran> =>
  run(name, tool, args, 'inherit');

async function run(
  name: string,
  tool: string,
  args: readonly string[],
  output: 'pipe' | 'inherit',
): Promise<Ran> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(root, 'node_modules', tool), ...args], {
    cwd: root,
    stdio: ['ignore', output, output],
    // Every test file is a process of its own, and all load the same modules.
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  });
  const printed = Promise.all([read(child.stdout), read(child.stderr)]);
  const [code] = (await once(child, 'close')) as [number | null];
  return {
    name,
    code: code ?? 1,
    seconds: ((performance.now() - startedAt) / 1000).toFixed(1),
    output: (await printed).join(''),
  };
}

const read = (stream: Readable | null): Promise<string> =>
  stream === null ? Promise.resolve('') : text(stream);
