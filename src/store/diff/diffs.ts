// Pages of the differences between versions of a store. The comparison that was used last is kept, so that its next page does
// not compare again.

import type { Manifest } from '#/snapshot/manifest.ts';
import type { SnapshotStore } from '#/store/store.ts';
import { compareVersions, type Comparison } from './compare.ts';
import { cursorIn, pageOf, type DiffPage } from './page.ts';

export interface Diffs {
  /**
   * `cursor`: null for the first page. `invalid`: the cursor is not one of these two versions. Throws when a version is not kept
   * or is damaged, and DiffTooLarge.
   */
  page(from: number, to: number, limit: number, cursor: string | null): Promise<DiffPage | 'invalid'>;
}

export function createDiffs(store: Pick<SnapshotStore, 'retrieveManifest' | 'retrieveSegment'>): Diffs {
  let kept: { readonly names: string; readonly comparison: Promise<Comparison> } | null = null;

  const sideOf = (manifest: Manifest) => ({ store, manifest });

  async function comparisonOf(from: number, to: number): Promise<Comparison> {
    const [a, b] = [await store.retrieveManifest(from), await store.retrieveManifest(to)];
    const names = [a, b]
      .map(({ version, segments }) => [version, ...segments.map(({ hash }) => hash)].join(' '))
      .join('\n');
    if (kept?.names === names) return kept.comparison;
    const own = { names, comparison: compareVersions(sideOf(a), sideOf(b)) };
    kept = own;
    own.comparison.catch(() => {
      if (kept === own) kept = null;
    });
    return own.comparison;
  }

  return {
    async page(from, to, limit, cursor) {
      const comparison = await comparisonOf(from, to);
      const at = cursorIn(cursor, comparison);
      return at === null ? 'invalid' : pageOf(comparison, at, limit);
    },
  };
}
