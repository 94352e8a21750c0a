// How much memory is available, and how much each process may use before the kernel kills one.

import { totalmem } from 'node:os';

const megabyte = 1_000_000;

/** The memory that this process and its children may use: the limit of their cgroup (v1 or v2), at most that of the machine. */
export function memoryMegabytes(constrained = process.constrainedMemory(), total = totalmem()): number {
  // 0, or a number above the total memory, means no limit.
  return Math.floor((constrained > 0 ? Math.min(constrained, total) : total) / megabyte);
}

/** For the supervisor, and for what the kernel counts in addition to processes, such as recently written files. */
const supervisorMegabytes = 150;
const keptFree = 0.1;
/** A process that needs more than this is more likely faulty than serving a large catalogue. */
const shareMegabytesMax = 2048;

/**
 * An equal share for each API worker, for ingest, and for one successor that runs at the same time as the worker it
 * replaces. At least 1, because 0 means no limit.
 */
export function memoryShare(megabytes: number, apiWorkers: number, ingests: number): number {
  const shares = apiWorkers + Math.min(apiWorkers, 1) + ingests;
  const share = Math.floor((megabytes * (1 - keptFree) - supervisorMegabytes) / shares);
  return Math.max(1, Math.min(share, shareMegabytesMax));
}

/** V8 aborts at this multiple of the limit. The margin allows a process over its limit to be replaced first. */
const heapMargin = 1.25;
const heapMegabytesMin = 256;

/**
 * The Node flags for a process with this memory limit; none when V8's own limit of the heap is enough. `heapMegabytesMax`: of a heap
 * whose process has the largest share or less; V8 lets a heap with a limit of 2 GiB or more grow fourfold before it collects garbage.
 */
export function heapFlags(limitMegabytes: number, heapMegabytesMax = Infinity): readonly string[] {
  if (limitMegabytes === 0 || limitMegabytes > shareMegabytesMax) return [];
  if (limitMegabytes === shareMegabytesMax && heapMegabytesMax === Infinity) return [];
  const heap = Math.max(heapMegabytesMin, Math.round(limitMegabytes * heapMargin));
  return [`--max-old-space-size=${Math.min(heap, heapMegabytesMax)}`];
}
