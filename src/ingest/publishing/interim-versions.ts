// Versions that were published while their feed run was still running. Nobody rolls back to such a version, and in a first load
// each of them rebuilds all segments: a store that kept them like other versions would hold the catalogue several times.

import type { SnapshotStore } from '#/store/store.ts';

export interface InterimVersions {
  /** The store, whose `prune` removes interim versions. It keeps the newest of them, for workers that are retrieving it. */
  readonly store: SnapshotStore;
  published(version: number, isInterim: boolean): void;
  /** This version turned out to be the state at the end of its run: it is kept like any other. */
  completed(version: number): void;
  /** Removes the replaced ones once no worker retrieves them any more. Call it every few seconds. Rejects when the store fails. */
  remove(): Promise<void>;
}

/** After a publish: at the first, every worker has retrieved it; at the second, Redis has kept unnamed segments long enough. */
const removeAfterMs = [30_000, 95_000];

export function createInterimVersions(store: SnapshotStore, elapsed: () => number): InterimVersions {
  /** In ascending order. */
  let versions: number[] = [];
  let newest = 0;
  let due: number[] = [];
  return {
    store: { ...store, prune: () => store.prune(new Set(versions.slice(0, -1))) },
    published(version, isInterim) {
      newest = version;
      if (isInterim) versions.push(version);
      if (versions.some((one) => one !== newest)) due = removeAfterMs.map((ms) => elapsed() + ms);
    },
    completed: (version) => void (versions = versions.filter((one) => one !== version)),
    async remove() {
      if (due[0] === undefined || elapsed() < due[0]) return;
      await store.prune(new Set(versions.filter((version) => version !== newest)));
      due = due.slice(1);
      if (due.length === 0) versions = versions.filter((version) => version === newest);
    },
  };
}
