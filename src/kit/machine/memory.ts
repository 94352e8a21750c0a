// How much memory there is, and how much of it each process may take before the kernel kills one.

import { totalmem } from 'node:os';

const megabyte = 1_000_000;

/** What this process and its children may have together: the limit of their cgroup (1 or 2), at most what the machine has. */
export function memoryMegabytes(constrained = process.constrainedMemory(), total = totalmem()): number {
  // 0 or a number beyond all memory: no limit.
  return Math.floor((constrained > 0 ? Math.min(constrained, total) : total) / megabyte);
}

/** The supervisor, and what the kernel counts beside the processes, such as files that were just written. */
const supervisorMegabytes = 150;
const keptFree = 0.1;
/** A process that needs more than this has a fault more often than a large catalogue. */
const shareMegabytesMax = 2048;

/**
 * An equal share for each API worker, for ingest, and for the successor that starts beside a worker before that ends. At
 * least 1: a share of almost nothing is still a limit.
 */
export function memoryShare(megabytes: number, apiWorkers: number, ingests: number): number {
  const shares = apiWorkers + Math.min(apiWorkers, 1) + ingests;
  const share = Math.floor((megabytes * (1 - keptFree) - supervisorMegabytes) / shares);
  return Math.max(1, Math.min(share, shareMegabytesMax));
}

/** V8 fails when it needs more heap than this; the margin lets a process that is over its limit be replaced first. */
const heapMargin = 1.25;
const heapMegabytesMin = 256;

/** The flags for a process that may take so much: none when V8's own limit does. */
export function heapFlags(limitMegabytes: number): readonly string[] {
  if (limitMegabytes === 0 || limitMegabytes >= shareMegabytesMax) return [];
  return [`--max-old-space-size=${Math.max(heapMegabytesMin, Math.round(limitMegabytes * heapMargin))}`];
}
