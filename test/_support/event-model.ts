// What single events and their histories must say, from complete feeds as data, in the simplest way. It shares no code with the
// system but the oracle's ids. All times are UTC.

import type { FeedBase, FeedPlan } from './feeds.ts';
import { zones } from './feeds.ts';
import { uuid } from './oracle.ts';
import type { Random } from './random.ts';

/** What an event was from one run on. */
export interface ModelState {
  readonly at: number;
  readonly kind: 'added' | 'changed' | 'relisted' | 'withdrawn';
  readonly listed: boolean;
  readonly base: FeedBase;
  readonly plan: FeedPlan;
}

export interface EventModel {
  /** A complete feed of a provider, whose run began at this instant. */
  hear(provider: string, at: number, bases: readonly FeedBase[]): void;
  /** All that were ever in a feed. */
  ids(): string[];
  states(id: string): readonly ModelState[];
  /** All fields of `/events/{id}` as of an instant; null when it was never online until then. */
  event(id: string, at?: number): Record<string, unknown> | null;
}

export function createEventModel(): EventModel {
  const known = new Map<string, { provider: string; states: ModelState[] }>();
  return {
    hear(provider, at, bases) {
      const seen = new Set<string>();
      for (const base of bases)
        for (const plan of base.plans) {
          const id = uuid([provider, base.id, plan.id]);
          seen.add(id);
          const event = known.get(id) ?? { provider, states: [] };
          known.set(id, event);
          const last = event.states.at(-1);
          const isSame = last !== undefined && said(last.base, last.plan) === said(base, plan);
          if (isSame && last.listed) continue;
          const kind = last === undefined ? 'added' : isSame ? 'relisted' : 'changed';
          event.states.push({ at, kind, listed: true, base, plan });
        }
      for (const [id, { provider: own, states }] of known) {
        const last = states.at(-1)!;
        if (own === provider && !seen.has(id) && last.listed)
          states.push({ ...last, at, kind: 'withdrawn', listed: false });
      }
    },
    ids: () => [...known.keys()],
    states: (id) => known.get(id)?.states ?? [],
    event(id, at = Infinity) {
      const { provider = '', states = [] } = known.get(id) ?? {};
      const until = states.filter((state) => state.at <= at);
      const now = until.at(-1);
      const shown = until.findLast(({ base }) => base.sellMode === 'online');
      if (now === undefined || shown === undefined) return null;
      const lastOnline = until.findLastIndex(({ base, listed }) => listed && base.sellMode === 'online');
      const prices = shown.plan.zones.map(({ price }) => Number(price));
      const capacities = now.plan.zones.map(({ capacity }) => Number(capacity));
      const isOnline = now.listed && now.base.sellMode === 'online';
      return {
        id,
        title: shown.base.title,
        start_date: shown.plan.start.slice(0, 10),
        start_time: shown.plan.start.slice(11),
        end_date: shown.plan.end.slice(0, 10),
        end_time: shown.plan.end.slice(11),
        min_price: prices.length === 0 ? null : Math.min(...prices),
        max_price: prices.length === 0 ? null : Math.max(...prices),
        starts_at: `${shown.plan.start}Z`,
        ends_at: `${shown.plan.end}Z`,
        time_zone: 'UTC',
        provider,
        base_id: now.base.id,
        plan_id: now.plan.id,
        sell_mode: now.base.sellMode,
        sell_from: '2020-07-01T00:00:00',
        sell_to: '2021-06-30T20:00:00',
        sold_out: false,
        capacity: capacities.length === 0 ? null : capacities.reduce((a, b) => a + b, 0),
        listed: now.listed,
        status: 'scheduled',
        zones: now.plan.zones.map((zone) => ({
          id: zone.id,
          name: 'Stalls',
          price: Number(zone.price),
          capacity: Number(zone.capacity),
          numbered: true,
        })),
        first_seen_at: instant(until[0]!.at),
        last_seen_at: now.listed ? null : instant(now.at),
        last_online_at: isOnline ? null : instant(until[lastOnline + 1]!.at),
      };
    },
  };
}

const said = ({ title, sellMode }: FeedBase, plan: FeedPlan): string =>
  JSON.stringify([title, sellMode, plan.start, plan.end, plan.zones]);

const instant = (at: number): string => new Date(at).toISOString();

/** Feeds of a provider that changes: bases come, change, go offline, leave and return. Some have very many zones. */
export function createChangingFeed(random: Random, bases: number): () => readonly FeedBase[] {
  const pool = Array.from({ length: bases }, (_, i) =>
    changedBase(random, { id: String(i), title: '', sellMode: 'online', plans: [] }),
  );
  let listed = new Set(pool.map((_, i) => i));
  return () => {
    for (const i of pool.keys()) {
      if (random.chance(0.3)) pool[i] = changedBase(random, pool[i]!);
      if (!random.chance(0.15)) continue;
      listed = new Set(listed.has(i) ? [...listed].filter((one) => one !== i) : [...listed, i]);
    }
    return [...listed].map((i) => pool[i]!);
  };
}

const changedBase = (random: Random, base: FeedBase): FeedBase => {
  const month = String(random.int(1, 12)).padStart(2, '0');
  const [start, end] = ['20', '22']
    .map((hour) => `202${random.int(1, 3)}-${month}-10T${hour}:00:00`)
    .toSorted() as [string, string];
  const seats = Array.from(
    { length: random.pick([0, 1, 2, 5, 60]) },
    () => `${random.int(1, 200)}.50/${random.int(0, 99)}`,
  );
  const plans = ['1', '2'].map((id) => ({ id, start, end, zones: zones(...seats) }));
  return random.pick([
    { ...base, title: `${random.pick(['Zoë', '"The" Night', 'Rosa & Sons'])} ${random.int(1, 9)}` },
    { ...base, sellMode: base.sellMode === 'online' ? 'offline' : 'online' },
    { ...base, plans },
    { ...base, plans, title: 'All of it' },
    { ...base, plans: plans.slice(0, random.int(1, 2)) },
  ]);
};
