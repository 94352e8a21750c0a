// The changes of one event with the version that published each, also of an event that was never online.

import type { ChangeKind } from '#/domain/absorb.ts';
import type { PastChange, PastState } from '#/domain/past.ts';
import { zonesTextOf } from '#/domain/zones.ts';
import { entriesOf, stateAfter } from '#/archive/history/states.ts';
import { stateIn } from '#/archive/known.ts';
import type { Db } from '#/archive/rows.ts';
import type { InspectedEvent } from './event.ts';

export interface PublishedChange extends PastChange {
  /** The first version that was published with the change or after it; null when none was yet, or when that is not known. */
  readonly version: number | null;
  readonly publishedAt: number | null;
}

export interface PublishedChanges {
  /** The newest first. */
  readonly changes: readonly PublishedChange[];
  readonly hasMore: boolean;
}

/** `before`: null for the newest. `tx`: a transaction that sees one state of the archive. */
export async function publishedChanges(
  tx: Db,
  { row }: InspectedEvent,
  before: number | null,
  limit: number,
): Promise<PublishedChanges> {
  const entries = await entriesOf(tx, row)
    .select(['seq', 'at', 'run_id', 'kind', 'before', 'zones'])
    .where('seq', '<', before ?? Number.MAX_SAFE_INTEGER)
    .orderBy('seq', 'desc')
    .limit(limit + 1)
    .execute();
  const changes: PublishedChange[] = [];
  let after: PastState | null = null;
  for (const { seq, at, run_id: runId, kind, before: text, zones } of entries.slice(0, limit)) {
    after ??= await stateAfter(tx, row, seq);
    const known = text === null ? null : stateIn(text);
    const then: PastState | null =
      known === null
        ? null
        : {
            listed: known.listing !== 'withdrawn',
            facts: known.facts,
            zones: zones === null ? after.zones : zonesTextOf(zones),
          };
    const version = await firstVersionWith(tx, seq);
    changes.push({
      seq,
      at,
      runId,
      kind: kind as ChangeKind,
      before: then,
      after,
      version: version?.version ?? null,
      publishedAt: version?.at ?? null,
    });
    if (then !== null) after = then;
  }
  return { changes, hasMore: entries.length > limit };
}

interface Version {
  readonly version: number;
  readonly seq: number;
  readonly at: number;
}

/** The versions are in the order of their entries, but only their numbers are indexed: a binary search over these. */
async function firstVersionWith(tx: Db, seq: number): Promise<Version | null> {
  const published = tx.selectFrom('published').select(['version', 'seq', 'at']);
  const newest = await published.orderBy('version', 'desc').limit(1).executeTakeFirst();
  if (newest === undefined || newest.seq < seq) return null;
  let found: Version = newest;
  let low = 0;
  while (low < found.version - 1) {
    const middle = Math.floor((low + found.version) / 2);
    const one = await published
      .where('version', '<=', middle)
      .where('version', '>', low)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (one !== undefined && one.seq >= seq) found = one;
    else low = middle;
  }
  return found;
}
