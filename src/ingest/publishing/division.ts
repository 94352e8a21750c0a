// How the catalogue is divided into slices now. Most changes move no event to another day: the division stays as it is then.

import type { CatalogueReader } from '#/archive/catalogue.ts';
import { partition, type Slice } from '#/snapshot/partition.ts';

export interface Division {
  /** `days`: those that may have other events than the last time. All days are read the first time. */
  now(catalogue: Pick<CatalogueReader, 'dayCounts'>, days: readonly number[]): Promise<readonly Slice[]>;
}

export function createDivision(): Division {
  let counts: Map<number, number> | null = null;
  let slices: readonly Slice[] = [];
  return {
    async now(catalogue, days) {
      const known = counts;
      if (known === null) return (slices = partition((counts = await catalogue.dayCounts())));
      const fresh = await catalogue.dayCounts(days);
      const moved = days.filter((day) => (fresh.get(day) ?? 0) !== (known.get(day) ?? 0));
      for (const day of moved) known.set(day, fresh.get(day) ?? 0);
      return moved.length === 0 ? slices : (slices = partition(known));
    },
  };
}
