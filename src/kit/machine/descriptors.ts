// How many descriptors (files, sockets, pipes) this process may open, and how many connections that allows.

import { readFileSync } from 'node:fs';

/** Descriptors that are not client connections: modules, pipes, event loops, snapshot files, outgoing connections. */
const reserve = 48;

/** Null when the limit is unknown: only Linux reports it, and it may be unlimited. */
export function descriptorsMax(): number | null {
  try {
    const soft = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}

/** As many of the `wanted` connections as `max` descriptors allow, at least one. */
export const connectionsWithin = (wanted: number, max: number | null): number =>
  max === null ? wanted : Math.max(1, Math.min(wanted, max - reserve));

const adminConnectionsMax = 128;

/** The same for the supervisor, which holds pipes to its processes: two per slot while a successor starts. */
export const adminConnectionsWithin = (max: number | null, workers: number): number =>
  connectionsWithin(adminConnectionsMax, max === null ? null : max - 2 * (workers + 1));
