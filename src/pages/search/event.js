// The page of one event: what its feed says of it, its zones, and what changed.

import { changeKinds } from '#/pages/common/kinds.js';
import { ask } from '#/pages/common/ask.js';
import { el, pairs, table } from '#/pages/common/dom.js';
import { zoneOf } from './periods.js';
import {
  availabilityOf,
  countText,
  dayText,
  fieldText,
  momentText,
  priceOf,
  pricesText,
  spanText,
  valueText,
} from './wording.js';

const changesMax = 50;

/** Rejects like `ask`. */
export async function readEvent(id, signal) {
  const { body, headers } = await ask(`/events/${encodeURIComponent(id)}`, { signal });
  return { event: body.data.event, headers };
}

const linkedType = 'application/ld+json';
let described = [];

/** Describes the event to programs in the head of the page: as JSON-LD, and where its other forms are. Rejects like `ask`. */
export async function describeEvent(id, signal) {
  const path = `/events/${encodeURIComponent(id)}`;
  const { body } = await ask(path, { signal, accept: linkedType });
  undescribeEvent();
  described = [
    el('script', { type: linkedType }, JSON.stringify(body)),
    el('link', { rel: 'alternate', type: linkedType, href: path }),
    el('link', { rel: 'alternate', type: 'text/calendar', href: `${path}.ics` }),
  ];
  document.head.append(...described);
}

export function undescribeEvent() {
  for (const node of described) node.remove();
  described = [];
}

export function eventView(event, state) {
  const timeZone = zoneOf(state);
  const [startsAt, endsAt] = [Date.parse(event.starts_at), Date.parse(event.ends_at)];
  const [badge, kind] = availabilityOf(event);
  const seen = (at) => (at === null ? null : momentText(Date.parse(at), timeZone));
  const when = (zone) => `${dayText(startsAt, zone)}, ${spanText(startsAt, endsAt, zone)}`;
  return el(
    'article',
    { class: 'event' },
    el('h2', { tabindex: '-1' }, event.title || 'Without a title'),
    el('p', {}, when(event.time_zone), ' ', el('span', { class: `badge ${kind}` }, badge)),
    pairs([
      ['Local time of', event.time_zone],
      [`In ${timeZone}`, timeZone === event.time_zone ? null : when(timeZone)],
      ['Status', event.status === 'scheduled' ? null : (event.status ?? 'unknown')],
      ['Price', pricesText(event)],
      ['Provider', event.provider],
      ['On sale from', event.sell_from?.replace('T', ' ')],
      ['On sale to', event.sell_to?.replace('T', ' ')],
      ['Places', event.capacity === null ? 'unknown' : countText(event.capacity)],
      ['First seen', seen(event.first_seen_at)],
      ['Left its feed', seen(event.last_seen_at)],
      ['Last online', seen(event.last_online_at)],
      ['Base and plan', `${event.base_id} / ${event.plan_id}`],
      ['Id', event.id],
    ]),
    el('h3', {}, 'Zones and prices'),
    zonesOf(event.zones),
  );
}

function zonesOf(zones) {
  if (zones === null) return el('p', { class: 'soft' }, 'Its zones are not known.');
  if (zones.length === 0) return el('p', { class: 'soft' }, 'Its feed lists no zones.');
  return table(
    'Zones and prices',
    ['Zone', 'Price', 'Places', 'Numbered'],
    zones.map(({ id, name, price, capacity, numbered }) => [
      name || id || 'Without a name',
      priceOf(price),
      capacity === null ? 'unknown' : countText(capacity),
      numbered === null ? 'unknown' : numbered ? 'yes' : 'no',
    ]),
  );
}

/** Rejects like `ask`. */
export async function historyView(id, state, signal) {
  const { body } = await ask(`/events/${encodeURIComponent(id)}/history?limit=${changesMax}`, { signal });
  const { changes, next_cursor: next } = body.data;
  const timeZone = zoneOf(state);
  return [
    el('ol', { class: 'changes' }, ...changes.map((change) => changeView(change, timeZone))),
    ...(next === null ? [] : [el('p', { class: 'soft' }, `Only the last ${changesMax} changes are shown.`)]),
  ];
}

function changeView({ at, run, kind, before, after }, timeZone) {
  const rows =
    before === null
      ? []
      : Object.keys(after).map((name) => [
          fieldText(name),
          el('del', {}, valueText(before[name])),
          el('ins', {}, valueText(after[name])),
        ]);
  return el(
    'li',
    {},
    el('strong', {}, changeKinds[kind] ?? kind),
    ` ${momentText(Date.parse(at), timeZone)} `,
    el('span', { class: 'soft' }, `in feed run ${run}`),
    ...(rows.length === 0 ? [] : [table(`Changed in feed run ${run}`, ['What', 'Before', 'After'], rows)]),
  );
}
