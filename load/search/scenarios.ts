// What is asked for. Every query of a scenario is different, so that no cache can answer for the search.

import { between, mulberry32, type Random } from '../simulator/random.ts';
import type { Oracle, OracleEvent, Range } from './oracle.ts';

export interface Scenario {
  readonly name: string;
  /** How much of bare node:http it should reach. */
  readonly target: number;
  /** So many connections, each with one request under way. */
  readonly connections: number;
  draw(oracle: Oracle, random: Random): Range;
}

const dayMs = 86_400_000;
const pointEvents = 5;
const pointEventsMax = 10;
const drawsMax = 20;
/** Events start and end on the quarter of an hour: less than that moves a bound and changes nothing. */
const oddMs = 599_999;

export const scenarios: readonly Scenario[] = [
  { name: 'point, about 5 events', target: 0.75, connections: 32, draw: drawPoint },
  { name: 'a day', target: 0.65, connections: 32, draw: (oracle, random) => drawSpan(oracle, random, 1) },
  { name: 'a month', target: 0.75, connections: 8, draw: (oracle, random) => drawSpan(oracle, random, 30) },
];

export function drawRanges(scenario: Scenario, oracle: Oracle, count: number, seed: number): Range[] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, () => scenario.draw(oracle, random));
}

/** An open bound is left out. */
export function queryOf({ start, end }: Range): string {
  const bounds = [
    ...(start === -Infinity ? [] : [`starts_at=${new Date(start).toISOString()}`]),
    ...(end === Infinity ? [] : [`ends_at=${new Date(end).toISOString()}`]),
  ];
  return bounds.join('&');
}

/** Some neighbours in time, and whatever else lies between them: on a day of festivals that is too much, so draw again. */
function drawPoint(oracle: Oracle, random: Random): Range {
  let range = drawNeighbours(oracle, random);
  for (let draws = 1; draws < drawsMax && oracle.count(range) > pointEventsMax; draws++)
    range = drawNeighbours(oracle, random);
  return range;
}

/** From one event until most of the first few behind it have ended, moved by odd milliseconds that select nothing else. */
function drawNeighbours({ events }: Oracle, random: Random): Range {
  const at = between(random, 0, Math.max(0, events.length - pointEvents));
  const few = events.slice(at, at + pointEvents);
  // One or two of them may run for months.
  const end = few.map((event) => event.end).toSorted((a, b) => a - b)[few.length >> 1] as number;
  const start = (few[0] as OracleEvent).start;
  return { start: start - between(random, 0, oddMs), end: end + between(random, 0, oddMs) };
}

function drawSpan({ events }: Oracle, random: Random, days: number): Range {
  const firstDay = Math.floor((events[0]?.start ?? 0) / dayMs);
  const lastDay = Math.floor((events.at(-1)?.start ?? 0) / dayMs);
  const start = between(random, firstDay, Math.max(firstDay, lastDay - days)) * dayMs;
  return { start: start + between(random, 0, oddMs), end: start + days * dayMs - between(random, 0, oddMs) };
}
