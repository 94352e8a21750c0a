// The index compared with an oracle: `events.filter(…)`, sorted, stringified.

import test, { type ExecutionContext } from 'ava';
import type { CatalogueEvent } from '#/domain/event.ts';
import type { Range } from '#/domain/range.ts';
import { search } from '#/search/search.ts';
import { createSelection } from '#/search/selection.ts';
import { emptyView, type View } from '#/search/view.ts';
import {
  answerOf,
  everything,
  randomEvents,
  truthOf,
  viewOf,
  type CatalogueShape,
} from '../_support/catalogue.ts';
import { isLong } from '../_support/long.ts';
import { seededFor, type Random } from '../_support/random.ts';

const dayMs = 86_400_000;
const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };

const shapes: Record<string, CatalogueShape & { readonly eventsMax?: number; readonly ranges: number }> = {
  'a single event': { events: 1, ...year, ranges: 300 },
  'one block, filled': { events: 64, ...year, longShare: 0, ranges: 300 },
  'one block and one event': { events: 65, ...year, longShare: 0, ranges: 300 },
  'a year in one segment': { events: 2500, ...year, ranges: 600 },
  'a year cut into months and days': { events: 2500, ...year, eventsMax: 100, ranges: 600 },
  'events of which half run for weeks': {
    events: 1500,
    ...year,
    longShare: 0.5,
    eventsMax: 300,
    ranges: 600,
  },
  'events of which all run for weeks': { events: 500, ...year, longShare: 1, ranges: 300 },
  'thousands that start together': { events: 3000, ...year, stepMs: 90 * dayMs, ranges: 300 },
  'a single day': { events: 2000, from: year.from, to: year.from + dayMs - 1, eventsMax: 100, ranges: 300 },
  'years before 1970': {
    events: 1500,
    from: Date.UTC(1950, 0, 1),
    to: Date.UTC(1972, 0, 1),
    eventsMax: 60,
    ranges: 600,
  },
  'two thousand years': {
    events: 1500,
    from: Date.UTC(1, 0, 1),
    to: Date.UTC(2021, 0, 1),
    longShare: 0.3,
    ranges: 300,
  },
  'instants to the millisecond': {
    events: 800,
    from: year.from,
    to: year.from + 3000,
    stepMs: 1,
    longShare: 0,
    ranges: 300,
  },
};

for (const [words, { eventsMax, ranges, ...shape }] of Object.entries(shapes)) {
  test(`${words}: every range gives the result of a filter`, (t) => {
    const random = seededFor(t);
    const events = randomEvents(random, shape);
    const view = viewOf(events, eventsMax);
    t.is(view.events, events.length);
    same(t, view, events, everything);
    for (let i = 0; i < (isLong ? ranges : ranges / 3); i++)
      same(t, view, events, randomRange(random, events));
    t.pass();
  });
}

test('random small catalogues give the result of a filter', (t) => {
  const random = seededFor(t);
  for (let round = 0; round < (isLong ? 300 : 100); round++) {
    const events = randomEvents(random, {
      events: random.int(1, 200),
      from: year.from,
      to: year.from + random.pick([0, 3_600_000, dayMs, 400 * dayMs]),
      longShare: random.fraction(),
      stepMs: random.pick([1, 60_000, 3_600_000]),
    });
    const view = viewOf(events, random.int(1, 100));
    for (let i = 0; i < 20; i++) same(t, view, events, randomRange(random, events));
  }
  t.pass();
});

test('a range that starts or ends exactly at an event includes it, and one a millisecond shorter does not', (t) => {
  const random = seededFor(t);
  const events = randomEvents(random, { events: 300, ...year });
  const view = viewOf(events, 50);
  for (const { id, start, end } of events) {
    const found = (range: Range): boolean => answerOf(view, range).includes(id);
    t.true(found({ start, end }));
    t.false(found({ start: start + 1, end: Infinity }));
    t.false(found({ start: -Infinity, end: end - 1 }));
  }
});

test('an empty view returns no events', (t) => {
  t.is(answerOf(emptyView, everything), '{"data":{"events":[]},"error":null}');
  t.is(search(emptyView, everything).count, 0);
});

test('stretches are never empty, and adjacent ones of a layer are merged', (t) => {
  const random = seededFor(t);
  const events = randomEvents(random, { events: 2000, ...year, longShare: 0.2 });
  const view = viewOf(events, 400);
  for (let i = 0; i < 300; i++) {
    const { stretches, count } = search(view, randomRange(random, events));
    stretches.slice(0, count).forEach(({ segment, layer, from, to }, at) => {
      const before = stretches[at - 1];
      if (from >= to || to > (layer ?? segment).events) t.fail(`a stretch from ${from} to ${to}`);
      if (layer !== null && before?.layer === layer && before.to >= from)
        t.fail(`${before.to} meets ${from}`);
    });
  }
  t.pass();
});

test('the whole catalogue is one stretch per segment', (t) => {
  const view = viewOf(randomEvents(seededFor(t), { events: 1000, ...year }), 100);
  t.is(search(view, everything).count, view.segments.length);
  t.true(view.segments.length > 5);
});

test('long events between short ones do not split a range into many stretches', (t) => {
  const random = seededFor(t);
  const month = { from: Date.UTC(2021, 5, 1), to: Date.UTC(2021, 5, 30) };
  const events = [
    ...randomEvents(random, { events: 3000, ...month, longShare: 0 }),
    ...randomEvents(random, { events: 3000, ...month, longShare: 1 }),
  ];
  const { count, events: found } = search(viewOf(events, 10_000), {
    start: month.from,
    end: month.from + 20 * 3_600_000,
  });
  t.true(found > 50, `${found} events`);
  // In the last hours of a range, some events fit and some do not.
  t.true(count < 30, `${count} stretches`);
});

test('a reused selection has the result of its last search only', (t) => {
  const random = seededFor(t);
  const events = randomEvents(random, { events: 1500, ...year, longShare: 0.2 });
  const view = viewOf(events, 300);
  const used = createSelection();
  for (let i = 0; i < 200; i++) {
    const range = randomRange(random, events);
    const fresh = search(view, range);
    search(view, range, used);
    t.deepEqual({ ...used, stretches: used.stretches.slice(0, used.count) }, fresh);
  }
});

function same(t: ExecutionContext, view: View, events: readonly CatalogueEvent[], range: Range): void {
  const [seen, wanted] = [answerOf(view, range), truthOf(events, range)];
  if (seen !== wanted) t.deepEqual(JSON.parse(seen), JSON.parse(wanted), JSON.stringify(range));
  if (seen !== wanted) t.is(seen, wanted);
}

/** At the start or end of an event, a millisecond off, anywhere, or open. */
function randomRange(random: Random, events: readonly CatalogueEvent[]): Range {
  const bound = (): number => {
    const { start, end } = random.pick(events);
    return random.pick([start, end, start + random.int(-60, 60) * dayMs]) + random.pick([0, 0, 1, -1]);
  };
  const [from = 0, to = 0] = [bound(), bound()].toSorted((a, b) => a - b);
  return { start: random.chance(0.1) ? -Infinity : from, end: random.chance(0.1) ? Infinity : to };
}
