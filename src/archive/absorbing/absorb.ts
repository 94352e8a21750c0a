// Absorbs one batch of records into the archive. The caller's transaction commits all of it or nothing.

import { uuidIn } from '#/domain/identity.ts';
import { absorb, searchable, type Change } from '#/domain/absorb.ts';
import { notesOf, observationsOf, type PackedObservation } from '#/domain/packed/records.ts';
import { keyOf, type AbsorbRecord, type AbsorbRun } from './batch.ts';
import { writeRecords, type SeenRecords } from './feed-records.ts';
import { selectKnown, storedEvent, type StoredEvent } from '#/archive/known.ts';
import { idsOf, valuesOf, type Db } from '#/archive/rows.ts';
import { writeQuarantine } from '#/archive/runs/quarantine.ts';
import type { Refusal } from '#/domain/refusal.ts';
import { judgeValues, type ValueCensus } from '#/domain/value-gate.ts';
import { haveRepeated } from './repeated-ids.ts';
import { takenBack } from './taken-back.ts';
import { valueCensus } from './value-census.ts';
import { countListed } from './withdraw.ts';
import { setListing, setRecordKeys, writeChanges, type AddedEvent, type EventChange } from './writes.ts';

export interface AbsorbCounts {
  readonly added: number;
  readonly changed: number;
  readonly relisted: number;
  readonly quarantined: number;
  /** Observations that a later one of the same event replaced. */
  readonly duplicates: number;
  /** Keys that were not known to have several records in a feed. */
  readonly contested: number;
}

export interface Absorbed {
  readonly counts: AbsorbCounts;
  /** The records that were written. */
  readonly seen: readonly SeenRecords[];
  /** Why nothing of the batch was absorbed; null when it was. */
  readonly held: HeldValues | null;
  /** Nothing of the batch was absorbed: not all of it is new, so the indexes of a first load must be built. False in any other. */
  readonly needsIndexes: boolean;
  /** What was compared, with what the gate was given; null without a gate. */
  readonly values: ValueCensus | null;
}

/** Values that the gate holds. */
export interface HeldValues {
  readonly refusal: Refusal;
  /** How many records would have changed. */
  readonly records: number;
}

/** A record and its observations. */
interface Told {
  readonly record: AbsorbRecord;
  readonly key: string | null;
  readonly observations: readonly PackedObservation[];
}

/**
 * `seenAt`: by key, where this run has met a record of that key before; -1 if it has not. `shownSeq`: the last journal entry that
 * a reader of the catalogue can have seen.
 */
export async function absorbRecords(
  db: Db,
  run: AbsorbRun,
  records: readonly AbsorbRecord[],
  seenAt: ReadonlyMap<string, number>,
  shownSeq: () => number,
): Promise<Absorbed> {
  const told = records.map((record): Told => {
    const observations = observationsOf(record.batch, record.index);
    return { record, key: keyOf(record), observations };
  });
  const ids = told.flatMap(({ observations }) => observations.map(({ id }) => id));
  const known = await knownEvents(db, run.provider, told, ids, seenAt);
  const values = run.valueGate === null ? null : valueCensus(told, known, run.valueGate.before);
  const held = await heldBy(db, run, values);
  if (held !== null) return { ...nothingAbsorbed, held, values };
  const changes = new Map<string, EventChange>();
  const added: AddedEvent[] = [];
  const counts = { added: 0, changed: 0, relisted: 0, withdrawn: 0, quarantined: 0, duplicates: 0 };
  const offline: StoredEvent[] = [];
  const rekeyed = new Map<string, string>();

  const { contested, outdated, seen } = await writeRecords(db, run, records, seenAt);
  const missing = missingEvents(told, known, contested);
  const found = foundEvents(ids, known);

  const last = outdated.size > 0 || haveRepeated(ids) ? lastToTell(told, outdated, known) : null;
  for (const one of told) {
    const notes = notesOf(one.record.batch, one.record.index);
    counts.duplicates += notes.duplicates;
    counts.quarantined += notes.faults.length;
    const recordKey = one.key ?? '';
    for (const observation of one.observations) {
      const { id } = observation;
      if (last !== null && last.get(id) !== one) {
        counts.duplicates++;
        continue;
      }
      const before = known.get(id);
      if (before === undefined) {
        counts.added++;
        added.push({ recordKey, observation });
        continue;
      }
      const change = absorb(before, observation);
      if (change !== null) {
        counts[change.kind]++;
        const shown = searchable(observation) ?? before.shown;
        const zones = newZones(observation, change);
        changes.set(id, { n: before.n, id, recordKey, change, zones, shownBefore: before.shown, shown });
        const isTakenOffline = !observation.isOnline && before.facts.sellMode === 'online';
        if (isTakenOffline && before.changedAt === run.at) offline.push(before);
      }
      if (before.key !== recordKey) rekeyed.set(id, recordKey);
    }
  }

  if (offline.length > 0)
    for (const { id, shown } of await takenBack(db, run, offline, shownSeq())) {
      const change = changes.get(id);
      if (change !== undefined) changes.set(id, { ...change, shown });
    }
  await writeChanges(db, run, [...changes.values()], added);
  await setListing(db, missing, 'missing');
  await setListing(db, found, 'listed');
  await setRecordKeys(db, rekeyed);
  await writeQuarantine(db, run, records);
  const newly = told.filter(({ record, key }) => !record.contested && contested.has(key ?? ''));
  return { counts: { ...counts, contested: newly.length }, seen, held: null, values, needsIndexes: false };
}

const noCounts: AbsorbCounts = {
  added: 0,
  changed: 0,
  relisted: 0,
  quarantined: 0,
  duplicates: 0,
  contested: 0,
};

export const nothingAbsorbed: Absorbed = {
  counts: noCounts,
  seen: [],
  held: null,
  values: null,
  needsIndexes: false,
};

/** What the gate of values says of a batch, of which `values` is the census. */
export async function heldBy(db: Db, run: AbsorbRun, values: ValueCensus | null): Promise<HeldValues | null> {
  if (run.valueGate === null || values === null) return null;
  const { limits, fewShare } = run.valueGate;
  const refusal = judgeValues(values, limits);
  if (refusal === null) return null;
  if (fewShare > 0 && values.records <= fewShare * (await countListed(db, run))) return null;
  return { refusal, records: Math.max(values.prices, values.dates) };
}

/**
 * Of each event, the last record that reports it. Earlier records are not absorbed at all: if an earlier one were online and the
 * last one offline, the search would continue to show what the feed itself takes back. After an outdated record comes one that is
 * known already, with all of its events; an outdated record therefore only reports events that are not known yet.
 */
function lastToTell(
  told: readonly Told[],
  outdated: ReadonlySet<AbsorbRecord>,
  known: ReadonlyMap<string, StoredEvent>,
): Map<string, Told> {
  const last = new Map<string, Told>();
  for (const one of told) noteLast(last, one, outdated.has(one.record) ? known : null);
  return last;
}

/** Most records have one event: an inner loop would be optimized, left and discarded again for each of them. */
function noteLast(last: Map<string, Told>, one: Told, except: ReadonlyMap<string, StoredEvent> | null): void {
  for (const { id } of one.observations) if (except === null || !except.has(id)) last.set(id, one);
}

/**
 * All events of the records' keys: those that an observation may change, and those that a record may no longer have. Keys and ids
 * are two queries: for either of the two in one query, databases read all events of the provider.
 */
async function knownEvents(
  db: Db,
  provider: string,
  told: readonly Told[],
  ids: readonly string[],
  seenAt: ReadonlyMap<string, number>,
): Promise<Map<string, StoredEvent>> {
  // A key without a row has no event that is listed or missing: its row is deleted when all of them are withdrawn.
  const keys =
    seenAt.size === 0 ? [] : told.flatMap(({ key }) => (key !== null && seenAt.has(key) ? key : []));
  const byKey = selectKnown(db)
    .where('provider', '=', provider)
    .where('record_key', 'in', valuesOf(db, keys));
  const byId = selectKnown(db).where('id', 'in', idsOf(db, ids));
  const known = new Map<string, StoredEvent>();
  for (const row of [...(keys.length === 0 ? [] : await byKey.execute()), ...(await byId.execute())]) {
    const id = uuidIn(row.id);
    if (!known.has(id)) known.set(id, storedEvent(row));
  }
  return known;
}

/**
 * Listed events that their own record no longer has. They are withdrawn only when a complete feed confirms it; where
 * a key has more records than this one, or a fault may hide an event, nothing is concluded.
 */
function missingEvents(
  told: readonly Told[],
  known: ReadonlyMap<string, StoredEvent>,
  contested: ReadonlySet<string>,
): string[] {
  if (known.size === 0) return [];
  const idsByKey = new Map<string, Set<string>>();
  for (const { record, key, observations } of told) {
    if (key === null || notesOf(record.batch, record.index).faults.length > 0) continue;
    if (contested.has(key) && !record.contested) continue;
    idsByKey.set(key, new Set(observations.map(({ id }) => id)));
  }
  return [...known].flatMap(([id, event]) =>
    event.listing === 'listed' && idsByKey.get(event.key)?.has(id) === false ? [id] : [],
  );
}

/** Events that were missing and are back before they were withdrawn. */
const foundEvents = (ids: readonly string[], known: ReadonlyMap<string, StoredEvent>): string[] =>
  known.size === 0 ? [] : ids.filter((id) => known.get(id)?.listing === 'missing');

/** The text of the zones that a change brings; null when they are as before. */
const newZones = ({ zonesText }: PackedObservation, { before, after }: Change): string | null =>
  before?.facts.zonesHash === after.facts.zonesHash || zonesText === '' ? null : zonesText;
