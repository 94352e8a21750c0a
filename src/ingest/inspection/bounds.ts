// Compares an event with the range of a search: which bound excludes it, and by how much.

import { rfc3339 } from '#/snapshot/clock-text.ts';
import { localText } from './texts.ts';

export interface Bounds {
  /** Milliseconds since 1970 UTC; null when open. */
  readonly startsAt: number | null;
  readonly endsAt: number | null;
}

/** A bound that excludes an event. `local`: the wall clock of the provider. */
export interface Missed {
  readonly bound: 'starts_at' | 'ends_at';
  readonly asked: string;
  readonly asked_local: string;
  readonly event: string;
  readonly event_local: string;
  /** By how much the event is outside. */
  readonly seconds: number;
  readonly message: string;
}

interface Times {
  readonly start: number;
  readonly end: number;
}

/** A search finds events that start at or after `starts_at` and end at or before `ends_at`. */
export function missedBounds(
  { start, end }: Times,
  { startsAt, endsAt }: Bounds,
  timeZone: string,
): Missed[] {
  const missed: Missed[] = [];
  const local = (instant: number): string => `${localText(instant, timeZone)} in ${timeZone}`;
  const add = (bound: Missed['bound'], event: number, asked: number, message: string): void => {
    missed.push({
      bound,
      asked: rfc3339(asked),
      asked_local: localText(asked, timeZone),
      event: rfc3339(event),
      event_local: localText(event, timeZone),
      seconds: Math.ceil(Math.abs(event - asked) / 1000),
      message,
    });
  };
  if (startsAt !== null && start < startsAt)
    add(
      'starts_at',
      start,
      startsAt,
      `It starts at ${rfc3339(start)} (${local(start)}), before starts_at ${rfc3339(startsAt)} (${local(startsAt)}).`,
    );
  if (endsAt !== null && end > endsAt)
    add(
      'ends_at',
      end,
      endsAt,
      `It ends at ${rfc3339(end)} (${local(end)}), after ends_at ${rfc3339(endsAt)} (${local(endsAt)}).`,
    );
  return missed;
}
