// A catalogue some time later.

import type { DetailedEvent } from '#/domain/event.ts';
import { randomEvents } from './catalogue.ts';
import type { Random } from './random.ts';

const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };

/** This share of the events is different or gone, and some are new. */
export function mutated(random: Random, events: readonly DetailedEvent[], share: number): DetailedEvent[] {
  const kept = events.flatMap((event): DetailedEvent[] => {
    if (!random.chance(share)) return [event];
    const shift = random.int(-40, 40) * 86_400_000;
    return random.pick([
      [],
      [{ ...event, title: `${event.title}!` }],
      [{ ...event, sellMode: event.sellMode === 'online' ? 'offline' : 'online' }],
      [{ ...event, listed: !event.listed }],
      [{ ...event, listed: !event.listed, sellMode: 'offline', capacity: 7 }],
      [{ ...event, capacity: random.int(0, 9) }],
      [{ ...event, sellFrom: random.pick([null, '2021-06-30T12:34:57', '2157-01-01T00:00:00']) }],
      [{ ...event, status: random.pick(['scheduled', 'cancelled', null]) }],
      [{ ...event, timeZone: 'Asia/Tokyo' }],
      [{ ...event, start: event.start + shift, end: event.end + shift }],
      [{ ...event, end: event.start + random.pick([0, 100]) * 3_600_000 }],
      [{ ...event, minPrice: 1, maxPrice: 2 }],
    ] as DetailedEvent[][]);
  });
  const more = randomEvents(random, { events: random.int(0, 30), ...year });
  return [...kept, ...more.map((event) => ({ ...event, baseId: `n${event.baseId}` }))];
}
