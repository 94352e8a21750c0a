// Threads that only compute, such as those that parse feeds: node's permission model refuses them the network, writing, programs,
// further threads and native code. What a document may make a parser do then ends in the thread.

import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { threadOptions, type ThreadOptions } from './threads.ts';

/** What these threads may read: the modules of the project, and the packages where node looks for them. node adds the current directory. */
function readable(): string[] {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const packages = createRequire(import.meta.url).resolve.paths('a-package') ?? [];
  return [root, ...packages].flatMap((path) => {
    try {
      return `${realpathSync(path)}/*`;
    } catch {
      return [];
    }
  });
}

/** Options of `new Worker`, as `threadOptions`. Permissions of a thread do not change those of its process. */
export function confinedOptions(): ThreadOptions {
  const { env, execArgv } = threadOptions();
  const cache = env['NODE_COMPILE_CACHE'];
  return {
    env,
    execArgv: [
      ...execArgv,
      '--permission',
      ...readable().map((path) => `--allow-fs-read=${path}`),
      ...(cache === undefined ? [] : [`--allow-fs-read=${cache}/*`]),
    ],
  };
}
