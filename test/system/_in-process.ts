// A command of the project as a function call, where a process of its own would add nothing but a second of the processor.
// Its tests must be serial: the output of this process is intercepted.

import type { Environment } from './_system.ts';

export interface Called {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

/** Calls the `main` of a command with this environment in place of the one of this process. */
export async function called(
  main: (args: readonly string[]) => Promise<number>,
  args: readonly string[],
  environment: Environment = {},
): Promise<Called> {
  const texts = { stdout: '', stderr: '' };
  const saved = { stdout: process.stdout.write, stderr: process.stderr.write, env: process.env };
  for (const name of ['stdout', 'stderr'] as const)
    process[name].write = (text: string | Uint8Array) => {
      texts[name] += typeof text === 'string' ? text : Buffer.from(text).toString();
      return true;
    };
  process.env = { PATH: saved.env['PATH'], ...environment };
  try {
    const exitCode = await main(args);
    return { exitCode, output: texts.stdout, errors: texts.stderr };
  } finally {
    process.stdout.write = saved.stdout;
    process.stderr.write = saved.stderr;
    process.env = saved.env;
  }
}
