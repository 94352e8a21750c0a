// Where single events get what is not in a worker's memory: their zones, and when they were seen.

import type { Sighted } from '#/domain/event.ts';
import type { Found } from './id-index.ts';

export interface Companions {
  /** What is in memory; undefined when it must be read. */
  peek(found: Found): Sighted | undefined;
  /** Rejects when it cannot be read within a second or so. */
  read(found: Found): Promise<Sighted>;
}
