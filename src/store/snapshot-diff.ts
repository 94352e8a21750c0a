// The events added, changed and removed between two versions. Only segments that differ are read.

import type { Manifest } from '#/snapshot/manifest.ts';
import { decodeSegment } from '#/snapshot/segment.ts';
import { idOf, textsIn } from '#/snapshot/texts.ts';
import type { SnapshotStore } from './store.ts';

/** An event as a search returns it. */
type Summary = Readonly<Record<string, unknown>>;

export interface SnapshotDiff {
  readonly from: number;
  readonly to: number;
  readonly added: readonly Summary[];
  readonly changed: readonly { readonly before: Summary; readonly after: Summary }[];
  readonly removed: readonly Summary[];
  /** The number of events of each kind, including those that are not listed. */
  readonly counts: { readonly added: number; readonly changed: number; readonly removed: number };
}

/** Lists at most `limit` events of each kind. Throws when a version is not kept or is damaged. */
export async function diffSnapshots(
  store: SnapshotStore,
  from: number,
  to: number,
  limit: number,
): Promise<SnapshotDiff> {
  const [a, b] = [await store.retrieveManifest(from), await store.retrieveManifest(to)];
  const before = await eventsOnlyIn(a, b, store);
  const after = await eventsOnlyIn(b, a, store);
  const added = [...after].flatMap(([id, text]) => (before.has(id) ? [] : [text]));
  const removed = [...before].flatMap(([id, text]) => (after.has(id) ? [] : [text]));
  const changed = [...after].flatMap(([id, text]) => {
    const old = before.get(id);
    return old === undefined || old === text ? [] : [{ before: old, after: text }];
  });
  return {
    from,
    to,
    added: added.slice(0, limit).map(summaryOf),
    changed: changed
      .slice(0, limit)
      .map((pair) => ({ before: summaryOf(pair.before), after: summaryOf(pair.after) })),
    removed: removed.slice(0, limit).map(summaryOf),
    counts: { added: added.length, changed: changed.length, removed: removed.length },
  };
}

/** The events, as JSON by id, in those segments of `manifest` that `other` does not have. */
async function eventsOnlyIn(
  manifest: Manifest,
  other: Manifest,
  store: SnapshotStore,
): Promise<Map<string, string>> {
  const shared = new Set(other.segments.map(({ hash }) => hash));
  const events = new Map<string, string>();
  for (const { hash } of manifest.segments) {
    if (shared.has(hash)) continue;
    const segment = decodeSegment(await store.retrieveSegment(hash));
    for (const json of textsIn(segment)) events.set(idOf(json), json);
  }
  return events;
}

const summaryOf = (json: string): Summary => JSON.parse(json) as Summary;
