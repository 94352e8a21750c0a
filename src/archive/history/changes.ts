// The changes of one event, from the newest to the oldest.

import type { ChangeKind } from '#/domain/absorb.ts';
import type { NotInPast, PastChange, PastPage, PastState, Until } from '#/domain/past.ts';
import { zonesTextOf } from '#/domain/zones.ts';
import { stateIn } from '#/archive/known.ts';
import type { Db } from '#/archive/rows.ts';
import { entriesOf, eventRow, stateAfter } from './states.ts';

/** See `Past`. `tx`: a transaction that sees one state of the archive. */
export async function changesOf(
  tx: Db,
  id: string,
  beforeSeq: number,
  until: Until | null,
  limit: number,
): Promise<PastPage | NotInPast> {
  const row = await eventRow(tx, id);
  if (row === null) return { missing: 'event' };
  const isVersion = until?.kind === 'version';
  const lastSeq = isVersion ? await seqOf(tx, until.version) : Infinity;
  if (lastSeq === null) return { missing: 'version' };
  const entries = await entriesOf(tx, row)
    .select(['seq', 'at', 'run_id', 'kind', 'before', 'zones'])
    .where('seq', '<', Math.min(beforeSeq, lastSeq + 1, Number.MAX_SAFE_INTEGER))
    .where('at', '<=', until?.kind === 'instant' ? until.instant : Number.MAX_SAFE_INTEGER)
    .orderBy('seq', 'desc')
    .limit(limit + 1)
    .execute();
  const changes: PastChange[] = [];
  let after: PastState | null = null;
  for (const { seq, at, run_id: runId, kind, before: text, zones } of entries.slice(0, limit)) {
    after ??= await stateAfter(tx, row, seq);
    const known = text === null ? null : stateIn(text);
    const before: PastState | null =
      known === null
        ? null
        : {
            listed: known.listing !== 'withdrawn',
            facts: known.facts,
            zones: zones === null ? after.zones : zonesTextOf(zones),
          };
    changes.push({ seq, at, runId, kind: kind as ChangeKind, before, after });
    after = before;
  }
  return { changes, hasMore: entries.length > limit };
}

/** The last journal entry that a version contains; null when the archive did not publish it. */
async function seqOf(tx: Db, version: number): Promise<number | null> {
  const published = tx.selectFrom('published');
  const own = await published.select('version').where('version', '=', version).executeTakeFirst();
  if (own === undefined) return null;
  // A version that only rebuilt segments has no entry of its own.
  const last = await published
    .select((eb) => eb.fn.max('seq').as('seq'))
    .where('version', '<=', version)
    .executeTakeFirst();
  return last?.seq ?? 0;
}
