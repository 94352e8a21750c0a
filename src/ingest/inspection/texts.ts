// What the archive has, as the JSON of the admin port. Names are those of `/events`.

import type { Facts } from '#/domain/event.ts';
import type { PastState } from '#/domain/past.ts';
import { priceAsJson } from '#/domain/price.ts';
import { statusOf } from '#/domain/status.ts';
import { zonesIn } from '#/domain/zones.ts';
import { Temporal } from '#/domain/time/temporal.ts';
import type { RefusedPart } from '#/archive/inspection/refused.ts';
import type { Held } from '#/archive/runs/held.ts';
import type { ValueHold } from '#/archive/runs/value-holds.ts';
import { rfc3339 } from '#/snapshot/clock-text.ts';

export type Json = Readonly<Record<string, unknown>>;

/** What a feed reported of an event. */
export const factsJson = (facts: Facts): Json => ({
  title: facts.title,
  start_date: facts.startLocal.slice(0, 10),
  start_time: knownOf(facts.startLocal.slice(11)),
  end_date: knownOf(facts.endLocal.slice(0, 10)),
  end_time: knownOf(facts.endLocal.slice(11)),
  min_price: priceOf(facts.minPrice),
  max_price: priceOf(facts.maxPrice),
  starts_at: rfc3339(facts.start),
  ends_at: rfc3339(facts.end),
  sell_mode: facts.sellMode,
  sell_from: facts.sellFrom,
  sell_to: facts.sellTo,
  sold_out: facts.soldOut,
  capacity: facts.capacity ?? null,
  status: statusOf(facts),
});

/** An event may have no time, and no end. */
const knownOf = (text: string): string | null => (text === '' ? null : text);

const priceOf = (minor: number | null): unknown => JSON.parse(priceAsJson(minor));

/** `zonesMax`: an event may have hundreds of zones, and two states of them are in each change. */
export const stateJson = ({ listed, facts, zones }: PastState, zonesMax: number): Json => ({
  ...factsJson(facts),
  listed,
  zones:
    zones === null
      ? null
      : zonesIn(zones)
          .slice(0, zonesMax)
          .map(({ zoneId, name, price, capacity, numbered }) => ({
            id: zoneId,
            name,
            price: priceOf(price),
            capacity,
            numbered,
          })),
});

/** Of two states, the fields that differ. */
export function changeJson(before: Json | null, after: Json): { before: Json | null; after: Json } {
  const names = Object.keys(after).filter(
    (name) => JSON.stringify(after[name]) !== JSON.stringify(before?.[name]),
  );
  const some = (from: Json): Json => Object.fromEntries(names.map((name) => [name, from[name]]));
  return { before: before === null ? null : some(before), after: some(after) };
}

export const refusedJson = (part: RefusedPart): Json => ({
  provider: part.provider,
  base_id: part.baseId,
  plan_id: part.planId,
  code: part.code,
  message: part.message,
  run: part.runId,
  line: part.line,
  column: part.column,
  offset: part.offset,
  first_seen_at: rfc3339(part.firstSeenAt),
  last_seen_at: rfc3339(part.lastSeenAt),
  times: part.times,
});

export const heldJson = ({ runId, events, reason }: Held): Json => ({ run: runId, events, reason });

export const holdJson = ({ provider, runId, readAt, records, isApproved, reason }: ValueHold): Json => ({
  provider,
  run: runId,
  read_at: readAt === null ? null : rfc3339(readAt),
  records,
  approved: isApproved,
  reason,
});

/** `what`: what the feed may do to an event. */
export function holdText({ provider, runId, readAt, reason, isApproved }: ValueHold, what: string): string {
  const read = readAt === null ? '' : ` at ${rfc3339(readAt)}`;
  const approved = isApproved ? ' It is approved: the next run absorbs it.' : '';
  return `The feed that run ${runId} of ${provider} read${read} is held, and may ${what}. ${reason}${approved}`;
}

/** The wall clock in a zone, `YYYY-MM-DDTHH:MM:SS`. */
export const localText = (instant: number, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(instant)
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'second' });
