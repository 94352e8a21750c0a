// For random feeds, valid and malformed, in random order, the search answers what a simple oracle answers, byte for byte.
// `SEED=… npx ava test/oracle.test.ts` repeats a run.

import test, { type ExecutionContext } from 'ava';
import { isLong } from './_support/long.ts';
import { formatNames, mappedFormats, type FormatName } from '#/provider/provider.ts';
import { documents, feedMapping, itemsOf } from './_support/feed-formats.ts';
import { dialects, feed, zones, type FeedPlan } from './_support/feeds.ts';
import { createOracle, type Oracle, type OracleProvider } from './_support/oracle.ts';
import { openPipeline, type Pipeline } from './_support/pipeline.ts';
import { changed, createRandomProvider, randomBase, type RandomProvider } from './_support/random-feeds.ts';
import { seededFor, type Random } from './_support/random.ts';
import { startRpdeProvider } from './_support/rpde-provider.ts';

const stories = isLong ? 10 : 3;
const rounds = 6;
const queriesPerRound = 40;

const timeZones = [
  'UTC', 'Europe/Madrid', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia',
]; // prettier-ignore

interface Teller extends OracleProvider {
  readonly life: RandomProvider;
}

test('random feeds of several providers are answered as the oracle answers', async (t) => {
  const random = seededFor(t);
  let asked = 0;
  for (let story = 1; story <= stories; story++) {
    const tellers = Array.from({ length: random.int(1, 4) }, (_, i) => randomTeller(random, `provider ${i}`));
    const line = await openPipeline(t, tellers);
    const oracle = createOracle();
    for (let round = 1; round <= rounds; round++) {
      for (const teller of random.shuffled(tellers)) await hearFrom(line, oracle, teller, random);
      await line.publish();
      await line.refresh();
      const place = `story ${story}, round ${round}`;
      same(t, line, oracle, -Infinity, Infinity, '', place);
      for (let i = 0; i < queriesPerRound; i++, asked++) askBoth(t, line, oracle, random, place);
    }
    t.deepEqual(line.refused, []);
  }
  t.true(asked >= 200 * stories, `only ${asked} queries`);
});

test('a year with too many events for one segment is answered as the oracle answers', async (t) => {
  const random = seededFor(t);
  const teller = { name: 'default', timeZone: 'Europe/Madrid', priceZones: 'all' } as const;
  const line = await openPipeline(t, [teller]);
  const oracle = createOracle();
  const two = (number: number): string => String(number).padStart(2, '0');
  // Most of them in one month, so that there are segments of a year, of months, and of days.
  const bases = Array.from({ length: 6000 }, (_, i) => {
    const day = random.chance(0.75)
      ? `2022-05-${two(random.int(1, 31))}`
      : `202${random.int(1, 2)}-${two(random.int(1, 12))}-${two(random.int(1, 28))}`;
    const end = random.chance(0.05) ? '2022-12-31' : day;
    const plan = {
      id: '1',
      start: `${day}T${two(random.int(0, 20))}:00:00`,
      end: `${end}T21:00:00`,
      zones: zones('20'),
    };
    return { id: String(i), title: `Number ${i}`, sellMode: 'online', plans: [plan] };
  });
  const said = bases.map((base) => ({ base, readable: base.plans }));
  t.like(await line.tell(feed(bases)), { outcome: 'absorbed', code: null });
  oracle.hear(teller, said);
  const lengths = new Set((await line.store.retrieveManifest(1)).segments.map(({ key }) => key.length));
  t.deepEqual(lengths, new Set(['2021'.length, '2022-01'.length, '2022-05-01'.length]));
  for (let i = 0; i < (isLong ? 200 : 100); i++) askBoth(t, line, oracle, random, `query ${i}`);

  const moved = {
    ...bases[0]!,
    plans: [{ ...bases[0]!.plans[0]!, start: '2022-05-15T10:00:00', end: '2022-05-15T10:00:00' }],
  };
  t.like(await line.tell(feed([moved, ...bases.slice(1)])), { outcome: 'absorbed', code: null });
  oracle.hear(teller, [{ base: moved, readable: moved.plans }]);
  for (let i = 0; i < (isLong ? 100 : 50); i++) askBoth(t, line, oracle, random, `query ${i} after the move`);
});

test('the same story in every format is answered as the oracle answers', async (t) => {
  const random = seededFor(t);
  const provider = {
    name: 'default',
    timeZone: random.pick(timeZones),
    priceZones: random.pick(['all', 'with-capacity'] as const),
  };
  const oracle = createOracle();
  const paged = await startRpdeProvider(t, 7);
  const lines = new Map<FormatName, Pipeline>();
  for (const format of formatNames) {
    const mapping = mappedFormats.has(format) ? feedMapping : undefined;
    lines.set(format, await openPipeline(t, [{ ...provider, format, mapping }]));
  }
  let bases = Array.from({ length: 30 }, (_, i) => randomBase(random, `${i}`));
  let items = new Map<string, string>();
  for (let round = 1; round <= (isLong ? 12 : 3); round++) {
    // 1. Bases change, vanish, come; some of their plans are impossible
    bases = bases.map((base) => (random.chance(0.4) ? changed(random, base) : base));
    if (random.chance(0.6)) bases = bases.toSpliced(random.int(0, bases.length - 1), random.int(1, 3));
    bases = [...bases, randomBase(random, `${round}+`)];
    const bad = new Set<FeedPlan>();
    const told = bases.map((base) => ({
      ...base,
      plans: base.plans.map((plan) => {
        if (!random.chance(0.05)) return plan;
        const broken = {
          ...plan,
          start: random.pick(['2021-09-31T20:00:00', '2021-06-30T25:00:00', 'soon']),
        };
        bad.add(broken);
        return broken;
      }),
    }));
    oracle.hear(
      provider,
      told.map((base) => ({ base, readable: base.plans.filter((plan) => !bad.has(plan)) })),
    );
    // 2. Each format tells it; the feed in pages only what is different
    const nights = itemsOf(told);
    for (const id of items.keys()) if (!nights.has(id)) paged.put(id, null);
    for (const [id, data] of nights) if (items.get(id) !== JSON.stringify(data)) paged.put(id, data);
    items = new Map([...nights].map(([id, data]) => [id, JSON.stringify(data)]));
    for (const [format, line] of lines) {
      const row =
        format === 'rpde' ? (await line.run(paged.url)).row : await line.absorb(documents[format](told));
      t.is(row.code, null, `round ${round}, ${format}: ${row.message}`);
      await line.publish();
      await line.refresh();
      same(t, line, oracle, -Infinity, Infinity, '', `round ${round}, ${format}`);
    }
    // 3. Ask all of them the same
    for (let i = 0; i < 20; i++)
      for (const [format, line] of lines) askBoth(t, line, oracle, random, `round ${round}, ${format}`);
  }
  const gates = new Set([...lines.values()].flatMap(({ refused }) => refused));
  t.deepEqual([...gates], []);
});

function randomTeller(random: Random, name: string): Teller {
  return {
    name,
    timeZone: random.pick(timeZones),
    priceZones: random.pick(['all', 'all', 'with-capacity']),
    life: createRandomProvider(random, random.pick(dialects), random.int(0, 40)),
  };
}

async function hearFrom(line: Pipeline, oracle: Oracle, teller: Teller, random: Random): Promise<void> {
  if (random.chance(0.1)) {
    const fault = random.pick([
      { body: '<html><body>Service unavailable</body></html>', status: 503 },
      { body: '<html><body>Welcome</body></html>' },
      { body: '' },
      { body: '<planList><output>', headers: { 'Content-Encoding': 'gzip' } },
    ]);
    await line.absorb(fault, teller.name);
    return;
  }
  const { text, said } = teller.life.next();
  const { code } = await line.absorb(text, teller.name);
  if (/lost|timed_out|unreachable|run_failed/.test(code ?? ''))
    throw new Error(`Got no feed at all: ${code}.`);
  oracle.hear(teller, said);
}

/** Bounds at the start or end of events, a millisecond off, or anywhere; sometimes absent, in several notations. */
function askBoth(t: ExecutionContext, line: Pipeline, oracle: Oracle, random: Random, place: string): void {
  const edges = oracle.edges();
  const bound = (): number => {
    if (edges.length === 0 || random.chance(0.2))
      return Date.UTC(2020, 0, 1) + random.int(0, 1100) * 86_400_000;
    return random.pick(edges) + random.pick([0, 0, 0, 1, -1, 1000, -1000]);
  };
  const [from = 0, to = 0] = [bound(), bound()].toSorted((a, b) => a - b);
  const open = [random.chance(0.1), random.chance(0.1)];
  // Beyond the years 0 to 9999 an instant cannot be written as a query.
  const starts = open[0] === true ? null : written(random, from);
  const ends = open[1] === true ? null : written(random, to);
  const query = [
    ...(starts === null ? [] : [`starts_at=${starts}`]),
    ...(ends === null ? [] : [`ends_at=${ends}`]),
  ];
  same(
    t,
    line,
    oracle,
    starts === null ? -Infinity : from,
    ends === null ? Infinity : to,
    query.join('&'),
    place,
  );
}

function written(random: Random, instant: number): string | null {
  const minutes = random.pick([0, 0, 120, -300, 345, -30, 840]);
  const local = new Date(instant + minutes * 60_000).toISOString();
  if (!/^\d/.test(local)) return null;
  if (minutes === 0) return random.pick([local, local.slice(0, -1), local.toLowerCase()]);
  const two = (number: number): string => String(number).padStart(2, '0');
  const offset = `${two(Math.trunc(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  const sign = minutes < 0 ? '-' : random.pick(['+', '%2B', '%20']);
  return `${local.slice(0, -1)}${sign}${offset}`;
}

function same(
  t: ExecutionContext,
  line: Pipeline,
  oracle: Oracle,
  from: number,
  to: number,
  query: string,
  place: string,
): void {
  const [seen, wanted] = [line.ask(query), oracle.answer(from, to)];
  if (seen === wanted) t.pass();
  else t.fail(`${place}, ?${query}: ${firstDifference(eventsIn(seen), eventsIn(wanted))}`);
}

const eventsIn = (answer: string): string[] =>
  (JSON.parse(answer) as { data: { events: object[] } }).data.events.map((event) => JSON.stringify(event));

/** A diff of two whole answers would hide the fault. */
function firstDifference(seen: readonly string[], wanted: readonly string[]): string {
  const at = wanted.findIndex((event, i) => event !== seen[i]);
  const place = at < 0 ? wanted.length : at;
  const sizes = `${seen.length} events, expected ${wanted.length}`;
  return `Got ${sizes}; event ${place} is ${seen[place]}, expected ${wanted[place]}.`;
}
