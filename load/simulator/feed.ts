// A provider's feed as data, and its rendering in each dialect. The dialects differ in names only.

export type Dialect = 'plan-list-xml' | 'event-list-xml';

export interface FeedZone {
  readonly zoneId: string;
  readonly capacity: number;
  /** As the feed writes it: `20.00`. */
  readonly price: string;
  readonly name: string;
  readonly numbered: boolean;
}

/** Times are the provider's wall clock, `YYYY-MM-DDTHH:MM:SS`; the day may not exist. */
export interface FeedPlan {
  readonly planId: string;
  readonly start: string;
  readonly end: string;
  readonly sellFrom: string;
  readonly sellTo: string;
  readonly soldOut: boolean;
  readonly zones: readonly FeedZone[];
}

export interface FeedRecord {
  readonly baseId: string;
  readonly sellMode: 'online' | 'offline';
  readonly organizerCompanyId?: string;
  readonly title: string;
  readonly plans: readonly FeedPlan[];
}

interface Names {
  readonly root: string;
  readonly base: string;
  readonly plan: string;
}

const namesOf: Record<Dialect, Names> = {
  'plan-list-xml': { root: 'planList', base: 'base_plan', plan: 'plan' },
  'event-list-xml': { root: 'eventList', base: 'base_event', plan: 'event' },
};

export function feedHead(dialect: Dialect): string {
  const { root } = namesOf[dialect];
  const schema = `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="1.0"`;
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n` +
    `<${root} ${schema} xsi:noNamespaceSchemaLocation="${root}.xsd">\n   <output>\n`
  );
}

export function feedTail(dialect: Dialect): string {
  return `   </output>\n</${namesOf[dialect].root}>\n`;
}

/** One base element with its content, indented as in the feed, with a final newline. */
export function renderRecord(dialect: Dialect, record: FeedRecord): string {
  const { base, plan } = namesOf[dialect];
  const organizer =
    record.organizerCompanyId === undefined
      ? ''
      : ` organizer_company_id="${escaped(record.organizerCompanyId)}"`;
  let xml = `      <${base} ${base}_id="${escaped(record.baseId)}" sell_mode="${record.sellMode}"${organizer}`;
  xml += ` title="${escaped(record.title)}">\n`;
  for (const one of record.plans) xml += renderPlan(plan, one);
  return `${xml}      </${base}>\n`;
}

function renderPlan(name: string, plan: FeedPlan): string {
  let xml = `         <${name} ${name}_start_date="${escaped(plan.start)}" ${name}_end_date="${escaped(plan.end)}"`;
  xml += ` ${name}_id="${escaped(plan.planId)}" sell_from="${escaped(plan.sellFrom)}"`;
  xml += ` sell_to="${escaped(plan.sellTo)}" sold_out="${plan.soldOut}">\n`;
  for (const zone of plan.zones) xml += renderZone(zone);
  return `${xml}         </${name}>\n`;
}

function renderZone(zone: FeedZone): string {
  return (
    `            <zone zone_id="${escaped(zone.zoneId)}" capacity="${zone.capacity}" price="${escaped(zone.price)}"` +
    ` name="${escaped(zone.name)}" numbered="${zone.numbered}" />\n`
  );
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const special = /[&<>"\t\n\r]/g;
// oxlint-disable-next-line no-control-regex -- the characters that XML 1.0 cannot represent
const notInXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Text as an attribute value. Tabs and newlines are character references: a parser would turn them into spaces. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(notInXml, '\ufffd')
    .replace(special, (found) => entities[found] ?? `&#${found.charCodeAt(0)};`);
}
