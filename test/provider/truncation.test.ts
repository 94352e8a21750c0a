// A feed that is truncated at any byte, although HTTP reports it complete: its complete records are taken, everything else stays
// unchanged, and nothing is withdrawn.

import { existsSync, readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import type { RunRow } from '#/archive/runs/runs.ts';
import { base, dialects, feed, plan, zones, type Dialect } from '../_support/feeds.ts';
import { isLong } from '../_support/long.ts';
import { seededFor } from '../_support/random.ts';
import { lineFor, type Line } from './_line.ts';

/** Where a feed is cut: at each byte, or in the short form at every seventh and at the bytes around `ends`. */
function cutsOf(t: ExecutionContext, length: number, ends: readonly number[] = []): number[] {
  const cuts = Array.from({ length }, (_, cut) => cut);
  if (isLong) return cuts;
  const first = seededFor(t).int(0, 6);
  return cuts.filter((cut) => cut % 7 === first || ends.some((end) => Math.abs(end - cut) <= 1));
}

/** Cut here or later, only blanks are missing. */
const wholeFrom = (body: Buffer): number => body.toString('latin1').trimEnd().length;

const before = [
  base({ id: '1', title: 'One', plans: [plan({ zones: [] })] }),
  base({ id: '2', title: 'Two', plans: [plan({ zones: zones('10.00') })] }),
];
const after = before.map((one) => ({ ...one, title: `${one.title} anew` }));

for (const dialect of dialects) {
  test.serial(
    `a changed feed that is truncated at any byte is taken up to its last complete record (${dialect})`,
    async (t) => {
      const line = await lineFor(t);
      const [old, changed] = [Buffer.from(feed(before, dialect)), Buffer.from(feed(after, dialect))];
      const ends = endsOf(changed, dialect);
      t.is(ends.length, 2);
      await line.hear(old);
      for (const cut of cutsOf(t, wholeFrom(changed), ends)) {
        const { row } = await line.hear(changed.subarray(0, cut));
        const whole = ends.filter((end) => end <= cut).length;
        const expected = after.map(({ title }, i) => (i < whole ? title : before[i]!.title)).toSorted();
        const titles = await line.titles();
        const outcome = whole > 0 ? 'incomplete' : 'failed';
        if (row.outcome !== outcome || titles.join() !== expected.join() || !allListed(line))
          return t.fail(`cut at ${cut}: ${row.outcome}, ${row.code}, ${titles.join()}`);
        if (told(row) > 0) await line.hear(old);
      }
      t.like((await line.hear(changed)).row, { outcome: 'absorbed', code: null, counts: { withdrawn: 0 } });
    },
  );
}

const endsOf = (body: Buffer, dialect: Dialect): number[] => {
  const endTag = dialect === 'plan-list-xml' ? '</base_plan>' : '</base_event>';
  return Array.from(
    body.toString('latin1').matchAll(new RegExp(endTag, 'g')),
    (m) => m.index + endTag.length,
  );
};

const allListed = (line: Line): boolean =>
  Object.values(line.listings()).every((listing) => listing === 'listed');

const told = ({ counts }: RunRow): number =>
  counts['added']! + counts['changed']! + counts['relisted']! + counts['withdrawn']!;

/** The known feed, truncated at every byte: no event is lost, changed or journaled. */
async function loseNothing(t: ExecutionContext, body: Buffer): Promise<void> {
  const line = await lineFor(t);
  await line.hear(body);
  const [known, journal, listings] = [await line.catalogue(), line.journalLength(), line.listings()];
  t.true(known.length > 0);
  for (const cut of cutsOf(t, wholeFrom(body))) {
    const { row } = await line.hear(body.subarray(0, cut));
    if (row.outcome !== 'incomplete' && row.outcome !== 'failed')
      return t.fail(`cut at ${cut}: ${row.outcome}`);
    if (told(row) !== 0) return t.fail(`cut at ${cut}: something was reported`);
  }
  t.is(line.journalLength(), journal);
  t.deepEqual(await line.catalogue(), known);
  t.deepEqual(line.listings(), listings);
  for (let cut = wholeFrom(body); cut <= body.length; cut++)
    t.like((await line.hear(body.subarray(0, cut))).row, { outcome: 'unchanged', code: null });
}

const samples = new URL('../../../shared/challenge/samples/', import.meta.url);

function contentOf(file: URL): Buffer | null {
  return existsSync(file) ? readFileSync(file) : null;
}

// split.test.ts tests the splitter with every byte of the others.
for (const sample of ['plans/response_2.xml', 'events/response_2.xml']) {
  const body = contentOf(new URL(sample, samples));
  const declare = body === null ? test.skip : test.serial;
  declare(`the reference sample ${sample} loses nothing when cut at any byte`, async (t) => {
    await loseNothing(t, body!);
  });
}
