// The journal as a worker reads it for /changes. A host without an archive knows no changes that its versions do not have.

import { existsSync } from 'node:fs';
import type { JournalReader } from '#/domain/journaled.ts';

export interface WorkerJournal extends JournalReader {
  readonly isHere: boolean;
}

/** `archiveUrl`: an SQLite file may be on another host, or not be created yet. */
export function createJournal(archiveUrl: string, reader: JournalReader): WorkerJournal {
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
  };
}
