// One batch of records, folded into the archive in one transaction: it is all there, or nothing of it is.

import type { Transaction } from 'kysely';
import { absorb, searchable, type Change, type KnownEvent } from '#/domain/absorb.ts';
import type { CatalogueEvent, Facts, Listing } from '#/domain/event.ts';
import type { ParsedRecord } from '#/domain/record.ts';
import type { AbsorbRecord, RunInHand } from './batch.ts';
import { valuesOf } from './rows.ts';
import type { Tables } from './schema.ts';
import { writeQuarantine } from './quarantine.ts';
import { lastSeq, takenBack } from './taken-back.ts';
import {
  removeFromCatalogue,
  setListing,
  setRecordKeys,
  writeCatalogue,
  writeChanges,
  writeRecords,
  writeZones,
  type EventChange,
} from './writes.ts';

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

interface StoredEvent extends KnownEvent {
  readonly key: string;
  readonly changedAt: number;
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
  const changes: EventChange[] = [];
  const catalogue = new Map<string, CatalogueEvent>();
  const counts = { added: 0, changed: 0, relisted: 0, withdrawn: 0, quarantined: 0, duplicates: 0 };
  const zones = new Map<string, string>();
  const offline: string[] = [];
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
        changes.push({ id, baseId, planId, recordKey, change });
        counts[change.kind]++;
        addZones(zones, parsed, change);
        const seen = searchable(observation);
        if (seen !== null) catalogue.set(seen.id, seen);
        else if (before?.facts.sellMode === 'online' && before.changedAt === run.at) offline.push(id);
      }
      if (before !== null && before.key !== recordKey) rekeyed.set(id, recordKey);
    }
  }

  const { restored, removed } = await takenBack(tx, run, offline, shownSeq());
  for (const event of restored) catalogue.set(event.id, event);
  await writeZones(tx, zones);
  const seq = await writeChanges(tx, run, changes);
  await setListing(tx, missing, 'missing');
  await setListing(tx, found, 'listed');
  await setRecordKeys(tx, rekeyed);
  await writeCatalogue(tx, [...catalogue.values()], seq);
  await removeFromCatalogue(tx, removed, seq);
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
  const events = tx.selectFrom('event').select(['id', 'record_key', 'listing', 'facts', 'changed_at']);
  const byKey = events.where('provider', '=', provider).where('record_key', 'in', valuesOf(tx, keys));
  const byId = events.where('id', 'in', valuesOf(tx, ids));
  return new Map(
    [...(await byKey.execute()), ...(await byId.execute())].map((row) => [
      row.id,
      {
        key: row.record_key,
        changedAt: row.changed_at,
        listing: row.listing as Listing,
        facts: JSON.parse(row.facts) as Facts,
      },
    ]),
  );
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

function addZones(zones: Map<string, string>, parsed: ParsedRecord, change: Change): void {
  const { zonesHash } = change.after.facts;
  const text = parsed.zones.get(zonesHash);
  if (text !== undefined) zones.set(zonesHash, text);
}
