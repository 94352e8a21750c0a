import test from 'ava';
import { feedHead, feedTail, renderRecord, type FeedRecord } from '../../load/simulator/feed.ts';
import { answerAfter } from '../../load/simulator/story.ts';
import { read, simulatorFor, textOf, type ReadBase } from './_simulator.ts';

const ids = (bases: readonly ReadBase[]): string[] =>
  bases.flatMap((base) => base.plans.map((plan) => `${base.id}/${plan.id}`));

const byId = (bases: readonly ReadBase[], id: string): ReadBase => {
  const found = bases.find((base) => base.id === id);
  if (found === undefined) throw new Error(`Got no base ${id} among ${ids(bases).join(', ')}.`);
  return found;
};

const ends = (base: ReadBase): string[] => base.plans.map((plan) => plan.end);
const seats = (base: ReadBase): string[] =>
  base.plans.flatMap((plan) => plan.zones.map((zone) => zone.capacity));

for (const path of ['/plans', '/events']) {
  test(`${path} sends the three answers in order, and the third one stays`, async (t) => {
    const simulator = await simulatorFor(t);
    const told: ReadBase[][] = [];
    for (let fetches = 0; fetches < 4; fetches++) told.push([...read(await textOf(simulator, path))]);
    const [first = [], second = [], third = [], fourth = []] = told;

    t.deepEqual(ids(first), ['291/291', '322/1642', '322/1643', '1591/1642']);
    t.deepEqual(ids(second), ['291/291', '1591/1642', '444/1642']);
    t.deepEqual(ids(third), ids(second));
    t.deepEqual(fourth, third);

    t.deepEqual(told.flatMap((bases) => ends(byId(bases, '291'))).slice(0, 3), [
      '2021-06-30T22:00:00',
      '2021-06-30T22:00:00',
      '2021-06-30T21:30:00',
    ]);
    t.deepEqual(seats(byId(third, '291')), ['200', '0', '80'], 'zone 38 is sold out in the third answer');
    t.deepEqual(
      byId(first, '291').plans[0]?.zones.map((zone) => [zone.zone_id, zone.price]),
      [
        ['40', '20.00'],
        ['38', '15.00'],
        ['30', '30.00'],
      ],
    );

    t.deepEqual(told.flatMap((bases) => ends(byId(bases, '1591'))).slice(0, 3), [
      '2021-07-31T21:00:00',
      '2021-07-31T21:20:00',
      '2021-07-31T21:00:00',
    ]);
    t.deepEqual(
      byId(first, '1591').plans[0]?.zones.map((zone) => zone.zone_id),
      ['186', '186'],
    );
    t.deepEqual(seats(byId(second, '1591')), ['0', '14']);

    const never = byId(second, '444');
    t.is(never.sellMode, 'offline');
    t.is(never.plans[0]?.start, '2021-09-31T20:00:00');
  });
}

test('an answer can be pinned without advancing the story', async (t) => {
  const simulator = await simulatorFor(t);
  t.is(read(await textOf(simulator, '/plans?response=3'))[0]?.plans[0]?.end, '2021-06-30T21:30:00');
  t.true(ids(read(await textOf(simulator, '/plans'))).includes('322/1643'), 'still the first answer');
});

test('the dialects advance independently', async (t) => {
  const simulator = await simulatorFor(t);
  await textOf(simulator, '/plans');
  t.true(ids(read(await textOf(simulator, '/events'))).includes('322/1643'), 'the first answer of its own');
});

test('the story can be slowed down and repeated', (t) => {
  const fetches = [0, 1, 2, 3, 4, 5, 6, 7];
  t.deepEqual(
    fetches.map((before) => answerAfter(before, {})),
    [1, 2, 3, 3, 3, 3, 3, 3],
  );
  t.deepEqual(
    fetches.map((before) => answerAfter(before, { repeat: 3 })),
    [1, 1, 1, 2, 2, 2, 3, 3],
  );
  t.deepEqual(
    fetches.map((before) => answerAfter(before, { loop: true })),
    [1, 2, 3, 1, 2, 3, 1, 2],
  );
});

test('a title survives rendering and parsing, whatever its characters', (t) => {
  const title = `<b> & "quotes" 'single' tab\there line\nend é 日本 🎭 &amp; ]]>`;
  const record: FeedRecord = { baseId: '1', sellMode: 'online', title, plans: [] };
  const plan = { planId: '1', start: '', end: '', sellFrom: '', sellTo: '', soldOut: true, zones: [] };
  const xml = renderRecord('event-list-xml', { ...record, plans: [plan] });
  t.is(read(feedHead('event-list-xml') + xml + feedTail('event-list-xml'))[0]?.title, title);
});

test('a character that XML cannot represent becomes a replacement character', (t) => {
  const title = 'a\u0000b\ud800c';
  const xml = renderRecord('plan-list-xml', { baseId: '1', sellMode: 'online', title, plans: [] });
  t.regex(xml, /title="a\ufffdb\ufffdc"/);
});
