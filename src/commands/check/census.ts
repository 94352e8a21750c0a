// Counts the events of a feed: each once, as its last record describes it.

import type { ParsedRecord } from '#/domain/record.ts';
import { zonesIn } from '#/domain/zones.ts';

export interface EventCounts {
  readonly events: number;
  readonly online: number;
  readonly offline: number;
  /** The total over all events. */
  readonly zones: number;
  /** Instants in milliseconds since 1970 UTC; null when there is no event. */
  readonly firstStart: number | null;
  readonly lastStart: number | null;
}

export interface Census {
  /** Returns the number of the record's events that an earlier record had. */
  add(record: ParsedRecord): number;
  counts(): EventCounts;
}

interface CountedEvent {
  readonly isOnline: boolean;
  readonly zones: number;
  readonly start: number;
}

/** Events beyond this number are not counted: it limits memory. */
const eventsMax = 2_000_000;

export function createCensus(): Census {
  const seen = new Map<string, CountedEvent>();
  return {
    add({ observations }) {
      let again = 0;
      for (const { id, facts, zonesText } of observations) {
        if (seen.has(id)) again++;
        else if (seen.size >= eventsMax) continue;
        seen.set(id, {
          isOnline: facts.sellMode === 'online',
          zones: zonesText === '' ? 0 : zonesIn(zonesText).length,
          start: facts.start,
        });
      }
      return again;
    },
    counts() {
      let [online, zones, first, last] = [0, 0, Infinity, -Infinity];
      for (const event of seen.values()) {
        online += Number(event.isOnline);
        zones += event.zones;
        first = Math.min(first, event.start);
        last = Math.max(last, event.start);
      }
      const [firstStart, lastStart] = seen.size === 0 ? [null, null] : [first, last];
      return { events: seen.size, online, offline: seen.size - online, zones, firstStart, lastStart };
    },
  };
}
