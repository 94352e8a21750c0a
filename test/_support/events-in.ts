import type { Archive } from '#/archive/archive.ts';
import type { DetailedEvent } from '#/domain/event.ts';
import { unpackSlice } from '#/domain/packed/slice.ts';

/** All events of the catalogue, by (start, id). */
export const eventsIn = (archive: Archive): Promise<DetailedEvent[]> =>
  archive.frozen(async (catalogue) =>
    unpackSlice(await catalogue.slice(-1e9, 1e9)).map(({ event }) => event),
  );
