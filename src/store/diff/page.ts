// One page of a comparison. Its rows are read from the segments again; the bytes that a page reads are limited.

import { LRUCache } from 'lru-cache';
import type { Segment } from '#/snapshot/segment.ts';
import { segmentAt, type Comparison, type Place, type Side } from './compare.ts';
import { differing, eventObject, type EventObject } from './event-object.ts';

export interface ChangedEvent {
  readonly before: EventObject;
  readonly after: EventObject;
  /** The names of the fields that differ. */
  readonly fields: readonly string[];
}

export interface DiffPage {
  readonly from: number;
  readonly to: number;
  readonly added: readonly EventObject[];
  readonly changed: readonly ChangedEvent[];
  readonly removed: readonly EventObject[];
  /** The number of events of each kind on all pages. */
  readonly counts: { readonly added: number; readonly changed: number; readonly removed: number };
  /** Null on the last page. */
  readonly next_cursor: string | null;
}

/** Rows of a page that are in segments beyond this many bytes come with the next page. */
const pageBytesMax = 64_000_000;
const heldBytesMax = 32_000_000;

/** How many rows of each kind the pages before had. */
interface Cursor {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

const cursorForm = /^([0-9a-f]{12})\.(\d{1,9})\.(\d{1,9})\.(\d{1,9})$/;

/** Null when the text is not a cursor of this comparison. */
export function cursorIn(text: string | null, { tag }: Pick<Comparison, 'tag'>): Cursor | null {
  if (text === null) return { added: 0, changed: 0, removed: 0 };
  const [, own, added, changed, removed] = cursorForm.exec(text) ?? [];
  if (own !== tag) return null;
  return { added: Number(added), changed: Number(changed), removed: Number(removed) };
}

/** At most `limit` events of each kind. Throws when a segment cannot be read. */
export async function pageOf(comparison: Comparison, cursor: Cursor, limit: number): Promise<DiffPage> {
  const { from, to, tag } = comparison;
  const reader = createReader(limit);
  const added = await reader.rows(comparison.added.slice(cursor.added, cursor.added + limit), (place) =>
    reader.event(to, place),
  );
  const changed = await reader.rows(
    comparison.changed.slice(cursor.changed, cursor.changed + limit),
    async (pair) => {
      const [before, after] = [await reader.event(from, pair.before), await reader.event(to, pair.after)];
      return { before, after, fields: differing(before, after) };
    },
  );
  const removed = await reader.rows(
    comparison.removed.slice(cursor.removed, cursor.removed + limit),
    (place) => reader.event(from, place),
  );
  const counts = {
    added: comparison.added.length,
    changed: comparison.changed.length,
    removed: comparison.removed.length,
  };
  const next = {
    added: cursor.added + added.length,
    changed: cursor.changed + changed.length,
    removed: cursor.removed + removed.length,
  };
  const hasMore = next.added < counts.added || next.changed < counts.changed || next.removed < counts.removed;
  return {
    from: from.manifest.version,
    to: to.manifest.version,
    added,
    changed,
    removed,
    counts,
    next_cursor: hasMore ? `${tag}.${next.added}.${next.changed}.${next.removed}` : null,
  };
}

function createReader(limit: number) {
  const held = new LRUCache<string, Segment>({
    maxSize: heldBytesMax,
    sizeCalculation: ({ brief }) => Math.max(1, brief.text.buffer.byteLength),
  });
  let bytes = 0;
  let isFirst = true;

  async function segment(side: Side, index: number): Promise<Segment> {
    const entry = side.manifest.segments[index];
    const key = entry?.hash ?? '';
    const known = held.get(key);
    if (known !== undefined) return known;
    const read = await segmentAt(side, index);
    bytes += entry?.bytes ?? 0;
    held.set(key, read);
    return read;
  }

  return {
    event: async (side: Side, { segment: index, place }: Place): Promise<EventObject> =>
      eventObject(await segment(side, index), place),
    /** Stops at the limit on bytes, but reads at least one row for a page. */
    async rows<From, Row>(list: readonly From[], read: (one: From) => Promise<Row>): Promise<Row[]> {
      const rows: Row[] = [];
      for (const one of list.slice(0, limit)) {
        if (!isFirst && bytes > pageBytesMax) break;
        rows.push(await read(one));
        isFirst = false;
      }
      return rows;
    },
  };
}
