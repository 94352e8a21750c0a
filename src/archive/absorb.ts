// One batch of records, folded into the archive in one transaction: it is all there, or nothing of it is.

import type { Transaction } from 'kysely';
import { absorb, searchable, type Change } from '#/domain/absorb.ts';
import type { ParsedRecord } from '#/domain/record.ts';
import type { AbsorbRecord, RunInHand } from './batch.ts';
import { selectKnown, storedEvent, type StoredEvent } from './known.ts';
import { idsOf, uuidIn, valuesOf } from './rows.ts';
import type { Tables } from './tables/schema.ts';
import { writeQuarantine } from './runs/quarantine.ts';
import { lastSeq, takenBack } from './taken-back.ts';
import { setListing, setRecordKeys, writeChanges, writeRecords, type EventChange } from './writes.ts';

export interface AbsorbCounts {
  readonly added: number;
  readonly changed: number;
  readonly relisted: number;
  readonly quarantined: number;
  /** Observations in place of which a later one of the same event was taken. */
  readonly duplicates: number;
  /** Keys that were not known to have several records in a feed. */
  readonly contested: number;
}

/** `shownSeq`: the last journal entry that a reader of the catalogue can have seen. */
export async function absorbRecords(
  tx: Transaction<Tables>,
  run: RunInHand,
  records: readonly AbsorbRecord[],
  shownSeq: () => number,
): Promise<AbsorbCounts> {
  run.journalBefore ??= await lastSeq(tx);
  const known = await knownEvents(tx, run.provider, records);
  const changes = new Map<string, EventChange>();
  const counts = { added: 0, changed: 0, relisted: 0, withdrawn: 0, quarantined: 0, duplicates: 0 };
  const offline: StoredEvent[] = [];
  const rekeyed = new Map<string, string>();

  const { contested, outdated } = await writeRecords(tx, run, records);
  const missing = missingEvents(records, known, contested);
  const found = foundEvents(records, known);

  const last = lastToTell(records, outdated, known);
  for (const record of records) {
    const { parsed } = record;
    counts.duplicates += parsed.duplicates;
    counts.quarantined += parsed.faults.length;
    const recordKey = parsed.key ?? '';
    for (const observation of parsed.observations) {
      const { id, baseId, planId } = observation;
      if (last.get(id) !== record) {
        counts.duplicates++;
        continue;
      }
      const before = known.get(id) ?? null;
      const change = absorb(before, observation);
      if (change !== null) {
        counts[change.kind]++;
        const shownBefore = before?.shown ?? null;
        const shown = searchable(observation) ?? shownBefore;
        const zones = newZones(parsed, change);
        changes.set(id, {
          n: before?.n ?? null,
          id,
          baseId,
          planId,
          recordKey,
          change,
          zones,
          shownBefore,
          shown,
        });
        const isOffline = observation.facts.sellMode !== 'online';
        if (isOffline && before?.facts.sellMode === 'online' && before.changedAt === run.at)
          offline.push(before);
      }
      if (before !== null && before.key !== recordKey) rekeyed.set(id, recordKey);
    }
  }

  if (offline.length > 0)
    for (const { id, shown } of await takenBack(tx, run, offline, shownSeq())) {
      const change = changes.get(id);
      if (change !== undefined) changes.set(id, { ...change, shown });
    }
  await writeChanges(tx, run, [...changes.values()]);
  await setListing(tx, missing, 'missing');
  await setListing(tx, found, 'listed');
  await setRecordKeys(tx, rekeyed);
  await writeQuarantine(tx, run, records);
  const newly = records.filter(({ parsed, contested: folded }) => !folded && contested.has(parsed.key ?? ''));
  return { ...counts, contested: newly.length };
}

/**
 * Of each event the record that has the last word on it. What an earlier one says is not even absorbed first: were that one
 * online and the last one offline, the search would go on showing what the feed itself takes back. An outdated record has one
 * behind it that is known already, and with it all of its events: of events that are not known yet the outdated one tells.
 */
function lastToTell(
  records: readonly AbsorbRecord[],
  outdated: ReadonlySet<AbsorbRecord>,
  known: ReadonlyMap<string, StoredEvent>,
): Map<string, AbsorbRecord> {
  const last = new Map<string, AbsorbRecord>();
  for (const record of records) {
    const isOutdated = outdated.has(record);
    for (const { id } of record.parsed.observations) if (!isOutdated || !known.has(id)) last.set(id, record);
  }
  return last;
}

/**
 * All events of the records' keys: what an observation may change, and what a record may no longer hold. Asked for by key
 * and by id apart: for either of the two at once, databases read all events of the provider.
 */
async function knownEvents(
  tx: Transaction<Tables>,
  provider: string,
  records: readonly AbsorbRecord[],
): Promise<Map<string, StoredEvent>> {
  const keys = records.flatMap(({ parsed }) => parsed.key ?? []);
  const ids = records.flatMap(({ parsed }) => parsed.observations.map(({ id }) => id));
  const byKey = selectKnown(tx)
    .where('provider', '=', provider)
    .where('record_key', 'in', valuesOf(tx, keys));
  const byId = selectKnown(tx).where('id', 'in', idsOf(tx, ids));
  const known = new Map<string, StoredEvent>();
  for (const row of await byKey.execute()) {
    const event = storedEvent(row);
    known.set(event.id, event);
  }
  for (const row of await byId.execute())
    if (!known.has(uuidIn(row.id))) known.set(uuidIn(row.id), storedEvent(row));
  return known;
}

/**
 * Listed events that their own record no longer holds. They are not withdrawn before a complete feed has said so; where
 * a key has more records than this one, or a fault may hide an event, nothing is concluded.
 */
function missingEvents(
  records: readonly AbsorbRecord[],
  known: ReadonlyMap<string, StoredEvent>,
  contested: ReadonlySet<string>,
): string[] {
  const told = new Map<string, Set<string>>();
  for (const { parsed, contested: folded } of records) {
    if (parsed.key === null || parsed.faults.length > 0) continue;
    if (contested.has(parsed.key) && !folded) continue;
    told.set(parsed.key, new Set(parsed.observations.map((observation) => observation.id)));
  }
  return [...known].flatMap(([id, event]) =>
    event.listing === 'listed' && told.get(event.key)?.has(id) === false ? [id] : [],
  );
}

/** Events that were missing and are back before anybody had withdrawn them. */
function foundEvents(records: readonly AbsorbRecord[], known: ReadonlyMap<string, StoredEvent>): string[] {
  return records
    .flatMap(({ parsed }) => parsed.observations.map(({ id }) => id))
    .filter((id) => known.get(id)?.listing === 'missing');
}

/** The text of the zones that a change brings; null when it leaves them alone. */
function newZones({ zones }: ParsedRecord, { before, after }: Change): string | null {
  const { zonesHash } = after.facts;
  return before?.facts.zonesHash === zonesHash ? null : (zones.get(zonesHash) ?? null);
}
