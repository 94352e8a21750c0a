// Records as a feed run passes them to the archive, without a feed.

import type { AbsorbRecord, RunInHand } from '#/archive/absorbing/batch.ts';
import type { Archive } from '#/archive/archive.ts';
import type { Facts } from '#/domain/event.ts';
import { eventId } from '#/domain/identity.ts';
import { packRecords, unpackRecord } from '#/domain/packed/records.ts';
import type { ParsedRecord } from '#/domain/record.ts';
import { refuse } from '#/domain/refusal.ts';
import { createDigests } from '#/kit/digests.ts';
import { createOffsets } from '#/kit/offsets.ts';

export const provider = 'stagedoor';
export const hourMs = 3_600_000;
/** 2026-06-01, 20:00 UTC. */
export const evening = Date.UTC(2026, 5, 1, 20);

export interface Observed {
  readonly planId?: string;
  readonly title?: string;
  readonly start?: number;
  readonly offline?: boolean;
  readonly minPrice?: number | null;
  readonly provider?: string;
}

export const idOf = (baseId: string, planId = '1', of = provider): string => eventId(of, baseId, planId);

function factsOf({ title = 'A night', start = evening, offline = false, minPrice = 1000 }: Observed): Facts {
  const localOf = (instant: number): string => new Date(instant).toISOString().slice(0, 19);
  return {
    title,
    sellMode: offline ? 'offline' : 'online',
    organizerCompanyId: null,
    startLocal: localOf(start),
    endLocal: localOf(start + hourMs),
    start,
    end: start + hourMs,
    sellFrom: null,
    sellTo: null,
    soldOut: false,
    minPrice,
    maxPrice: minPrice === null ? null : minPrice + 500,
    zonesHash: `zones of ${minPrice}`,
    capacity: 100,
  };
}

/** A record of one base with these plans. */
export function recordOf(
  baseId: string,
  plans: readonly Observed[],
  hash = `${baseId} ${JSON.stringify(plans)}`,
  key = baseId,
): AbsorbRecord {
  const observations = plans.map((plan) => {
    const { planId = '1', provider: of = provider } = plan;
    const facts = factsOf(plan);
    return { id: idOf(baseId, planId, of), baseId, planId, facts, zonesText: facts.zonesHash };
  });
  const parsed = { key, observations, faults: [], irregularClocks: 0, duplicates: 0 };
  return { ...inBatch(parsed), hash, contested: false, offset: 0 };
}

/** The record as a batch of its own. */
export const inBatch = (parsed: ParsedRecord): Pick<AbsorbRecord, 'batch' | 'index'> => ({
  batch: packRecords([[parsed]]),
  index: 0,
});

export const parsedOf = ({ batch, index }: AbsorbRecord): ParsedRecord => unpackRecord(batch, index);

/** A record with one refused plan; the others are valid. */
export function faultyRecord(baseId: string, planId: string, plans: readonly Observed[] = []): AbsorbRecord {
  const record = recordOf(baseId, plans);
  const refusal = refuse('date_impossible', 'Got 2021-09-31, expected a day that exists.');
  const place = { offset: 10, line: 2, column: 3 };
  return { ...record, ...inBatch({ ...parsedOf(record), faults: [{ refusal, baseId, planId, place }] }) };
}

export async function beginRun(archive: Archive, at = 1000, of = provider): Promise<RunInHand> {
  return {
    id: await archive.beginRun(of, at),
    provider: of,
    at,
    known: createDigests(),
    seen: createOffsets(),
  };
}

export const freely = { withdrawShareMax: 1, growthFactorMax: 1e6 };
