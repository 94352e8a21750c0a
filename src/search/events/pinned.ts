// Where `/events` gets the versions from that cursors are pinned to.

import type { View } from '#/search/view.ts';
import type { Edition } from './edition.ts';

export interface Pinned {
  /** The view to answer the first page from. */
  readonly current: () => View;
  /** The version in this worker's memory; null when it is not there. */
  readonly find: (version: number, tag: number) => Edition | null;
  /** The version in the snapshot store; null when it has gone from there too. Rejects when the store is unavailable. */
  readonly load: (version: number, tag: number) => Promise<Edition | null>;
}
