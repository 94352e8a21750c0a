// What tells apart two lists of events, without a look at their text: the hashes that segments have of it, and the columns of the
// details.

import { hashOfText, createNumberHash } from '#/kit/text-hash.ts';
import { sourceOf } from '#/snapshot/details.ts';
import { layerOf, ordinalOf } from '#/snapshot/places.ts';
import { sumLanes } from '#/snapshot/segment.ts';
import { statusCodeAt } from '#/snapshot/statuses.ts';
import type { DetailedSegment, Edition } from '#/search/events/edition.ts';
import { fieldNames } from '#/search/events/parameters.ts';
import { placeOf, segmentOf } from '#/search/events/refs.ts';
import { bySource } from './by-source.ts';

const lanes = createNumberHash();
const sourceHash = bySource(({ provider, timeZone }) => hashOfText(`${timeZone} ${provider}`));
/** Another build of Marquee may render other fields. */
export const shape = hashOfText(fieldNames.join());

/** Lists of the same events with the same values have the same text, in any version and on any host. */
export function identityOf({ segments }: Edition, refs: readonly number[]): string {
  lanes.add(shape);
  for (const ref of refs) addEvent(segments[segmentOf(ref)] as DetailedSegment, placeOf(ref));
  return `${refs.length} ${lanes.taken()}`;
}

/** Of one event. */
export function identityOfEvent(segment: DetailedSegment, place: number): string {
  lanes.add(shape);
  addEvent(segment, place);
  return lanes.taken();
}

/** The numbers of one event; reused. */
const row = new Int32Array(sumLanes + 8);

/** Base id and plan id are not added: they and the provider determine the id, which is in the text. */
function addEvent(segment: DetailedSegment, place: number): void {
  const { details } = segment;
  const { starts, ends, sums } = layerOf(segment, place);
  const ordinal = ordinalOf(segment, place);
  const at = ordinal * sumLanes;
  for (let lane = 0; lane < sumLanes; lane++)
    row[lane] = (sums[at + lane + sumLanes] as number) - (sums[at + lane] as number);
  // Instants are whole seconds, and events are not centuries long.
  row[sumLanes] = (starts[ordinal] as number) / 1000;
  row[sumLanes + 1] = (ends[ordinal] as number) / 1000;
  const traits = details.traits[place] as number;
  // The number of a source is of this segment only, and in the low bits.
  row[sumLanes + 2] = sourceHash(segment, sourceOf(traits));
  row[sumLanes + 3] = traits - sourceOf(traits);
  row[sumLanes + 4] = details.saleFrom[place] as number;
  row[sumLanes + 5] = details.saleTo[place] as number;
  row[sumLanes + 6] = details.capacities[place] as number;
  row[sumLanes + 7] = statusCodeAt(details, place);
  lanes.addRow(row);
}
