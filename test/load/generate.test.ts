import test from 'ava';
import { renderRecord, type FeedRecord } from '../../load/simulator/feed.ts';
import { feedChunks, generateRecords } from '../../load/simulator/generate.ts';
import type { Recipe } from '../../load/simulator/recipe.ts';
import { read } from './_simulator.ts';

const rendered = (recipe: Partial<Recipe>): string[] =>
  [...generateRecords(recipe)].map((record) => renderRecord('plan-list-xml', record));

const dayMs = 86_400_000;
const lastsMs = ({ start, end }: { start: string; end: string }): number =>
  Date.parse(`${end}Z`) - Date.parse(`${start}Z`);
const plansOf = (recipe: Partial<Recipe>) => [...generateRecords(recipe)].flatMap((record) => record.plans);

test('the same seed gives the same records, another seed others', (t) => {
  t.deepEqual(rendered({ seed: 7, bases: 200 }), rendered({ seed: 7, bases: 200 }));
  t.notDeepEqual(rendered({ seed: 7, bases: 200 }), rendered({ seed: 8, bases: 200 }));
});

for (const zonesPerPlan of [0, 1, 3]) {
  test(`each revision changes the requested number of records, with ${zonesPerPlan} zones`, (t) => {
    for (const [bases, changedPerRevision] of [
      [1, 1],
      [10, 10],
      [97, 5],
      [120, 7],
      [256, 0],
    ] as const) {
      const recipe = { seed: bases, bases, zonesPerPlan, changedPerRevision };
      let before = rendered(recipe);
      for (let revision = 1; revision <= 40; revision++) {
        const after = rendered({ ...recipe, revision });
        const changed = after.filter((record, place) => record !== before[place]).length;
        t.is(changed, changedPerRevision, `${bases} bases, revision ${revision}`);
        before = after;
      }
    }
  });
}

test('every record changes at some revision, and so do price, capacity and end time', (t) => {
  const recipe = { bases: 60, changedPerRevision: 6 };
  const first = rendered(recipe);
  t.true(rendered({ ...recipe, revision: 10 }).every((record, place) => record !== first[place]));
  const facts = (record: FeedRecord) => {
    const [plan] = record.plans;
    return { end: plan?.end, price: plan?.zones[0]?.price, capacity: plan?.zones[0]?.capacity };
  };
  const [before, after] = [0, 10].map((revision) => [...generateRecords({ ...recipe, revision })].map(facts));
  for (const fact of ['end', 'price', 'capacity'] as const) {
    t.is(after?.filter((one, place) => one[fact] !== before?.[place]?.[fact]).length, 20, fact);
  }
});

test('a feed has the requested numbers of bases, plans and zones, all within its days', (t) => {
  const records = [
    ...generateRecords({ bases: 50, plansPerBase: 4, zonesPerPlan: 6, firstDay: '2024-02-28', days: 3 }),
  ];
  t.is(records.length, 50);
  for (const { plans } of records) {
    t.is(plans.length, 4);
    for (const plan of plans) {
      t.is(plan.zones.length, 6);
      t.true(plan.start >= '2024-02-28T00:00:00' && plan.start < '2024-03-02T00:00:00', plan.start);
      t.true(plan.end > plan.start);
    }
  }
});

test('the shares of long events, hot days and offline bases are as requested', (t) => {
  const recipe = {
    bases: 4_000,
    days: 1_000,
    longShare: 0.05,
    hotDays: 2,
    hotDayShare: 0.3,
    offlineShare: 0.1,
  };
  const plans = plansOf(recipe);
  const long = plans.filter((plan) => lastsMs(plan) >= 14 * dayMs).length / plans.length;
  t.true(Math.abs(long - 0.05) < 0.02, `${long} last weeks`);
  t.true(plans.every((plan) => lastsMs(plan) >= 14 * dayMs || lastsMs(plan) <= 3 * 3_600_000));

  const perDay = Map.groupBy(plans, (plan) => plan.start.slice(0, 10));
  const sizes = [...perDay.values()].map((day) => day.length).sort((a, b) => b - a);
  const hot = ((sizes[0] ?? 0) + (sizes[1] ?? 0)) / plans.length;
  t.true(Math.abs(hot - 0.3) < 0.05, `${hot} on the two hot days`);

  const offline = [...generateRecords(recipe)].filter((record) => record.sellMode === 'offline').length;
  t.true(Math.abs(offline / recipe.bases - 0.1) < 0.02, `${offline} not online`);
});

test('plan ids repeat under other bases', (t) => {
  const ids = plansOf({ bases: 1_500 }).map((plan) => plan.planId);
  t.is(new Set(ids).size, 1_000);
});

test('a feed is generated piece by piece, on demand', (t) => {
  let made = 0;
  function* counted(): Generator<FeedRecord> {
    for (const record of generateRecords({ bases: 100_000, zonesPerPlan: 20 })) {
      made++;
      yield record;
    }
  }
  const chunks = feedChunks('event-list-xml', counted());
  const first = chunks.next().value as Buffer;
  t.true(first.length > 60_000 && first.length < 80_000, `${first.length} bytes`);
  t.true(made < 100, `${made} records for the first piece`);
});

test('a feed without records is well-formed', (t) => {
  const xml = Buffer.concat([...feedChunks('plan-list-xml', generateRecords({ bases: 0 }))]).toString();
  t.deepEqual(read(xml), []);
});

test('an invalid recipe is refused with all its faults', (t) => {
  const impossible = { bases: 3, changedPerRevision: 4, firstDay: '2026-02-30', longShare: 2, days: 0.5 };
  t.throws(() => [...generateRecords(impossible)], {
    instanceOf: RangeError,
    message:
      /days 0\.5.*longShare 2.*firstDay "2026-02-30".*changedPerRevision 4, expected at most the 3 bases/s,
  });
});
