// Feeds as data, written in every format: the same events for each of them.

import { mappingEntry } from '#/provider/mapping-entry.ts';
import type { FormatName } from '#/provider/provider.ts';
import { feed, type FeedBase, type FeedPlan } from './feeds.ts';

const zonesMax = 5;

/** For `json` and `csv`. */
export const feedMapping = mappingEntry.parse({
  planId: 'plan',
  baseId: 'base',
  title: 'title',
  sellMode: 'mode',
  start: 'start',
  end: 'end',
  zones: Array.from({ length: zonesMax }, (_, i) => ({
    zoneId: `zone${i}`,
    price: `price${i}`,
    capacity: `seats${i}`,
  })),
});

interface Night {
  readonly base: FeedBase;
  readonly plan: FeedPlan;
}

const nightsOf = (bases: readonly FeedBase[]): Night[] =>
  bases.flatMap((base) => base.plans.map((plan) => ({ base, plan })));

/** An event of schema.org. */
export const nodeOf = ({ base, plan }: Night): object => ({
  '@type': 'Event',
  '@id': plan.id,
  superEvent: { '@type': 'EventSeries', '@id': base.id },
  name: base.title,
  startDate: plan.start,
  endDate: plan.end,
  eventStatus: base.sellMode === 'online' ? 'EventScheduled' : 'https://schema.org/EventCancelled',
  offers: plan.zones.map(({ id, price, capacity }) => ({
    '@type': 'Offer',
    '@id': id,
    price,
    inventoryLevel: { '@type': 'QuantitativeValue', value: Number(capacity) },
  })),
});

function flat({ base, plan }: Night): Record<string, string | number> {
  const zones = plan.zones.flatMap(({ id, price, capacity }, i) => [
    [`zone${i}`, id],
    [`price${i}`, price],
    [`seats${i}`, Number(capacity)],
  ]);
  const { id, title, sellMode } = base;
  const own = { base: id, plan: plan.id, title, mode: sellMode, start: plan.start, end: plan.end };
  return { ...own, ...(Object.fromEntries(zones) as object) };
}

const columns = ['base', 'plan', 'title', 'mode', 'start', 'end'].concat(
  Array.from({ length: zonesMax }, (_, i) => [`zone${i}`, `price${i}`, `seats${i}`]).flat(),
);
const quoted = (cell: string | number | undefined): string => `"${String(cell ?? '').replaceAll('"', '""')}"`;

export const keyOfNight = ({ base, plan }: Night): string => JSON.stringify([base.id, plan.id]);

/** Each night as the data of an RPDE item, by its id. */
export const itemsOf = (bases: readonly FeedBase[]): Map<string, object> =>
  new Map(nightsOf(bases).map((night) => [keyOfNight(night), nodeOf(night)]));

export const documents: Record<Exclude<FormatName, 'rpde'>, (bases: readonly FeedBase[]) => string> = {
  'plan-list-xml': (bases) => feed(bases, 'plan-list-xml'),
  'event-list-xml': (bases) => feed(bases, 'event-list-xml'),
  ndjson: (bases) =>
    nightsOf(bases)
      .map(({ base, plan }) => {
        const zones = plan.zones.map(({ id, price, capacity }) => ({
          zoneId: id,
          name: 'Stalls',
          price,
          capacity: Number(capacity),
          numbered: true,
        }));
        const { title, sellMode } = base;
        const { start, end } = plan;
        const event = {
          baseId: base.id,
          planId: plan.id,
          title,
          sellMode,
          start,
          end,
          soldOut: false,
          zones,
        };
        return `${JSON.stringify(event)}\n`;
      })
      .join(''),
  jsonld: (bases) =>
    JSON.stringify({ '@context': 'https://schema.org', '@graph': nightsOf(bases).map(nodeOf) }),
  json: (bases) => JSON.stringify(nightsOf(bases).map(flat)),
  csv(bases) {
    const rows = nightsOf(bases).map((night) => columns.map((name) => quoted(flat(night)[name])).join(','));
    return `${[columns.join(','), ...rows].join('\r\n')}\r\n`;
  },
};
