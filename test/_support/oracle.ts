// The oracle: what a search must answer, from the feeds as data, in the simplest way. It shares no code with the system: its
// own UUIDs, Temporal for all times, one Map, one filter, one sort, one stringify.

import { createHash } from 'node:crypto';
import { Temporal } from '#/domain/time/temporal.ts';
import type { FeedBase, FeedPlan } from './feeds.ts';

export interface OracleProvider {
  readonly name: string;
  readonly timeZone: string;
  readonly priceZones: 'all' | 'with-capacity';
}

/** One record of a feed: `readable` has its plans without a fault in their text. */
export interface Said {
  readonly base: FeedBase;
  readonly readable: readonly FeedPlan[];
}

interface Known {
  readonly start: number;
  readonly end: number;
  readonly shown: { readonly id: string };
}

export interface Oracle {
  /** Takes the records of a feed of `provider`, in order, as far as it was read. */
  hear(provider: OracleProvider, said: readonly Said[]): void;
  /** The whole answer. Bounds in milliseconds since 1970 UTC, both inclusive. */
  answer(from: number, to: number): string;
  /** Instants at which events start or end: where queries are most likely to be wrong. */
  edges(): number[];
}

export function createOracle(): Oracle {
  const events = new Map<string, Known>();

  return {
    hear(provider, said) {
      const last = new Map<string, { base: FeedBase; plan: FeedPlan; start: number; end: number }>();
      for (const { base, readable } of said) {
        for (const plan of readable) {
          const times = timesOf(plan, provider.timeZone);
          if (times !== null) last.set(uuid([provider.name, base.id, plan.id]), { base, plan, ...times });
        }
      }
      for (const [id, { base, plan, start, end }] of last) {
        if (base.sellMode === 'online')
          events.set(id, { start, end, shown: shown(id, base, plan, provider) });
      }
    },

    answer(from, to) {
      const found = [...events.values()]
        .filter(({ start, end }) => start >= from && end <= to)
        .toSorted((a, b) => a.start - b.start || (a.shown.id < b.shown.id ? -1 : 1));
      return JSON.stringify({ data: { events: found.map((event) => event.shown) }, error: null });
    },

    edges: () => [...events.values()].flatMap(({ start, end }) => [start, end]),
  };
}

/**
 * By Temporal's `compatible` rule. If that puts the end first, the end is the second time of its hour, or the start is in a skipped
 * hour before it. Null: the event ends before it starts.
 */
function timesOf(plan: FeedPlan, timeZone: string): { start: number; end: number } | null {
  const start = instantOf(plan.start, timeZone);
  const end = instantOf(plan.end, timeZone);
  if (end >= start) return { start, end };
  const secondEnd = instantOf(plan.end, timeZone, 'later');
  if (secondEnd >= start) return { start, end: secondEnd };
  const earlierStart = instantOf(plan.start, timeZone, 'earlier');
  return plan.end >= plan.start && earlierStart <= end ? { start: earlierStart, end } : null;
}

function instantOf(
  text: string,
  timeZone: string,
  disambiguation: 'compatible' | 'earlier' | 'later' = 'compatible',
): number {
  const wall = Temporal.PlainDateTime.from(text, { overflow: 'reject' });
  return wall.toZonedDateTime(timeZone, { disambiguation }).epochMilliseconds;
}

function shown(id: string, base: FeedBase, plan: FeedPlan, provider: OracleProvider) {
  const counted = plan.zones.filter((zone) => provider.priceZones === 'all' || Number(zone.capacity) > 0);
  const prices = counted.map((zone) => Number(zone.price)).toSorted((a, b) => a - b);
  return {
    id,
    title: base.title,
    start_date: plan.start.slice(0, 10),
    start_time: plan.start.slice(11),
    end_date: plan.end.slice(0, 10),
    end_time: plan.end.slice(11),
    min_price: prices[0] ?? null,
    max_price: prices.at(-1) ?? null,
  };
}

/** UUIDv5 as RFC 9562 defines it, bit by bit. Every published id depends on the namespace. */
export function uuid(name: readonly string[]): string {
  const sha = createHash('sha1').update(Buffer.from('6f1c7a52d1b04e0f9b0a4c7be2a86d35', 'hex'));
  const octets = sha.update(JSON.stringify(name), 'utf8').digest().subarray(0, 16);
  octets.writeUInt8((octets.readUInt8(6) % 16) + 5 * 16, 6);
  octets.writeUInt8((octets.readUInt8(8) % 64) + 128, 8);
  const hex = octets.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
