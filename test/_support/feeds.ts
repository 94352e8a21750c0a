// Feeds as data, written by hand in a test, and their text in either dialect.

export type Dialect = 'plan-list-xml' | 'event-list-xml';

export const dialects: readonly Dialect[] = ['plan-list-xml', 'event-list-xml'];

export interface FeedZone {
  readonly id: string;
  readonly capacity: string;
  /** As the feed writes it: `20.00`. */
  readonly price: string;
}

export interface FeedPlan {
  readonly id: string;
  /** The provider's wall clock, `YYYY-MM-DDTHH:MM:SS`; may not exist. */
  readonly start: string;
  readonly end: string;
  readonly zones: readonly FeedZone[];
}

export interface FeedBase {
  readonly id: string;
  readonly title: string;
  readonly sellMode: string;
  readonly plans: readonly FeedPlan[];
}

const words = {
  'plan-list-xml': { root: 'planList', base: 'base_plan', plan: 'plan' },
  'event-list-xml': { root: 'eventList', base: 'base_event', plan: 'event' },
} as const;

/** A zone for each price, `20.00`, with a seat left; a price like `20.00/0` has none. */
export const zones = (...prices: readonly string[]): FeedZone[] =>
  prices.map((text, i) => {
    const [price = '', capacity = '10'] = text.split('/');
    return { id: String(i + 1), capacity, price };
  });

/** A plan on 30 June 2021 for one hour, prices 15 to 30, with these overrides. */
export const plan = (given: Partial<FeedPlan> = {}): FeedPlan => ({
  id: '1',
  start: '2021-06-30T21:00:00',
  end: '2021-06-30T22:00:00',
  zones: zones('20.00', '15.00', '30.00'),
  ...given,
});

/** An online base with one plan, with these overrides. */
export const base = (given: Partial<FeedBase> = {}): FeedBase => ({
  id: '291',
  title: 'The Night Tram',
  sellMode: 'online',
  plans: [plan()],
  ...given,
});

export const feed = (bases: readonly FeedBase[], dialect: Dialect = 'plan-list-xml'): string =>
  feedOf(
    bases.map((one) => record(one, dialect)),
    dialect,
  );

/** A feed around records that are text already; they can be malformed. */
export function feedOf(records: readonly string[], dialect: Dialect = 'plan-list-xml'): string {
  const { root } = words[dialect];
  const body = records.map((text) => `      ${text}\n`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} version="1.0">\n   <output>\n${body}   </output>\n</${root}>\n`;
}

export function record(
  { id, title, sellMode, plans }: FeedBase,
  dialect: Dialect = 'plan-list-xml',
  escape: (text: string) => string = escaped,
): string {
  const names = words[dialect];
  const attributes = `${names.base}_id="${escape(id)}" sell_mode="${escape(sellMode)}" title="${escape(title)}"`;
  const inner = plans.map((one) => planText(one, names.plan, escape)).join('');
  return `<${names.base} ${attributes}>${inner}</${names.base}>`;
}

function planText(
  { id, start, end, zones: seats }: FeedPlan,
  name: string,
  escape: (text: string) => string,
): string {
  const dates = `${name}_start_date="${escape(start)}" ${name}_end_date="${escape(end)}"`;
  const rest = `${name}_id="${escape(id)}" sell_from="2020-07-01T00:00:00" sell_to="2021-06-30T20:00:00" sold_out="false"`;
  const inner = seats.map(
    (zone) =>
      `<zone zone_id="${escape(zone.id)}" capacity="${zone.capacity}" price="${zone.price}" name="Stalls" numbered="true" />`,
  );
  return `<${name} ${dates} ${rest}>${inner.join('')}</${name}>`;
}

export const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    // A parser would turn these into spaces.
    .replaceAll(/[\t\n\r]/g, (blank) => `&#${blank.charCodeAt(0)};`);
