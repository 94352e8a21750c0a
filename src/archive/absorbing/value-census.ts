// How many records of a batch bring other prices or other dates for events that are known, and how they differ.

import type { ValueCensus } from '#/domain/value-gate.ts';
import type { Facts } from '#/domain/event.ts';
import type { PackedObservation } from '#/domain/packed/records.ts';
import type { StoredEvent } from '#/archive/known.ts';

const minuteMs = 60_000;

/** `skipped`: records of the feed next to these that are as they were. */
export function valueCensus(
  records: readonly { readonly observations: readonly PackedObservation[] }[],
  known: ReadonlyMap<string, StoredEvent>,
  skipped: number,
): ValueCensus {
  let [compared, prices, dates] = [skipped, 0, 0];
  const [factors, shifts] = [new Map<number, number>(), new Map<number, number>()];
  for (const { observations } of records) {
    const pairs = observations.flatMap(({ id, facts }) => {
      const before = known.get(id)?.facts;
      return before === undefined ? [] : [{ before, after: facts }];
    });
    if (pairs.length === 0) continue;
    compared++;
    const price = pairs.find(({ before, after }) => hasOtherPrice(before, after));
    if (price !== undefined) {
      prices++;
      count(factors, Math.round((100 * Number(price.after.minPrice)) / Number(price.before.minPrice)) / 100);
    }
    const date = pairs.find(({ before, after }) => before.start !== after.start || before.end !== after.end);
    if (date !== undefined) {
      dates++;
      count(shifts, (date.after.start - date.before.start) / minuteMs);
    }
  }
  return { records: compared, prices, dates, factor: mostFrequent(factors), shift: mostFrequent(shifts) };
}

/** A price that appears or is no longer there does not count. */
const hasOtherPrice = (before: Facts, after: Facts): boolean =>
  before.minPrice !== null &&
  after.minPrice !== null &&
  (before.minPrice !== after.minPrice || before.maxPrice !== after.maxPrice);

const count = (counts: Map<number, number>, value: number): void =>
  void counts.set(value, (counts.get(value) ?? 0) + 1);

const mostFrequent = (counts: ReadonlyMap<number, number>): number | null =>
  [...counts].reduce<readonly [number, number] | null>(
    (most, one) => (most === null || one[1] > most[1] ? one : most),
    null,
  )?.[0] ?? null;
