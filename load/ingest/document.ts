// The feeds of this benchmark: the simulator's records, few with hundreds of zones each, or many with two. Only the last record
// changes, so that the change is not visible before the whole feed was read.

import { renderRecord, type FeedPlan, type FeedRecord } from '../simulator/feed.ts';
import { generateRecords } from '../simulator/generate.ts';
import type { Recipe } from '../simulator/recipe.ts';

/** Rich in zones, or rich in events. */
export type Shape = 'zones' | 'events';

const zonesPerPlan: Readonly<Record<Shape, number>> = { zones: 300, events: 2 };

const recipeOf = (shape: Shape, bases: number): Partial<Recipe> => ({
  bases,
  zonesPerPlan: zonesPerPlan[shape],
  offlineShare: 0,
  longShare: 0,
});

/** All records but the last, as the feed contains them. */
export function* renderedRecords(shape: Shape, bases: number): Generator<string> {
  let ordinal = 0;
  for (const record of generateRecords(recipeOf(shape, bases))) {
    if (++ordinal < bases) yield rendered(record);
  }
}

/** Takes seconds for a large feed: call it once. */
export function lastRecord(shape: Shape, bases: number): FeedRecord {
  let last: FeedRecord | undefined;
  for (const record of generateRecords(recipeOf(shape, bases))) last = record;
  if (last === undefined) throw new RangeError('Got a feed of 0 bases, expected at least one.');
  return last;
}

export const renderedLast = (record: FeedRecord, revision: number): string =>
  rendered({ ...record, title: titleAt(record, revision) });

/** The title of the last record at a revision: a search for it shows that the revision has arrived. */
export const titleAt = ({ title }: FeedRecord, revision: number): string => `${title}, revision ${revision}`;

/** The narrowest query that finds the last record's event. */
export function queryFor(record: FeedRecord): string {
  const { start, end } = record.plans[0] as FeedPlan;
  return `starts_at=${start}Z&ends_at=${end}Z`;
}

/** Without the indentation, which costs hardly any time to parse and would raise every rate. */
const rendered = (record: FeedRecord): string =>
  renderRecord('plan-list-xml', record).replaceAll(/^ +/gm, '');
