// The header that says how current the data of an answer is. Its value is a dictionary of RFC 9651:
//
//   Marquee-Catalogue: version=42, age=1, stale=?0

import type { View } from '#/search/view.ts';

export const catalogueHeader = 'Marquee-Catalogue';

/** What a worker knows of the data that it serves. */
export interface Freshness {
  /**
   * Seconds since the snapshot store last confirmed that the served version is the current one; null when it never has, after
   * a start from this host's disk.
   */
  readonly ageSeconds: number | null;
  /** The shared snapshot store is unreachable: the catalogue may be old. */
  readonly stale: boolean;
  /** An operator pinned the version. */
  readonly pinned: boolean;
}

export interface CatalogueHeader {
  /** The value for an answer of this version. Called for each request: it is a comparison unless the version has changed. */
  valueOf(view: Pick<View, 'version'>): string;
  /** Reads the freshness. Must be called when it changes, and each second, since the age grows. */
  update(): void;
}

export function createCatalogueHeader(freshness: () => Freshness): CatalogueHeader {
  let rest = restOf(freshness());
  let version = -1;
  let value = '';
  return {
    valueOf(view) {
      if (view.version !== version) {
        version = view.version;
        value = `version=${version}${rest}`;
      }
      return value;
    },
    update() {
      rest = restOf(freshness());
      version = -1;
    },
  };
}

function restOf({ ageSeconds, stale, pinned }: Freshness): string {
  const age = ageSeconds === null ? '' : `, age=${Math.max(0, Math.floor(ageSeconds))}`;
  return `${age}, stale=?${stale ? 1 : 0}${pinned ? ', pinned' : ''}`;
}
