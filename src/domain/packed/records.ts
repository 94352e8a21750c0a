// The parsed records of one batch as packed texts and a few arrays of numbers. Threads share the texts, and the archive stores
// fields of them as they are: no thread builds an object per event before it needs one.

import type { Facts } from '#/domain/event.ts';
import type { ParsedObservation, ParsedRecord, RecordFault, Remark } from '#/domain/record.ts';
import { factsIn, factsText } from './facts.ts';
import { createTextPacker, fieldBegin, fieldOf, type PackedTexts } from './texts.ts';

export interface PackedRecords {
  /** The key of each record: see ParsedRecord. */
  readonly keys: readonly (string | null)[];
  /** The number of records in each piece of the feed that was parsed. */
  readonly perPiece: Uint32Array;
  /** The number of observations before each record, and of all. */
  readonly observationsAt: Uint32Array;
  /** Of each observation in turn: id, base id, plan id, facts, zones. */
  readonly texts: PackedTexts;
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
export interface PackedObservation extends ParsedObservation {
  readonly isOnline: boolean;
  /** Milliseconds since 1970 UTC. */
  readonly start: number;
  /** See `factsText`. */
  readonly factsText: string;
}

const fields = 5;
const noNotes: RecordNotes = { faults: [], remarks: [], irregularClocks: 0, duplicates: 0 };

/** Packs records one by one. Nothing of a record but its bytes is kept until the batch is finished. */
export interface Packer {
  /** The records of the next piece of the feed. */
  add(records: readonly ParsedRecord[]): void;
  finished(): PackedRecords;
}

export function createPacker(): Packer {
  const texts = createTextPacker(fields);
  let observations = 0;
  const [starts, online]: [number[], number[]] = [[], []];
  const [keys, perPiece, observationsAt]: [(string | null)[], number[], number[]] = [[], [], [0]];
  const notes = new Map<number, RecordNotes>();

  return {
    add(records) {
      for (const { key, observations: own, faults, remarks, irregularClocks, duplicates } of records) {
        for (const { id, baseId, planId, facts, zonesText } of own) {
          texts.add(id);
          texts.add(baseId);
          texts.add(planId);
          texts.add(factsText(facts));
          texts.add(zonesText);
          starts.push(facts.start);
          online.push(Number(facts.sellMode === 'online'));
        }
        observations += own.length;
        const hasRemarks = remarks !== undefined && remarks.length > 0;
        if (faults.length > 0 || hasRemarks || irregularClocks > 0 || duplicates > 0)
          notes.set(keys.length, { faults, remarks: remarks ?? [], irregularClocks, duplicates });
        keys.push(key);
        observationsAt.push(observations);
      }
      perPiece.push(records.length);
    },
    finished: () => ({
      keys,
      perPiece: new Uint32Array(perPiece),
      observationsAt: new Uint32Array(observationsAt),
      texts: texts.finished(),
      starts: new Float64Array(starts),
      online: new Uint8Array(online),
      notes,
    }),
  };
}

/** `pieces`: the records of each piece of the feed. */
export function packRecords(pieces: readonly (readonly ParsedRecord[])[]): PackedRecords {
  const packer = createPacker();
  for (const records of pieces) packer.add(records);
  return packer.finished();
}

export const notesOf = ({ notes }: PackedRecords, record: number): RecordNotes =>
  notes.get(record) ?? noNotes;

export const observationCount = ({ observationsAt }: PackedRecords, record: number): number =>
  (observationsAt[record + 1] ?? 0) - (observationsAt[record] ?? 0);

/** Where the id of an observation begins in the bytes of the texts. */
export const idBegin = ({ texts }: PackedRecords, observation: number): number =>
  fieldBegin(texts, observation, 0);

/** The observations of one record. */
export function observationsOf(batch: PackedRecords, record: number): PackedObservation[] {
  const observations: PackedObservation[] = [];
  const end = batch.observationsAt[record + 1] ?? 0;
  for (let at = batch.observationsAt[record] ?? 0; at < end; at++) observations.push(new Packed(batch, at));
  return observations;
}

/** The record as it was before `packRecords`. */
export function unpackRecord(batch: PackedRecords, record: number): ParsedRecord {
  const observations = observationsOf(batch, record).map(
    ({ id, baseId, planId, facts, zonesText }): ParsedObservation => ({
      id,
      baseId,
      planId,
      facts,
      zonesText,
    }),
  );
  return { key: batch.keys[record] ?? null, observations, ...notesOf(batch, record) };
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
    return fieldOf(this.#batch.texts, this.#at, number);
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
