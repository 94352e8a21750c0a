// A feed that is truncated at any byte, although HTTP reports it complete: its complete records are taken, everything else stays
// unchanged, and nothing is withdrawn.

import { existsSync, readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import type { RunRow } from '#/archive/runs/runs.ts';
import { mappedFormats } from '#/provider/provider.ts';
import { documents, feedMapping } from '../_support/feed-formats.ts';
import { base, plan, zones } from '../_support/feeds.ts';
import { isLong } from '../_support/long.ts';
import { seededFor } from '../_support/random.ts';
import { lineFor, type Line } from './_line.ts';

/** Where a feed is cut: at each byte, or in the short form at every 17th and at the bytes around `ends`. */
function cutsOf(t: ExecutionContext, length: number, ends: readonly number[] = []): number[] {
  const cuts = Array.from({ length }, (_, cut) => cut);
  if (isLong) return cuts;
  const first = seededFor(t).int(0, 16);
  return cuts.filter((cut) => cut % 17 === first || ends.some((end) => Math.abs(end - cut) <= 1));
}

/** Cut here or later, only blanks are missing. */
const wholeFrom = (body: Buffer): number => body.toString('latin1').trimEnd().length;

const before = [
  base({ id: '1', title: 'One', plans: [plan({ zones: [] })] }),
  base({ id: '2', title: 'Two', plans: [plan({ zones: zones('10.00') })] }),
];
const after = before.map((one) => ({ ...one, title: `${one.title} anew` }));

type Format = keyof typeof documents;

for (const [format, write] of Object.entries(documents) as [Format, (typeof documents)[Format]][]) {
  const given = { format, mapping: mappedFormats.has(format) ? feedMapping : undefined };
  test.serial(
    `a changed feed that is truncated at any byte is taken up to its last complete record (${format})`,
    async (t) => {
      const line = await lineFor(t);
      const [old, changed] = [Buffer.from(write(before)), Buffer.from(write(after))];
      const ends = recordEnds[format](changed.toString('latin1'));
      t.is(ends.length, 2);
      await line.hear(old, given);
      for (const cut of cutsOf(t, wholeFrom(changed), ends)) {
        if (looksWhole[format]?.(changed.toString('latin1', 0, cut)) === true) continue;
        const { row } = await line.hear(changed.subarray(0, cut), given);
        const whole = ends.filter((end) => end <= cut).length;
        const expected = after.map(({ title }, i) => (i < whole ? title : before[i]!.title)).toSorted();
        const titles = await line.titles();
        const outcome = whole > 0 ? 'incomplete' : 'failed';
        if (row.outcome !== outcome || titles.join() !== expected.join() || !allListed(line))
          return t.fail(`cut at ${cut}: ${row.outcome}, ${row.code}, ${titles.join()}`);
        if (told(row) > 0) await line.hear(old, given);
      }
      const all = await line.hear(changed, given);
      t.like(all.row, { outcome: 'absorbed', code: null, counts: { withdrawn: 0 } });
    },
  );
}

const endsAfter =
  (end: RegExp) =>
  (text: string): number[] =>
    Array.from(text.matchAll(end), (found) => found.index + found[0].length);

/** The ends of the objects that are within so many others. */
const objectsWithin =
  (outer: number) =>
  (text: string): number[] => {
    let depth = 0;
    return Array.from(text, (character, i) => {
      if (character === '{') depth++;
      return character === '}' && --depth === outer ? i + 1 : -1;
    }).filter((end) => end >= 0);
  };

/** The offset behind each record. */
const recordEnds: Record<Format, (text: string) => number[]> = {
  'plan-list-xml': endsAfter(/<\/base_plan>/g),
  'event-list-xml': endsAfter(/<\/base_event>/g),
  ndjson: objectsWithin(0),
  jsonld: objectsWithin(1),
  json: objectsWithin(0),
  // Without the first row, which has the names.
  csv: (text) => endsAfter(/\n/g)(text).slice(1),
};

/** Cut here, it is a feed of fewer records. */
const looksWhole: Partial<Record<Format, (text: string) => boolean>> = {
  ndjson: (text) => text.trimEnd().split('\n').length === recordEnds.ndjson(text).length,
  csv: (text) => text.endsWith('\n'),
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
