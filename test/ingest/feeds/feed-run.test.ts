// Consecutive feed runs, end to end: what is skipped, what is parsed again, and what is requested.

import test from 'ava';
import type { ExecutionContext } from 'ava';
import { base, feed, feedOf, plan, record, zones } from '../../_support/feeds.ts';
import { knownBases, lineFor, saying, type Answer, type Line } from '../../provider/_line.ts';

const body = feed(knownBases);

/** Answers 304 to a request with the validator, and the feed to all others. */
const validated =
  (text: string, name: 'etag' | 'last-modified', validator: string): Answer =>
  (request, response) => {
    const asked = request.headers[name === 'etag' ? 'if-none-match' : 'if-modified-since'];
    if (asked === validator) response.writeHead(304, { [name]: validator }).end();
    else response.writeHead(200, { [name]: validator }).end(text);
  };

for (const [name, validator] of [
  ['etag', '"a1"'],
  ['last-modified', 'Sat, 21 Nov 2020 10:00:00 GMT'],
] as const) {
  test(`a feed with an unchanged ${name} is unchanged, and not read`, async (t) => {
    const line = await lineFor(t);
    await line.hear(validated(body, name, validator));
    const journal = line.journalLength();
    const { row } = await line.hear(validated(body, name, validator));
    t.like(row, { outcome: 'unchanged', code: null, counts: { records: 0, bytes: 0, withdrawn: 0 } });
    t.is(line.journalLength(), journal);
    t.like(await line.hear(validated(feed([base()]), name, 'other')), { row: { counts: { withdrawn: 2 } } });
  });
}

test('equal bytes without a validator are unchanged, and not one record is parsed', async (t) => {
  const line = await lineFor(t);
  await line.hear(body);
  const journal = line.journalLength();
  await line.archive.cleanDays(await line.archive.frozen((catalogue) => catalogue.dirtyDays()));
  const { row } = await line.hear(body);
  t.like(row, { outcome: 'unchanged', code: null, counts: { records: 2, unchanged: 2, parsed: 0 } });
  t.is(line.journalLength(), journal);
  t.deepEqual((await line.archive.frozen((catalogue) => catalogue.dirtyDays())).days, []);
});

test('only the changed records of a feed are parsed', async (t) => {
  const line = await lineFor(t);
  await line.hear(body);
  const { row } = await line.hear(feed([{ ...knownBases[0]!, title: 'Anew' }, knownBases[1]!]));
  t.like(row, { outcome: 'absorbed', counts: { records: 2, unchanged: 1, parsed: 1, changed: 1 } });
  t.true((await line.titles()).includes('Anew'));
});

test('of a record that occurs changed and later unchanged in one feed, the last one counts', async (t) => {
  const line = await lineFor(t);
  const [first, second] = [knownBases[0]!, knownBases[1]!];
  await line.hear(body);
  // Enough records in between that the first is absorbed before the second is read.
  const between = Array.from({ length: 12_000 }, (_, i) => ({ ...second, id: `between ${i}` }));
  await line.hear(feed([{ ...first, title: 'Anew' }, ...between, first]));
  t.false((await line.titles()).includes('Anew'));
  t.true((await line.titles()).includes(first.title));
});

test('a record that is set offline later in the feed leaves the search unchanged', async (t) => {
  const line = await lineFor(t);
  const [first, ...others] = knownBases;
  await line.hear(body);
  const moved = { ...first!, title: 'Anew' };
  const { row } = await line.hear(feed([moved, ...others, { ...moved, sellMode: 'offline' }]));
  t.like(row, {
    outcome: 'absorbed',
    counts: { changed: first!.plans.length, duplicates: first!.plans.length },
  });
  t.false((await line.titles()).includes('Anew'));
  t.true((await line.titles()).includes(first!.title));
});

test('a new event is taken, although a later, unchanged record of its base lacks it', async (t) => {
  const line = await lineFor(t);
  const [first] = knownBases;
  const bare = { ...first!, plans: [] };
  await line.hear(feed([bare]));
  t.deepEqual(await line.titles(), []);
  await line.hear(feed([first!, bare]));
  t.deepEqual([...new Set(await line.titles())], [first!.title]);
});

test('a feed in another order is unchanged', async (t) => {
  const line = await lineFor(t);
  await line.hear(body);
  t.like((await line.hear(feed(knownBases.toReversed()))).row, {
    outcome: 'unchanged',
    counts: { parsed: 0 },
  });
});

test('a record with other text and equal values is parsed and changes nothing', async (t) => {
  const line = await lineFor(t);
  await line.hear(body);
  const journal = line.journalLength();
  const { row } = await line.hear(body.replaceAll('numbered="true" />', "numbered='true'/>"));
  t.like(row, { outcome: 'unchanged', counts: { parsed: 2, changed: 0 } });
  t.is(line.journalLength(), journal);
});

test('a new time zone makes every record be parsed again, even if the provider answers that nothing changed', async (t) => {
  const line = await lineFor(t);
  await line.hear(validated(body, 'etag', '"a"'));
  const { row } = await line.hear(validated(body, 'etag', '"a"'), { timeZone: 'Europe/Madrid' });
  t.is(line.asked.at(-1)?.['if-none-match'], undefined);
  t.like(row, { outcome: 'absorbed', counts: { unchanged: 0, parsed: 2, changed: 3, withdrawn: 0 } });
  const starts = (await line.catalogue()).map(({ start }) => new Date(start).toISOString());
  t.is(starts[0], '2021-06-30T19:00:00.000Z');
  const again = await line.hear(validated(body, 'etag', '"a"'), { timeZone: 'Europe/Madrid' });
  t.is(again.row.outcome, 'unchanged');
  t.is(line.asked.at(-1)?.['if-none-match'], '"a"');
});

test('a new choice of zones for the price makes every record be parsed again', async (t) => {
  const line = await lineFor(t);
  const sold = feed([base({ plans: [plan({ zones: zones('10.00/0', '20.00', '30.00') })] })]);
  await line.hear(sold);
  t.is((await line.catalogue())[0]?.minPrice, 1000);
  const { row } = await line.hear(sold, { priceZones: 'with-capacity' });
  t.like(row.counts, { parsed: 1, changed: 1 });
  t.is((await line.catalogue())[0]?.minPrice, 2000);
});

test('the validators of a truncated feed are not sent', async (t) => {
  const line = await lineFor(t);
  await line.hear(saying(body.slice(0, -20), { etag: '"cut"' }));
  await line.hear(body);
  t.is(line.asked.at(-1)?.['if-none-match'], undefined);
});

test('a feed that returns to its content before a truncated one is read again', async (t) => {
  const line = await lineFor(t);
  await line.hear(validated(body, 'etag', '"a"'));
  const changed = feed([{ ...knownBases[0]!, title: 'Anew' }, knownBases[1]!]);
  t.is((await line.hear(saying(changed.slice(0, -20), { etag: '"b"' }))).row.outcome, 'incomplete');
  await line.hear(validated(body, 'etag', '"a"'));
  t.true((await line.titles()).includes('The Night Tram'), 'The search has the latest values.');
});

test('a feed that returns to its content before its withdrawals were held is no longer held', async (t) => {
  const line = await lineFor(t);
  const gate = { withdrawShareMax: 0.1, growthFactorMax: 10 };
  const many = Array.from({ length: 30 }, (_, i) => base({ id: `${i}` }));
  await line.hear(validated(feed(many), 'etag', '"a"'), { gate });
  const held = await line.hear(saying(feed(many.slice(0, 9)), { etag: '"b"' }), { gate });
  t.is(held.row.code, 'withdrawals_held');
  await line.hear(validated(feed(many), 'etag', '"a"'), { gate });
  t.is(await line.archive.held('hostile'), null);
});

test('the freshness of a feed is reported', async (t) => {
  const line = await lineFor(t);
  t.is((await line.hear(saying(body, { 'cache-control': 'public, max-age=90' }))).askedWaitMs, 90_000);
  t.is((await line.hear(saying(body, { 'cache-control': 'no-store', etag: '"a"' }))).askedWaitMs, null);
  const { askedWaitMs } = await line.hear((_request, response) => {
    response.writeHead(304, { 'cache-control': 'max-age=30' }).end();
  });
  t.is(askedWaitMs, 30_000);
});

test('a record that is fixed leaves the quarantine', async (t) => {
  const line = await lineFor(t);
  const [good, bad] = [base(), base({ plans: [plan({ end: '2021-06-31T00:00:00' })] })];
  await line.hear(feed([bad]));
  const [first] = await line.quarantine();
  t.like(first, { baseId: '291', planId: '1', code: 'date_impossible', times: 1 });
  await line.hear(feed([bad]));
  const [again, ...others] = await line.quarantine();
  t.deepEqual(others, []);
  t.like(again, { times: 2, firstSeenAt: first!.firstSeenAt });
  await line.hear(feed([good]));
  t.deepEqual(await line.quarantine(), []);
  t.deepEqual(await line.titles(), ['The Night Tram']);
});

test('a record that a complete feed lacks leaves the quarantine; with a truncated feed it does not', async (t) => {
  const line = await lineFor(t);
  await line.hear(feed([base({ id: 'bad', plans: [plan({ start: '' })] }), base()]));
  await line.hear(feed([base()]).slice(0, -20));
  t.is((await line.quarantine()).length, 1);
  await line.hear(feed([base()]));
  t.deepEqual(await line.quarantine(), []);
});

async function settles(t: ExecutionContext, line: Line, text: string): Promise<void> {
  const [journal, known] = [line.journalLength(), await line.catalogue()];
  for (let i = 0; i < 3; i++) {
    const { row } = await line.hear(text);
    t.like(row, {
      outcome: 'unchanged',
      code: null,
      counts: { added: 0, changed: 0, relisted: 0, withdrawn: 0 },
    });
  }
  t.is(line.journalLength(), journal);
  t.deepEqual(await line.catalogue(), known);
}

const [one, two] = [base({ title: 'One' }), base({ title: 'Two' })];

test('of a base in two records the last is taken, and further runs change nothing', async (t) => {
  const line = await lineFor(t);
  await line.hear(feed([one, ...knownBases.slice(1), two]));
  t.true((await line.titles()).includes('Two'));
  await settles(t, line, feed([one, ...knownBases.slice(1), two]));
  await line.hear(feed([two, ...knownBases.slice(1), one]));
  t.true((await line.titles()).includes('One'));
  await settles(t, line, feed([two, ...knownBases.slice(1), one]));
});

test('all plans of a base in two records belong to the base', async (t) => {
  const line = await lineFor(t);
  const other = base({ plans: [plan({ id: '2' })] });
  await line.hear(feed([base(), other]));
  t.deepEqual(line.listings(), { '291/1': 'listed', '291/2': 'listed' });
  await settles(t, line, feed([base(), other]));
  t.is((await line.hear(feed([base()]))).row.counts['withdrawn'], 1);
  await settles(t, line, feed([base()]));
  t.deepEqual(line.listings(), { '291/1': 'listed', '291/2': 'withdrawn' });
});

test('for a base that later comes in a second record, the last record counts', async (t) => {
  const line = await lineFor(t);
  await line.hear(feed([one]));
  for (const bases of [
    [one, two],
    [two, one],
  ]) {
    await line.hear(feed(bases));
    await line.hear(feed(bases));
    t.deepEqual(await line.titles(), [bases[1]!.title]);
    await settles(t, line, feed(bases));
  }
});

test('a base in two records, one of them unreadable, loses no plan', async (t) => {
  const line = await lineFor(t);
  const other = base({ plans: [plan({ id: '2' })] });
  await line.hear(feed([base(), other]));
  const half = await line.hear(feedOf([record(base()), record(other).replace('</plan>', '')]));
  t.like(half.row, { outcome: 'incomplete', counts: { withdrawn: 0 } });
  t.not(line.listings()['291/2'], 'withdrawn');
  const { row } = await line.hear(feed([base(), other]));
  t.like(row, { outcome: 'unchanged', counts: { withdrawn: 0, relisted: 0 } });
  t.deepEqual(line.listings(), { '291/1': 'listed', '291/2': 'listed' });
});

test('the same record twice, byte for byte, is one record', async (t) => {
  const line = await lineFor(t);
  await line.hear(feed([one, one]));
  t.is((await line.catalogue()).length, 1);
  await settles(t, line, feed([one, one]));
});

test('a run is stored from its start to its end, with its result', async (t) => {
  const line = await lineFor(t);
  await line.hear(body);
  await line.hear((_request, response) => void response.writeHead(500).end());
  const [failed, absorbed, ...others] = await line.archive.runs('hostile', 10);
  t.deepEqual(others, []);
  t.like(absorbed, {
    provider: 'hostile',
    outcome: 'absorbed',
    counts: { added: 3, bytes: body.lastIndexOf('\n   </output>') },
  });
  t.like(failed, { outcome: 'failed', code: 'http_status' });
  t.true(failed!.id > absorbed!.id);
});
