import type { Archive } from '#/archive/archive.ts';
import type { DetailedEvent } from '#/domain/event.ts';
import { unpackSlice, type PackedSlice } from '#/domain/packed/slice.ts';

/** The events of a slice by (start, id). */
export function eventsOf(slice: PackedSlice): DetailedEvent[] {
  const { starts, at } = unpackSlice(slice);
  return Array.from(starts, (_, ordinal) => at(ordinal).event);
}

/** All events of the catalogue, by (start, id). */
export const eventsIn = (archive: Archive): Promise<DetailedEvent[]> =>
  archive.frozen(async (catalogue) => eventsOf(await catalogue.slice(-1e9, 1e9)));

/** The titles of all events of the catalogue, by (start, id). */
export const titlesIn = async (archive: Archive): Promise<string[]> =>
  (await eventsIn(archive)).map(({ title }) => title);
