// The slower truth: the same generated records, filtered one by one, without any of the system's code.

import { generateRecords } from '../simulator/generate.ts';
import type { FeedPlan } from '../simulator/feed.ts';
import type { Recipe } from '../simulator/recipe.ts';

export interface OracleEvent {
  /** Milliseconds since 1970 UTC. */
  readonly start: number;
  readonly end: number;
  /** All that an answer says of it, except for its id. */
  readonly summary: string;
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Oracle {
  /** By start. */
  readonly events: readonly OracleEvent[];
  count(range: Range): number;
  /** What is wrong with the body of an answer; undefined for nothing. */
  fault(range: Range, body: string): string | undefined;
}

type Summary = Readonly<Record<string, string | number | null>>;

/** Of a provider in UTC that shows every event with the prices of all its zones. */
export function createOracle(recipe: Partial<Recipe>): Oracle {
  const events = [...onlineEvents(recipe)].toSorted((a, b) => a.start - b.start);
  const inRange = (range: Range): OracleEvent[] => {
    const found: OracleEvent[] = [];
    for (let i = firstFrom(events, range.start); i < events.length; i++) {
      const event = events[i] as OracleEvent;
      if (event.start > range.end) break;
      if (event.end <= range.end) found.push(event);
    }
    return found;
  };
  return {
    events,
    count: (range) => inRange(range).length,
    fault: (range, body) => faultOf(inRange(range), body),
  };
}

function* onlineEvents(recipe: Partial<Recipe>): Generator<OracleEvent> {
  for (const { sellMode, title, plans } of generateRecords(recipe)) {
    if (sellMode === 'online') for (const plan of plans) yield eventOf(title, plan);
  }
}

function eventOf(title: string, { start, end, zones }: FeedPlan): OracleEvent {
  const prices = zones.map((zone) => Number(zone.price));
  const [startDate, startTime] = start.split('T');
  const [endDate, endTime] = end.split('T');
  const [min, max] = prices.length === 0 ? [null, null] : [Math.min(...prices), Math.max(...prices)];
  const summary = [title, startDate, startTime, endDate, endTime, min, max];
  return { start: Date.parse(`${start}Z`), end: Date.parse(`${end}Z`), summary: JSON.stringify(summary) };
}

function faultOf(expected: readonly OracleEvent[], body: string): string | undefined {
  const { data, error } = JSON.parse(body) as { data: { events: Summary[] } | null; error: unknown };
  if (data === null || error !== null) return `Got ${body.slice(0, 200)}, expected events.`;
  const { events } = data;
  if (events.length !== expected.length) return `Got ${events.length} events, expected ${expected.length}.`;
  const keys = events.map((event) => `${event['start_date']}T${event['start_time']} ${event['id']}`);
  if (keys.some((key, i) => i > 0 && key <= (keys[i - 1] ?? '')))
    return 'Got events out of the order of start, then id.';
  const got = events.map(summaryOf).toSorted();
  const wanted = expected.map(({ summary }) => summary).toSorted();
  const at = got.findIndex((summary, i) => summary !== wanted[i]);
  return at < 0 ? undefined : `Got ${got[at]}, expected ${wanted[at]}.`;
}

const fields = ['title', 'start_date', 'start_time', 'end_date', 'end_time', 'min_price', 'max_price'];
const summaryOf = (event: Summary): string => JSON.stringify(fields.map((field) => event[field]));

function firstFrom(events: readonly OracleEvent[], start: number): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle]?.start ?? Infinity) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
