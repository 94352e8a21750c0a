// How many events a feed tells of, each counted once and as it was told last.

import type { ParsedRecord } from '#/domain/record.ts';
import { zonesIn } from '#/domain/zones.ts';

export interface EventCounts {
  readonly events: number;
  readonly online: number;
  readonly offline: number;
  /** Of all events together. */
  readonly zones: number;
  /** Instants in milliseconds since 1970 UTC; null when there is no event. */
  readonly firstStart: number | null;
  readonly lastStart: number | null;
}

export interface Census {
  /** Gives how many of the record's events had come in an earlier record. */
  add(record: ParsedRecord): number;
  counts(): EventCounts;
}

interface Told {
  readonly isOnline: boolean;
  readonly zones: number;
  readonly start: number;
}

/** Beyond this many, further events are not counted: a feed of that size is another case. */
const eventsMax = 2_000_000;

export function createCensus(): Census {
  const told = new Map<string, Told>();
  return {
    add({ observations, zones }) {
      let again = 0;
      for (const { id, facts } of observations) {
        if (told.has(id)) again++;
        else if (told.size >= eventsMax) continue;
        const text = zones.get(facts.zonesHash);
        told.set(id, {
          isOnline: facts.sellMode === 'online',
          zones: text === undefined ? 0 : zonesIn(text).length,
          start: facts.start,
        });
      }
      return again;
    },
    counts() {
      let [online, zones, first, last] = [0, 0, Infinity, -Infinity];
      for (const event of told.values()) {
        online += Number(event.isOnline);
        zones += event.zones;
        first = Math.min(first, event.start);
        last = Math.max(last, event.start);
      }
      const [firstStart, lastStart] = told.size === 0 ? [null, null] : [first, last];
      return { events: told.size, online, offline: told.size - online, zones, firstStart, lastStart };
    },
  };
}
