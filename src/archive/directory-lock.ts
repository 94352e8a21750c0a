// One process at a time: a lock file that is locked, not merely there. SQLite locks it by the operating system, which
// releases it when the process ends, however it ends, and which other containers on the same volume see too. A lock file
// that is left behind is therefore no obstacle, whatever has the number of its old holder by now.

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

/** Who holds a lock: for the message of others only. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
}

/** Another process holds the lock. */
export class Locked extends Error {
  constructor(holder: Holder | null) {
    super(
      holder === null
        ? 'another process uses it'
        : `the process ${holder.pid} on ${holder.host} uses it since ${holder.since}`,
    );
    this.name = 'Locked';
  }
}

/** A holder that is just ending, or has not yet written who it is, gets this long. */
const tries = { most: 6, everyMs: 100 };
const sqliteBusy = 5;

/** Kept from the garbage collector, which would close them. They are released with the process. */
const held: DatabaseSync[] = [];

/** Locks the file at `path`, made where it is missing, until this process ends. Throws Locked, or what the file system says. */
export async function lockUntilExit(path: string, now: () => number): Promise<void> {
  for (let tried = 1; !lock(path); tried++) {
    if (tried === tries.most) throw new Locked(readHolder(holderPath(path)));
    await sleep(tries.everyMs);
  }
  const holder: Holder = { pid: process.pid, host: hostname(), since: new Date(now()).toISOString() };
  const part = `${holderPath(path)}.part`;
  writeFileSync(part, `${JSON.stringify(holder)}\n`);
  renameSync(part, holderPath(path));
}

/** The lock file itself must not be opened again by its holder: to close it would release the lock. */
const holderPath = (path: string): string => `${path}.json`;

function lock(path: string): boolean {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // Nothing is ever written to it, so that it needs no file for a journal.
    database.exec('pragma journal_mode = memory; begin exclusive');
    held.push(database);
    return true;
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === sqliteBusy) return false;
    throw error;
  }
}

function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return null;
  }
}
