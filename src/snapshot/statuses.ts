// The status of each event of a segment, one byte by place: 0 unknown, then as in `statuses`. Most segments have only events that are
// scheduled: they have no such section, and are the same bytes as before there was a status.

import { statuses, type EventStatus } from '#/domain/event.ts';
import { expect, unexpected } from './sections.ts';

const scheduled = codeOf('scheduled');

export function codeOf(status: EventStatus | null): number {
  return status === null ? 0 : statuses.indexOf(status) + 1;
}

/** `codes`: by place. Null when every event is scheduled. */
export const encodeStatuses = (codes: Uint8Array): Uint8Array | null =>
  codes.every((code) => code === scheduled) ? null : codes;

/** Throws unless there is the code of a status for each of the events. */
export function checkedStatuses(codes: Uint8Array, events: number): Uint8Array {
  expect(codes.length === events, `${codes.length} statuses`, events);
  for (const code of codes)
    if (code > statuses.length) throw unexpected(`status ${code}`, `at most ${statuses.length}`);
  return codes;
}

/** Of a segment; null when every event is scheduled. */
interface Coded {
  readonly statuses: Uint8Array | null;
}

/** 0 when its feed gives a status that cannot be read, else one more than the index in `statuses`. */
export const statusCodeAt = ({ statuses: codes }: Coded, place: number): number =>
  codes === null ? scheduled : (codes[place] as number);

/** Null when its feed gives a status that cannot be read. */
export const statusAt = (coded: Coded, place: number): EventStatus | null =>
  statuses[statusCodeAt(coded, place) - 1] ?? null;
