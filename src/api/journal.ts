// The journal as a worker reads it for /changes and /rpde/events. A host without an archive knows no changes that its versions do not have.

import { existsSync } from 'node:fs';
import type { JournalReader, LatestReader } from '#/domain/journaled.ts';

export interface WorkerJournal extends JournalReader, LatestReader {
  readonly isHere: boolean;
}

/** `archiveUrl`: an SQLite file may be on another host, or not be created yet. */
export function createJournal(archiveUrl: string, reader: JournalReader & LatestReader): WorkerJournal {
  const path = /^sqlite:(.*)/.exec(archiveUrl)?.[1];
  let isFound = path === undefined;
  return {
    get isHere() {
      isFound ||= existsSync(path ?? '');
      return isFound;
    },
    slice(query) {
      return this.isHere ? reader.slice(query) : Promise.resolve(null);
    },
    latest(query) {
      return this.isHere ? reader.latest(query) : Promise.reject(new Error('This host has no archive.'));
    },
  };
}
