// Versions that show a part of a run, published while it still absorbs. Nobody rolls back to them, and of a first load each
// builds all segments anew: a store that kept them as it keeps others would hold the catalogue several times.

import type { SnapshotStore } from '#/store/store.ts';

export interface Passing {
  /** The store, which lets go of such versions when it is pruned; the last but one stays for workers on their way to it. */
  readonly store: SnapshotStore;
  published(version: number, isPart: boolean): void;
  /** Prunes once no worker is on its way any more. To be called every few seconds. Rejects when the store is away. */
  tidy(): Promise<void>;
}

/** After a publish: by the first every worker has retrieved it; by the second a store has found what nobody names. */
const tidyAfterMs = [30_000, 95_000];

export function createPassing(store: SnapshotStore, elapsed: () => number): Passing {
  /** In their order. */
  let versions: number[] = [];
  let newest = 0;
  let due: number[] = [];
  return {
    store: { ...store, prune: () => store.prune(new Set(versions.slice(0, -1))) },
    published(version, isPart) {
      newest = version;
      if (isPart) versions.push(version);
      if (versions.some((one) => one !== newest)) due = tidyAfterMs.map((ms) => elapsed() + ms);
    },
    async tidy() {
      if (due[0] === undefined || elapsed() < due[0]) return;
      await store.prune(new Set(versions.filter((version) => version !== newest)));
      due = due.slice(1);
      if (due.length === 0) versions = versions.filter((version) => version === newest);
    },
  };
}
