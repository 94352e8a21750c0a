// Events that a feed no longer has: withdrawn by a complete feed only, and held when there are too many.

import test from 'ava';
import type { DetailedEvent } from '#/domain/event.ts';
import { judge } from '#/domain/gate.ts';
import { base, feed, feedOf, plan, record, type FeedBase } from '../../_support/feeds.ts';
import { lineFor, saying, type Line } from '../../provider/_line.ts';

const gate = { withdrawShareMax: 0.5, growthFactorMax: 10 };

const bases = (from: number, to: number): FeedBase[] =>
  Array.from({ length: to - from }, (_, i) => base({ id: `${from + i}`, title: `Base ${from + i}` }));

const count = (line: Line, listing: string): number =>
  Object.values(line.listings()).filter((one) => one === listing).length;

/** Without what a withdrawal changes: whether an event is listed, and when it changed. The search ignores both. */
const unlisted = (events: readonly DetailedEvent[]) =>
  events.map(({ listed: _, changedAt: _changedAt, ...event }) => event);

test('a base that a complete feed lacks is withdrawn, and can be searched as before', async (t) => {
  const line = await lineFor(t);
  await line.hear(feed(bases(0, 3)));
  const known = await line.catalogue();
  const { row } = await line.hear(feed(bases(0, 2)));
  t.like(row, { outcome: 'absorbed', code: null, counts: { withdrawn: 1, unchanged: 2, parsed: 0 } });
  t.deepEqual(line.listings(), { '0/1': 'listed', '1/1': 'listed', '2/1': 'withdrawn' });
  t.deepEqual(unlisted(await line.catalogue()), unlisted(known));
});

test('a plan that its base lacks is withdrawn, and can be searched as before', async (t) => {
  const line = await lineFor(t);
  const two = base({ plans: [plan(), plan({ id: '2' })] });
  await line.hear(feed([two]));
  const known = await line.catalogue();
  const { row } = await line.hear(feed([base()]));
  t.like(row.counts, { withdrawn: 1, changed: 0 });
  t.deepEqual(line.listings(), { '291/1': 'listed', '291/2': 'withdrawn' });
  t.deepEqual(unlisted(await line.catalogue()), unlisted(known));
});

test('a withdrawn event is listed again when a feed has it again, unchanged or changed', async (t) => {
  const line = await lineFor(t);
  const all = bases(0, 3);
  await line.hear(feed(all));
  await line.hear(feed(all.slice(0, 1)));
  t.is(count(line, 'withdrawn'), 2);
  const back = [all[0]!, all[1]!, { ...all[2]!, title: 'Anew' }];
  const { row } = await line.hear(feed(back));
  t.like(row, { outcome: 'absorbed', counts: { relisted: 1, changed: 1, added: 0 } });
  t.is(count(line, 'listed'), 3);
  t.deepEqual(await line.titles(), ['Anew', 'Base 0', 'Base 1']);
});

test('a truncated feed withdraws nothing, whatever it lacks', async (t) => {
  const line = await lineFor(t);
  const two = base({ id: 'two', plans: [plan(), plan({ id: '2' })] });
  await line.hear(feed([two, ...bases(0, 3)]));
  const one = feed([base({ id: 'two' }), ...bases(0, 1)]);
  const { row } = await line.hear(one.slice(0, one.indexOf('</planList>')));
  t.like(row, { outcome: 'incomplete', code: 'feed_truncated', counts: { withdrawn: 0 } });
  t.is(count(line, 'withdrawn'), 0);
  // The next complete feed that lacks them does.
  t.is((await line.hear(one)).row.counts['withdrawn'], 3);
});

test('a feed with an unreadable record withdraws nothing: the record could be any', async (t) => {
  const line = await lineFor(t);
  await line.hear(feed(bases(0, 3)));
  const { row } = await line.hear(
    feedOf([record(base({ id: '0', title: 'Base 0' })), '<base_plan><'], 'plan-list-xml'),
  );
  t.is(row.outcome, 'incomplete');
  t.is(count(line, 'withdrawn'), 0);
});

test('a plan that only a truncated feed lacked was never withdrawn', async (t) => {
  const line = await lineFor(t);
  const two = feed([base({ plans: [plan(), plan({ id: '2' })] })]);
  await line.hear(two);
  await line.hear(feed([base()]).replace('</planList>', ''));
  t.is(line.listings()['291/2'], 'missing');
  const journal = line.journalLength();
  const { row } = await line.hear(two);
  t.like(row, { outcome: 'unchanged', counts: { added: 0, changed: 0, relisted: 0, withdrawn: 0 } });
  t.is(line.listings()['291/2'], 'listed');
  t.is(line.journalLength(), journal);
});

async function heldLine(t: Parameters<typeof lineFor>[0]): Promise<Line> {
  const line = await lineFor(t);
  await line.hear(feed(bases(0, 30)), { gate });
  return line;
}

/** 20 of 30 are gone, one is changed, one is new. */
const thin = [...bases(0, 9), base({ id: '9', title: 'Changed' }), base({ id: 'new', title: 'New' })];

test('the withdrawals of a complete feed that lost too many events are held, and everything else is taken', async (t) => {
  const line = await heldLine(t);
  const { row } = await line.hear(feed(thin), { gate });
  t.like(row, {
    outcome: 'absorbed',
    code: 'withdrawals_held',
    counts: { added: 1, changed: 1, withdrawn: 0 },
  });
  t.like(row.findings, [{ code: 'withdrawals_held', severity: 'error', times: 1 }]);
  t.regex(String(row.message), /lost 20 of 30 /);
  t.is(count(line, 'listed'), 31);
  const titles = await line.titles();
  t.true(titles.includes('New') && titles.includes('Changed') && titles.includes('Base 29'));
  const held = await line.archive.held('hostile');
  t.like(held, { runId: row.id, events: 20, reason: row.message });
});

test('held withdrawals stay held while the feed stays the same', async (t) => {
  const line = await heldLine(t);
  await line.hear(feed(thin), { gate });
  for (let i = 0; i < 3; i++) {
    const { row } = await line.hear(feed(thin), { gate });
    t.like(row, { outcome: 'unchanged', code: 'withdrawals_held' });
  }
  t.is(count(line, 'withdrawn'), 0);
});

test('a feed with held withdrawals is read again, even if the provider answers that nothing changed', async (t) => {
  const line = await heldLine(t);
  await line.hear(saying(feed(thin), { etag: '"thin"' }), { gate });
  await line.hear(saying(feed(thin), { etag: '"thin"' }), { gate });
  t.not(line.asked.at(-1)?.['if-none-match'], '"thin"');
  await line.archive.approve('hostile');
  await line.hear(saying(feed(thin), { etag: '"thin"' }), { gate });
  t.is(count(line, 'withdrawn'), 20);
});

test('an approval passes exactly what was held, once', async (t) => {
  const line = await heldLine(t);
  await line.hear(feed(thin), { gate });
  t.like(await line.archive.approve('hostile'), { events: 20 });
  t.is(count(line, 'withdrawn'), 0);
  const { row } = await line.hear(feed(thin), { gate });
  t.like(row, { outcome: 'absorbed', code: null, counts: { withdrawn: 20 } });
  t.is(await line.archive.held('hostile'), null);
  t.is(count(line, 'withdrawn'), 20);
  t.is((await line.catalogue()).length, 31);
  // The approval is used.
  await line.hear(feed(bases(100, 130)), { gate });
  t.is(count(line, 'withdrawn'), 20 + 11);
  const again = await line.hear(feed(bases(100, 110)), { gate });
  t.like(again.row, { code: 'withdrawals_held', counts: { withdrawn: 0 } });
});

test('an approval passes no more than was held', async (t) => {
  const line = await heldLine(t);
  await line.hear(feed(thin), { gate });
  await line.archive.approve('hostile');
  const { row } = await line.hear(feed(thin.slice(1)), { gate });
  t.like(row, { code: 'withdrawals_held', counts: { withdrawn: 0 } });
  t.like(await line.archive.held('hostile'), { events: 21 });
});

test('an approval stays valid after a truncated feed', async (t) => {
  const line = await heldLine(t);
  await line.hear(feed(thin), { gate });
  await line.archive.approve('hostile');
  await line.hear(feed(thin).slice(0, 500), { gate });
  t.is(count(line, 'withdrawn'), 0);
  t.is((await line.hear(feed(thin), { gate })).row.counts['withdrawn'], 20);
});

test('nothing is held any more when a feed has all events again', async (t) => {
  const line = await heldLine(t);
  await line.hear(feed(thin), { gate });
  const { row } = await line.hear(feed([...bases(0, 30), base({ id: 'new', title: 'New' })]), { gate });
  t.like(row, { code: null, counts: { withdrawn: 0, relisted: 0 } });
  t.is(await line.archive.held('hostile'), null);
  t.is(await line.archive.approve('hostile'), null);
});

test('there is nothing to approve when nothing is held', async (t) => {
  const line = await heldLine(t);
  t.is(await line.archive.approve('hostile'), null);
  t.is(await line.archive.approve('nobody'), null);
});

test('the withdrawals of a feed that grew too much are held, and its growth is taken', async (t) => {
  const line = await heldLine(t);
  const { row } = await line.hear(feed([...bases(1, 30), ...bases(1000, 1300)]), { gate });
  t.like(row, { outcome: 'absorbed', code: 'withdrawals_held', counts: { added: 300, withdrawn: 0 } });
  t.regex(String(row.message), /grew from 30 to 329 /);
  t.is(count(line, 'listed'), 330);
});

test('a feed that grew too much and lost nothing is taken completely, with a warning', async (t) => {
  const line = await heldLine(t);
  const { row } = await line.hear(feed([...bases(0, 30), ...bases(1000, 1300)]), { gate });
  t.like(row, { outcome: 'absorbed', code: 'feed_grown', counts: { added: 300, withdrawn: 0 } });
  t.like(row.findings, [{ code: 'feed_grown', severity: 'warning', times: 1 }]);
  const again = await line.hear(feed([...bases(0, 30), ...bases(1000, 1300)]), { gate });
  t.like(again.row, { outcome: 'unchanged', code: null }, 'what was said once is known');
});

test('withdrawals within the limit pass', async (t) => {
  const line = await heldLine(t);
  const { row } = await line.hear(feed(bases(0, 15)), { gate });
  t.like(row, { code: null, counts: { withdrawn: 15 } });
});

test('an empty feed withdraws nothing and holds nothing', async (t) => {
  const line = await heldLine(t);
  const { row } = await line.hear(feed([]), { gate });
  t.like(row, { outcome: 'unchanged', counts: { records: 0, withdrawn: 0 } });
  t.is(count(line, 'listed'), 30);
});

test('a provider withdraws no events of another', async (t) => {
  const line = await lineFor(t);
  await line.hear(feed(bases(0, 2)), { name: 'one' });
  await line.hear(feed(bases(0, 2)), { name: 'other' });
  await line.hear(feed(bases(0, 1)), { name: 'one' });
  t.is((await line.catalogue()).length, 4);
  t.is((await line.hear(feed(bases(0, 2)), { name: 'other' })).row.outcome, 'unchanged');
});

test('the gate compares shares with what was listed before', (t) => {
  const verdict = (before: number, lost: number, gained = 0, approved = 0): string | null =>
    judge({ before, lost, gained }, gate, approved)?.code ?? null;
  t.is(verdict(100, 50), null);
  t.is(verdict(100, 51), 'withdrawals_held');
  t.is(verdict(100, 51, 0, 51), null);
  t.is(verdict(100, 51, 0, 50), 'withdrawals_held');
  t.is(verdict(100, 0, 10_000), null, 'without a loss there is nothing to hold');
  t.is(verdict(100, 1, 901), null);
  t.is(verdict(100, 1, 902), 'withdrawals_held');
  t.is(verdict(20, 20), null, 'of few, all may well be over');
});
