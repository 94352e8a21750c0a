// The parsed records of one batch as one text and a few arrays of numbers. Threads pass it on at the cost of copying memory, and
// the archive stores fields of it as they are: no thread builds an object per event before it needs one.

import type { Facts, Observation } from '#/domain/event.ts';
import type { ParsedRecord, RecordFault, Remark } from '#/domain/record.ts';
import { factsIn, factsText } from './facts.ts';

export interface PackedRecords {
  /** The key of each record: see ParsedRecord. */
  readonly keys: readonly (string | null)[];
  /** The number of records in each piece of the feed that was parsed. */
  readonly perPiece: Uint32Array;
  /** The number of observations before each record, and of all. */
  readonly observationsAt: Uint32Array;
  /** Of each observation in turn: id, base id, plan id, facts, zones. */
  readonly text: string;
  /** The offset in `text` of the end of each field. */
  readonly ends: Uint32Array;
  /** Of each observation: its start, in milliseconds since 1970 UTC. */
  readonly starts: Float64Array;
  /** Of each observation: 1 if it is online. */
  readonly online: Uint8Array;
  /** By the number of a record; most records have none. */
  readonly notes: ReadonlyMap<number, RecordNotes>;
}

/** What a record reports besides its observations. */
export interface RecordNotes extends Pick<ParsedRecord, 'irregularClocks' | 'duplicates'> {
  readonly faults: readonly RecordFault[];
  readonly remarks: readonly Remark[];
}

/** An observation whose facts are parsed when they are read. */
export interface PackedObservation extends Observation {
  readonly isOnline: boolean;
  /** Milliseconds since 1970 UTC. */
  readonly start: number;
  /** See `factsText`. */
  readonly factsText: string;
  /** The text of its ZoneSet; empty when the record does not have it. */
  readonly zonesText: string;
}

const fields = 5;
const noNotes: RecordNotes = { faults: [], remarks: [], irregularClocks: 0, duplicates: 0 };

/** `pieces`: the records of each piece of the feed. */
export function packRecords(pieces: readonly (readonly ParsedRecord[])[]): PackedRecords {
  const records = pieces.flat();
  const count = records.reduce((sum, { observations }) => sum + observations.length, 0);
  const observationsAt = new Uint32Array(records.length + 1);
  const ends = new Uint32Array(count * fields);
  const starts = new Float64Array(count);
  const online = new Uint8Array(count);
  const notes = new Map<number, RecordNotes>();
  let text = '';
  let observation = 0;
  records.forEach((record, i) => {
    for (const { id, baseId, planId, facts } of record.observations) {
      const at = observation * fields;
      ends[at] = (text += id).length;
      ends[at + 1] = (text += baseId).length;
      ends[at + 2] = (text += planId).length;
      ends[at + 3] = (text += factsText(facts)).length;
      ends[at + 4] = (text += record.zones.get(facts.zonesHash) ?? '').length;
      starts[observation] = facts.start;
      online[observation] = Number(facts.sellMode === 'online');
      observation++;
    }
    observationsAt[i + 1] = observation;
    const { faults, remarks = [], irregularClocks, duplicates } = record;
    if (faults.length + remarks.length + irregularClocks + duplicates > 0)
      notes.set(i, { faults, remarks, irregularClocks, duplicates });
  });
  const keys = records.map(({ key }) => key);
  const perPiece = Uint32Array.from(pieces, ({ length }) => length);
  return { keys, perPiece, observationsAt, text, ends, starts, online, notes };
}

export const notesOf = ({ notes }: PackedRecords, record: number): RecordNotes =>
  notes.get(record) ?? noNotes;

export const observationCount = ({ observationsAt }: PackedRecords, record: number): number =>
  (observationsAt[record + 1] ?? 0) - (observationsAt[record] ?? 0);

/** The observations of one record. */
export function observationsOf(batch: PackedRecords, record: number): PackedObservation[] {
  const first = batch.observationsAt[record] ?? 0;
  return Array.from({ length: observationCount(batch, record) }, (_, i) => new Packed(batch, first + i));
}

/** The record as it was before `packRecords`, but each of its zone sets has an observation. */
export function unpackRecord(batch: PackedRecords, record: number): ParsedRecord {
  const observations = observationsOf(batch, record);
  return {
    key: batch.keys[record] ?? null,
    observations: observations.map(({ id, baseId, planId, facts }) => ({ id, baseId, planId, facts })),
    zones: new Map(observations.map(({ facts, zonesText }) => [facts.zonesHash, zonesText])),
    ...notesOf(batch, record),
  };
}

/** All records. */
export const unpackAll = (batch: PackedRecords): ParsedRecord[] =>
  batch.keys.map((_, record) => unpackRecord(batch, record));

class Packed implements PackedObservation {
  readonly id: string;
  readonly #batch: PackedRecords;
  readonly #at: number;
  #facts: Facts | null = null;

  constructor(batch: PackedRecords, at: number) {
    this.#batch = batch;
    this.#at = at;
    this.id = this.#field(0);
  }

  #field(number: number): string {
    const { text, ends } = this.#batch;
    const at = this.#at * fields + number;
    return text.slice(at === 0 ? 0 : ends[at - 1], ends[at]);
  }

  get baseId(): string {
    return this.#field(1);
  }
  get planId(): string {
    return this.#field(2);
  }
  get factsText(): string {
    return this.#field(3);
  }
  get zonesText(): string {
    return this.#field(4);
  }
  get facts(): Facts {
    return (this.#facts ??= factsIn(this.factsText));
  }
  get isOnline(): boolean {
    return this.#batch.online[this.#at] === 1;
  }
  get start(): number {
    return this.#batch.starts[this.#at] ?? 0;
  }
}
