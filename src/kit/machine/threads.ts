// What a thread inherits from its process: the compile cache, and nothing else of the environment, which contains secrets.

import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { reportFlags } from './reports.ts';

export interface ThreadOptions {
  readonly env: Record<string, string>;
  readonly execArgv: string[];
}

/**
 * Options of `new Worker`. Without the cache, a thread compiles its TypeScript again at each start, which takes 150 ms of the
 * processor. Its flags replace those of the process, whose `--import` is meant for the main thread.
 */
export function threadOptions(): ThreadOptions {
  // node uses a subdirectory of the configured directory, named after its own version.
  const directory = getCompileCacheDir();
  return {
    env: directory === undefined ? {} : { NODE_COMPILE_CACHE: dirname(directory) },
    execArgv: [...reportFlags],
  };
}

/** The limit of the young generation of threads that make much garbage: decision record 137 has the figures. */
export const youngMegabytes = 8;

/**
 * From now on, the young generation of a new thread has the limit of that thread. The flag `--max-semi-space-size` of a process is
 * meant for its main thread, whose heap has that size already; but it takes precedence over the limits of threads.
 */
export const sizeThreadsByTheirLimits = (): void => setFlagsFromString('--max-semi-space-size=0');
