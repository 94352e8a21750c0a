// How many descriptors (files, sockets, pipes) this process may have open, and how many connections fit among them.

import { readFileSync } from 'node:fs';

/** What a process has open beside its connections: modules, pipes, event loops, files of a snapshot, connections of its own. */
const reserve = 48;

/** Null where the limit is unknown: only Linux tells it, and there may be none. */
export function descriptorsMax(): number | null {
  try {
    const soft = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}

/** The connections that were asked for, or fewer: as many as `max` descriptors leave room for, and at least one. */
export const connectionsWithin = (wanted: number, max: number | null): number =>
  max === null ? wanted : Math.max(1, Math.min(wanted, max - reserve));

const adminConnectionsMax = 128;

/** The same of the supervisor, which holds pipes to its workers, to two of each while one replaces the other. */
export const adminConnectionsWithin = (max: number | null, workers: number): number =>
  connectionsWithin(adminConnectionsMax, max === null ? null : max - 2 * (workers + 1));
