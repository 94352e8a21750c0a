// What is asked for. Every query of a scenario is different, so that no cache can answer for the search.

import { between, mulberry32, pick, type Random } from '../simulator/random.ts';
import type { Oracle, OracleEvent, Range } from './oracle.ts';

export interface Scenario {
  readonly name: string;
  /** How much of bare node:http it should reach; null for a figure without a promise. */
  readonly target: number | null;
  /** So many connections, each with one request under way. */
  readonly connections: number;
  draw(oracle: Oracle, random: Random): Range;
}

const dayMs = 86_400_000;
const pointEvents = 5;

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

/** From one event until the first few behind it have ended, moved by odd milliseconds that select nothing else. */
function drawPoint({ events }: Oracle, random: Random): Range {
  const at = between(random, 0, Math.max(0, events.length - pointEvents));
  const few = events.slice(at, at + pointEvents);
  const shortest = few.map(({ end }) => end).toSorted((a, b) => a - b);
  // Half of them may run for months: the middle one ends soon.
  const end = shortest[few.length >> 1] as number;
  return {
    start: (few[0] as OracleEvent).start - between(random, 0, 599_999),
    end: end + between(random, 0, 599_999),
  };
}

function drawSpan({ events }: Oracle, random: Random, days: number): Range {
  const first = events[0]?.start ?? 0;
  const last = events.at(-1)?.start ?? 0;
  const lastDay = Math.max(0, Math.floor((last - first) / dayMs) - days);
  const start =
    Math.floor(first / dayMs) * dayMs + pick(random, [0, 1, 2, 3]) + between(random, 0, lastDay) * dayMs;
  return { start: start + between(random, 0, 3_599_999), end: start + days * dayMs };
}
