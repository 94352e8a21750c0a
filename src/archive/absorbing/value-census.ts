// How many records of a batch bring other prices or other dates for events that are known, and how they differ.

import type { ValueCensus } from '#/domain/value-gate.ts';
import type { Facts } from '#/domain/event.ts';
import type { PackedObservation } from '#/domain/packed/records.ts';
import type { StoredEvent } from '#/archive/known.ts';

const minuteMs = 60_000;

/** The records count together with those of `before`. */
export function valueCensus(
  records: readonly { readonly observations: readonly PackedObservation[] }[],
  known: ReadonlyMap<string, StoredEvent>,
  before: ValueCensus,
): ValueCensus {
  if (known.size === 0) return before;
  let { records: compared, prices, dates } = before;
  const [factors, shifts] = [new Map<number, number>(), new Map<number, number>()];
  for (const { observations } of records) {
    const pairs = observations.flatMap(({ id, facts }) => {
      const was = known.get(id)?.facts;
      return was === undefined ? [] : [{ was, is: facts }];
    });
    if (pairs.length === 0) continue;
    compared++;
    const price = pairs.find(({ was, is }) => hasOtherPrice(was, is));
    if (price !== undefined) {
      prices++;
      count(factors, Math.round((100 * Number(price.is.minPrice)) / Number(price.was.minPrice)) / 100);
    }
    const date = pairs.find(({ was, is }) => was.start !== is.start || was.end !== is.end);
    if (date !== undefined) {
      dates++;
      count(shifts, (date.is.start - date.was.start) / minuteMs);
    }
  }
  const factor = mostFrequent(factors) ?? before.factor;
  const shift = mostFrequent(shifts) ?? before.shift;
  return { records: compared, prices, dates, factor, shift };
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
