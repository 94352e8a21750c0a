// What both ways out as schema.org say of an event in the terms of that vocabulary.
// Source: schema.org, "EventStatusType", "ItemAvailability".

import type { EventStatus } from '#/domain/event.ts';

export const vocabulary = 'https://schema.org';

const statusTerms: Readonly<Record<EventStatus, string>> = {
  scheduled: 'EventScheduled',
  cancelled: 'EventCancelled',
  postponed: 'EventPostponed',
  rescheduled: 'EventRescheduled',
};

/** The fields of `/events/{id}` that say how an event stands. */
export interface Standing {
  readonly sold_out: boolean | null;
  readonly sell_mode: 'online' | 'offline';
  readonly listed: boolean;
  readonly status: EventStatus | null;
}

/** Undefined when it is not known. */
export const statusTermOf = ({ status }: Standing): string | undefined =>
  status === null ? undefined : `${vocabulary}/${statusTerms[status]}`;

/** Undefined when the event is not on sale, for reasons that its feed does not give. */
export function availabilityOf({
  sold_out: isSoldOut,
  sell_mode: sellMode,
  listed,
}: Standing): string | undefined {
  if (isSoldOut === true) return `${vocabulary}/SoldOut`;
  return sellMode === 'online' && listed ? `${vocabulary}/InStock` : undefined;
}
