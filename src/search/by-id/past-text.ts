// The JSON of what the journal says of an event. Names and forms are those of the event itself.

import type { DetailedEvent } from '#/domain/event.ts';
import type { PastChange, PastEvent, PastState } from '#/domain/past.ts';
import { statusOf } from '#/domain/status.ts';
import { priceAsJson } from '#/domain/price.ts';
import { renderSummary } from '#/domain/summary.ts';
import { rfc3339 } from '#/snapshot/clock-text.ts';
import { instantText, sightedText, zonesText } from './event-text.ts';
import { withFields, type EventField } from './fields.ts';

/** `fields`: null for all. */
export function pastEventText({ event, sighted }: PastEvent, fields: readonly EventField[] | null): string {
  const whole = `${detailedText(event).slice(0, -1)}${sightedText(sighted)}}`;
  return fields === null ? whole : withFields(whole, fields);
}

function detailedText(event: DetailedEvent): string {
  const rest = {
    starts_at: rfc3339(event.start),
    ends_at: rfc3339(event.end),
    time_zone: event.timeZone,
    provider: event.provider,
    base_id: event.baseId,
    plan_id: event.planId,
    sell_mode: event.sellMode,
    sell_from: event.sellFrom,
    sell_to: event.sellTo,
    sold_out: event.soldOut,
    capacity: event.capacity,
    listed: event.listed,
    status: event.status,
  };
  return `${renderSummary(event).slice(0, -1)},${JSON.stringify(rest).slice(1)}`;
}

/** With the fields that differ. */
export function changeText({ at, runId, kind, before, after }: PastChange): string {
  const now = fieldsOf(after);
  const then = before === null ? null : fieldsOf(before);
  const differing = [...now].filter(([name, text]) => then?.get(name) !== text).map(([name]) => name);
  const objectOf = (from: ReadonlyMap<string, string>): string =>
    `{${differing.map((name) => `"${name}":${from.get(name)}`).join(',')}}`;
  return (
    `{"at":${instantText(at)},"run":${runId},"kind":"${kind}",` +
    `"before":${then === null ? 'null' : objectOf(then)},"after":${objectOf(now)}}`
  );
}

/** An event may have no time, and no end. */
const quoted = (text: string): string => (text === '' ? 'null' : `"${text}"`);

/** What a feed said, as JSON by the names of fields. */
function fieldsOf({ listed, facts, zones }: PastState): Map<string, string> {
  const { startLocal, endLocal } = facts;
  return new Map(
    Object.entries({
      title: JSON.stringify(facts.title),
      start_date: JSON.stringify(startLocal.slice(0, 10)),
      start_time: quoted(startLocal.slice(11)),
      end_date: quoted(endLocal.slice(0, 10)),
      end_time: quoted(endLocal.slice(11)),
      min_price: priceAsJson(facts.minPrice),
      max_price: priceAsJson(facts.maxPrice),
      starts_at: JSON.stringify(rfc3339(facts.start)),
      ends_at: JSON.stringify(rfc3339(facts.end)),
      sell_mode: JSON.stringify(facts.sellMode),
      sell_from: JSON.stringify(facts.sellFrom),
      sell_to: JSON.stringify(facts.sellTo),
      sold_out: JSON.stringify(facts.soldOut),
      capacity: JSON.stringify(facts.capacity ?? null),
      listed: JSON.stringify(listed),
      status: JSON.stringify(statusOf(facts)),
      zones: zones === null ? 'null' : zonesText(zones),
    }),
  );
}
