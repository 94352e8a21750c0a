// Feeds in pages whose items have other prices or dates all at once, on both databases: the page is held, and nothing of it is
// absorbed until it is approved.

import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { endingOf } from '../../_servers/ending.ts';
import { postgresIsHere, startPostgres, type PostgresServer } from '../../_servers/postgres.ts';
import { eventsIn } from '../../_support/events-in.ts';
import { openPipeline, type GivenProvider, type Pipeline } from '../../_support/pipeline.ts';
import { eventNode, startRpdeProvider, type RpdeProvider } from '../../_support/rpde-provider.ts';

const test = anyTest as TestFn;
const ending = endingOf(test);

let postgres: PostgresServer;
test.before(async () => {
  if (postgresIsHere) postgres = await startPostgres(ending);
});

const gate = { withdrawShareMax: 1, growthFactorMax: 1e6, priceShareMax: 0.5, dateShareMax: 0.5 };
const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i + 1));
const priced = (id: string, price: string): object => ({ ...eventNode(id), offers: { price } });
const anHourLater = (id: string): object => {
  const { startDate, endDate } = eventNode(id) as Record<'startDate' | 'endDate', string>;
  const later = (text: string): string => new Date(Date.parse(text) + 3_600_000).toISOString();
  return { ...eventNode(id), startDate: later(startDate), endDate: later(endDate) };
};

interface Line {
  readonly line: Pipeline;
  readonly provider: RpdeProvider;
  /** The lowest price of each event that the catalogue has, in minor units. */
  prices(): Promise<Record<string, number | null>>;
  /** The URLs that were asked for since the last call. */
  asked(): (string | undefined)[];
}

/** The provider has `events` events, and they were absorbed. */
async function lineFor(
  t: ExecutionContext,
  kind: 'SQLite' | 'PostgreSQL',
  events: number,
  limit: number,
  given: GivenProvider = { gate },
): Promise<Line> {
  const options = kind === 'PostgreSQL' ? { archiveUrl: await postgres.database() } : {};
  const line = await openPipeline(t, [{ format: 'rpde', ...given }], options);
  const provider = await startRpdeProvider(t, limit);
  for (const id of numbers(events)) provider.put(id, eventNode(id));
  t.like((await line.run(provider.url)).row, { code: null, counts: { added: events } });
  let before = provider.asked.length;
  return {
    line,
    provider,
    prices: async () =>
      Object.fromEntries((await eventsIn(line.archive)).map(({ planId, minPrice }) => [planId, minPrice])),
    asked() {
      const urls = provider.asked.slice(before).map(({ url }) => url);
      before = provider.asked.length;
      return urls;
    },
  };
}

const allPricesMessage = (count: number): string =>
  `${count} of ${count} records have other prices (100 %), most often × 100, expected at most 50 %.`;

for (const kind of ['SQLite', 'PostgreSQL'] as const) {
  // One after the other: connecting has a deadline.
  const check = kind === 'PostgreSQL' && !postgresIsHere ? test.serial.skip : test.serial;

  check(`${kind}: a hundredfold price of all items is held page and all, until it is approved`, async (t) => {
    const { line, provider, prices, asked } = await lineFor(t, kind, 30, 100);
    asked();
    const known = await prices();
    const journal = kind === 'SQLite' ? line.journal() : null;
    for (const id of numbers(29)) provider.put(id, priced(id, '2000.00'));
    provider.put('30', null);
    provider.put('31', eventNode('31'));
    for (let times = 0; times < 2; times++) {
      const { row, isWhole } = await line.run(provider.url);
      t.like(row, { outcome: 'incomplete', code: 'values_held', message: allPricesMessage(29) });
      t.like(row.counts, { records: 31, added: 0, changed: 0, withdrawn: 0 });
      t.true(row.findings.some(({ code, severity }) => code === 'values_held' && severity === 'error'));
      t.true(isWhole, 'the feed itself is not at fault');
      t.deepEqual(asked(), ['/feed?afterChangeNumber=30'], 'the same page each time');
      t.deepEqual(await prices(), known);
      if (journal !== null) t.deepEqual(line.journal(), journal);
      t.like(await line.archive.held('default'), { runId: row.id, events: 29, reason: row.message });
    }
    t.like(await line.archive.approve('default'), { events: 29 });
    const { row } = await line.run(provider.url);
    t.like(row, { outcome: 'absorbed', code: null, counts: { added: 1, changed: 29, withdrawn: 1 } });
    t.deepEqual(asked(), ['/feed?afterChangeNumber=30', '/feed?afterChangeNumber=61']);
    t.is((await prices())['1'], 200_000);
    t.is(await line.archive.held('default'), null);
    // The approval was for that run.
    for (const id of numbers(29)) provider.put(id, priced(id, '20.00'));
    t.is((await line.run(provider.url)).row.code, 'values_held');
  });

  check(
    `${kind}: on small pages, the items since the last page count, however many runs read them`,
    async (t) => {
      const { line, provider, asked } = await lineFor(t, kind, 30, 5);
      for (const id of numbers(30)) provider.put(id, anHourLater(id));
      // Four processes that end after a page each.
      for (let page = 1; page <= 4; page++)
        t.like((await line.run(provider.url, 'default', { pagesMax: 1 })).row, { counts: { changed: 5 } });
      asked();
      for (let times = 0; times < 2; times++) {
        const { row } = await line.run(provider.url);
        t.like(row, { outcome: 'incomplete', code: 'values_held', counts: { changed: 0 } });
        t.is(
          row.message,
          '25 of 25 records have other dates (100 %), most often by 60 minutes, expected at most 50 %.',
        );
        t.deepEqual(asked(), ['/feed?afterChangeNumber=50']);
      }
      // An approval covers the pages up to the last one, also of a run that continues another.
      await line.archive.approve('default');
      t.like((await line.run(provider.url, 'default', { pagesMax: 1 })).row, { code: null });
      t.truthy(await line.archive.held('default'));
      t.like((await line.run(provider.url)).row, { code: null, counts: { changed: 5 } });
      t.is(await line.archive.held('default'), null);
      // At the last page, counting began again.
      for (const id of numbers(20)) provider.put(id, eventNode(id));
      t.like((await line.run(provider.url)).row, { code: null, counts: { changed: 20 } });
      for (const id of numbers(20)) provider.put(id, anHourLater(id));
      t.like((await line.run(provider.url)).row, { code: null, counts: { changed: 20 } });
    },
  );
}

test('a page that is corrected ends the hold', async (t) => {
  const { line, provider, prices } = await lineFor(t, 'SQLite', 30, 100);
  for (const id of numbers(30)) provider.put(id, priced(id, '2000.00'));
  t.is((await line.run(provider.url)).row.code, 'values_held');
  for (const id of numbers(30)) provider.put(id, priced(id, '20.00'));
  t.like((await line.run(provider.url)).row, { outcome: 'unchanged', code: null });
  t.is(await line.archive.held('default'), null);
  t.is((await prices())['1'], 2000);
});

test('a process that ends right after the last page of an approved run leaves no approval behind', async (t) => {
  const { line, provider } = await lineFor(t, 'SQLite', 30, 100);
  for (const id of numbers(30)) provider.put(id, priced(id, '2000.00'));
  t.is((await line.run(provider.url)).row.code, 'values_held');
  await line.archive.approve('default');
  let pages = 0;
  const killed = line.run(provider.url, 'default', {
    pageEnded: () => (++pages === 2 ? Promise.reject(new Error('It ends here.')) : Promise.resolve()),
  });
  await t.throwsAsync(killed, { message: 'It ends here.' });
  t.is(await line.archive.held('default'), null);
  for (const id of numbers(30)) provider.put(id, priced(id, '20.00'));
  t.is((await line.run(provider.url)).row.code, 'values_held');
});

test('a feed at another URL that is held leaves the cursor of the old one', async (t) => {
  const { line, provider, asked } = await lineFor(t, 'SQLite', 30, 100);
  for (const id of numbers(30)) provider.put(id, priced(id, '2000.00'));
  t.is((await line.run(`${provider.url}?wrong`)).row.code, 'values_held');
  for (const id of numbers(30)) provider.put(id, priced(id, '20.00'));
  asked();
  t.like((await line.run(provider.url)).row, { outcome: 'unchanged', code: null });
  t.is(asked()[0], '/feed?afterChangeNumber=30');
});

test('an approval that is given while a run is held again covers the next run', async (t) => {
  const { line, provider } = await lineFor(t, 'SQLite', 30, 100);
  for (const id of numbers(30)) provider.put(id, priced(id, '2000.00'));
  t.is((await line.run(provider.url)).row.code, 'values_held');
  provider.hook = () => {
    provider.hook = null;
    void line.archive.approve('default');
    return false;
  };
  t.is((await line.run(provider.url)).row.code, 'values_held');
  t.like((await line.run(provider.url)).row, { code: null, counts: { changed: 30 } });
});

test('ordinary changes are not held: some prices, few items, a resync, a provider without limits', async (t) => {
  const { line, provider, asked } = await lineFor(t, 'SQLite', 60, 25);
  for (const id of numbers(60)) provider.put(id, Number(id) % 2 === 0 ? priced(id, '19.00') : eventNode(id));
  t.like((await line.run(provider.url)).row, { code: null, counts: { changed: 30 } });
  for (const id of numbers(20)) provider.put(id, priced(id, '1900.00'));
  t.like((await line.run(provider.url)).row, { code: null, counts: { changed: 20 } });
  asked();
  t.like((await line.run(`${provider.url}?again`)).row, { outcome: 'unchanged', counts: { records: 60 } });
  t.is(asked()[0], '/feed?again');

  const open = await lineFor(t, 'SQLite', 30, 100, { gate: { ...gate, priceShareMax: 1 } });
  for (const id of numbers(30)) open.provider.put(id, priced(id, '2000.00'));
  t.like((await open.line.run(open.provider.url)).row, { code: null, counts: { changed: 30 } });
});

test('of a large feed, a hundredth of the events may change at once', async (t) => {
  const { line, provider } = await lineFor(t, 'SQLite', 4000, 1000);
  for (const id of numbers(40)) provider.put(id, priced(id, '2000.00'));
  t.like((await line.run(provider.url)).row, { code: null, counts: { changed: 40 } });
  for (const id of numbers(41)) provider.put(id, priced(id, '20.00'));
  t.is((await line.run(provider.url)).row.code, 'values_held');
});

test('a feed that is begun again and held does not ask for the page that is gone each time', async (t) => {
  const { line, provider, asked } = await lineFor(t, 'SQLite', 30, 100);
  for (const id of numbers(30)) provider.put(id, priced(id, '2000.00'));
  provider.hook = (request, response) => {
    if (request.url !== '/feed?afterChangeNumber=30') return false;
    response.writeHead(410).end();
    return true;
  };
  asked();
  t.is((await line.run(provider.url)).row.code, 'values_held');
  t.deepEqual(asked(), ['/feed?afterChangeNumber=30', '/feed']);
  t.is((await line.run(provider.url)).row.code, 'values_held');
  t.deepEqual(asked(), ['/feed']);
});
