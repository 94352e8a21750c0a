// A catalogue without a feed: one event every quarter of an hour, each an hour long.

import type { DetailedEvent } from '../../src/domain/event.ts';

const first = Date.UTC(2026, 0, 1);
const everyMs = 900_000;
const lengthMs = 3_600_000;

export function eventAt(i: number): DetailedEvent {
  const start = first + i * everyMs;
  return {
    id: `00000000-0000-5000-8000-${String(i).padStart(12, '0')}`,
    title: `Night ${i} of a long season`,
    start,
    end: start + lengthMs,
    startLocal: new Date(start).toISOString().slice(0, 19),
    endLocal: new Date(start + lengthMs).toISOString().slice(0, 19),
    minPrice: 1500,
    maxPrice: 3000,
    provider: 'simulated',
    timeZone: 'UTC',
    baseId: String(i),
    planId: '1',
    sellMode: 'online',
    sellFrom: null,
    sellTo: null,
    soldOut: false,
    capacity: 100,
    listed: true,
    status: 'scheduled',
    changedAt: Date.UTC(2021, 0, 1),
  };
}

/** A range with the event `i` and the four after it, extended by `odd` milliseconds that select nothing else. */
export function pathAt(i: number, odd: number): string {
  const from = first + i * everyMs;
  const range = new URLSearchParams({
    starts_at: new Date(from - odd).toISOString(),
    ends_at: new Date(from + 4 * everyMs + lengthMs + odd).toISOString(),
  });
  return `/search?${range.toString()}`;
}
