// Feeds that change most prices or dates at once are held before anything of them is absorbed; ordinary changes are not.

import test from 'ava';
import { base, feed, plan, zones, type FeedBase } from '../../_support/feeds.ts';
import { lineFor } from '../../provider/_line.ts';

const gate = { withdrawShareMax: 1, growthFactorMax: 1e6, priceShareMax: 0.5, dateShareMax: 0.5 };

/** The first `changed` of the bases have `other` in place of their plan. */
const bases = (count: number, changed = 0, other: Parameters<typeof plan>[0] = {}): FeedBase[] =>
  Array.from({ length: count }, (_, i) =>
    base({ id: `${i}`, title: `Base ${i}`, plans: [plan(i < changed ? other : {})] }),
  );

const hundredfold = { zones: zones('2000.00/10') };
const cheaper = { zones: zones('19.00/10') };
const plainZones = { zones: zones('20.00/10') };
const plain = (count: number): FeedBase[] => bases(count, count, plainZones);
const mixed = (count: number, changed: number, other: Parameters<typeof plan>[0]): FeedBase[] => [
  ...bases(count, changed, { ...plainZones, ...other }).slice(0, changed),
  ...plain(count).slice(changed),
];
const anHourLater = { start: '2021-06-30T22:00:00', end: '2021-06-30T23:00:00' };
const anHour = { start: '2021-06-30T21:00:00', end: '2021-06-30T22:00:00' };

test('a hundredfold price of all records is held with its numbers, until it is approved', async (t) => {
  const line = await lineFor(t);
  await line.hear(feed(plain(60)), { gate });
  const known = await line.catalogue();
  const journal = line.journalLength();
  const wrong = feed(mixed(60, 60, hundredfold));
  for (let times = 0; times < 2; times++) {
    const { row, isWhole } = await line.hear(wrong, { gate });
    t.like(row, { outcome: 'incomplete', code: 'values_held', counts: { changed: 0 } });
    t.is(row.message, '60 of 60 records have other prices (100 %), most often × 100, expected at most 50 %.');
    t.true(isWhole, 'the feed itself is not at fault');
    t.deepEqual(await line.catalogue(), known);
    t.is(line.journalLength(), journal);
  }
  t.is((await line.archive.held('hostile'))?.events, 60);
  t.like(await line.archive.approve('hostile'), { events: 60 });
  const { row } = await line.hear(wrong, { gate });
  t.like(row, { outcome: 'absorbed', code: null, counts: { changed: 60 } });
  t.is(await line.archive.held('hostile'), null);
  // The approval was for one feed.
  t.is((await line.hear(feed(plain(60)), { gate })).row.code, 'values_held');
});

test('an hour of all records is held, and a feed with the dates as before ends that', async (t) => {
  const line = await lineFor(t);
  const before = feed(mixed(60, 60, anHour));
  await line.hear(before, { gate });
  const { row } = await line.hear(feed(mixed(60, 60, anHourLater)), { gate });
  t.is(row.code, 'values_held');
  t.is(
    row.message,
    '60 of 60 records have other dates (100 %), most often by 60 minutes, expected at most 50 %.',
  );
  t.truthy(await line.archive.held('hostile'));
  t.is((await line.hear(before, { gate })).row.code, null);
  t.is(await line.archive.held('hostile'), null);
});

test('ordinary changes are not held: some prices, new events, a small feed, a provider without the limits', async (t) => {
  const line = await lineFor(t);
  await line.hear(feed(plain(60)), { gate });
  t.like((await line.hear(feed(mixed(60, 30, cheaper)), { gate })).row, {
    code: null,
    counts: { changed: 30 },
  });
  const more = [...mixed(60, 30, cheaper), ...plain(200).slice(60)];
  t.like((await line.hear(feed(more), { gate })).row, { code: null, counts: { added: 140 } });
  const open = { ...gate, priceShareMax: 1, dateShareMax: 1 };
  t.is((await line.hear(feed(mixed(200, 200, hundredfold)), { gate: open })).row.code, null);

  const small = await lineFor(t);
  await small.hear(feed(plain(20)), { gate });
  t.like((await small.hear(feed(mixed(20, 20, hundredfold)), { gate })).row, {
    code: null,
    counts: { changed: 20 },
  });
});
