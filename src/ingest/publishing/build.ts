// Builds segments in the thread pool.

import type { StructuredSerializeOptions } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { buffersOf } from '#/domain/packed/buffers.ts';
import type { BuildTask, BuiltSlice } from '#/snapshot/build.thread.ts';

/** The rows of the slice of a task: the thread of the pool gets them, and nobody has them afterwards. */
export type Build = (task: BuildTask) => Promise<BuiltSlice>;

export function createBuild(pool: Piscina): Build {
  const filename = new URL('../../snapshot/build.thread.ts', import.meta.url).href;
  return (task) => {
    // Piscina passes the list on to `postMessage`, and its type is that of the other form of this argument.
    const transferList = buffersOf(task.slice.rows, task.slice.zones) as StructuredSerializeOptions;
    return pool.run(task, { filename, transferList }) as Promise<BuiltSlice>;
  };
}
