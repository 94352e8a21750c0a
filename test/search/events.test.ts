// `/events` against a naive filter and sort over the same events. `SEED=… npx ava test/search/events.test.ts` repeats a run.

import test, { type ExecutionContext } from 'ava';
import type { DetailedEvent } from '#/domain/event.ts';
import { isRefusal } from '#/domain/refusal.ts';
import { editionOf, type Edition } from '#/search/events/edition.ts';
import { identityOf } from '#/search/rows/identity.ts';
import { countByInterval } from '#/search/events/histogram.ts';
import { parseListQuery } from '#/http/events/query.ts';
import { quickListQuery } from '#/http/events/quick.ts';
import { keyOf, type ListQuery } from '#/search/events/query.ts';
import { fieldNames, matches, sorts, statusFilters } from '#/search/events/parameters.ts';
import { createEventWriter } from '#/search/events/render.ts';
import { countMatches, pageByStart } from '#/search/events/counts.ts';
import { nextPage } from '#/search/events/walk.ts';
import { firstInBeginning } from '#/search/sets/beginning.ts';
import { firstMerged } from '#/search/events/merged.ts';
import { eventTruths, jsonOf, type Asked } from '../_support/event-truths.ts';
import { isPlain, plainClock, putClock, rfc3339 } from '#/snapshot/clock-text.ts';
import { randomEvents, viewOf } from '../_support/catalogue.ts';
import { seededFor, type Random } from '../_support/random.ts';

const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };
const providers = ['fever', 'stage "door"', 'zoë', 'nobody'];

const writer = createEventWriter();

function rendered(edition: Edition, refs: readonly number[], query: ListQuery): string[] {
  return refs.map((ref) => {
    writer.clear();
    writer.event(edition, ref, query.fields);
    return writer.written().toString();
  });
}

function randomAsked(random: Random, events: readonly DetailedEvent[]): Asked {
  // Events without length are few, and each rule treats them on its own.
  const edges = events.flatMap(
    ({ start, end }) => (start === end ? Array(8).fill(start) : [start, end]) as number[],
  );
  const bound = (): number => random.pick(edges) + random.pick([0, 0, 0, 0, 1, -1, 86_400_000]);
  const [from = 0, to = 0] = [bound(), bound()].toSorted((a, b) => a - b);
  const match = random.pick(matches);
  const isBare = random.chance(0.4);
  const maybe = <T>(chance: number, value: T): T | undefined =>
    !isBare && random.chance(chance) ? value : undefined;
  const isOpen = match !== 'contains';
  return {
    starts_at: isOpen && random.chance(0.2) ? undefined : from,
    ends_at: isOpen && random.chance(0.2) ? undefined : random.chance(0.2) ? from : to,
    match: random.chance(0.1) && isOpen ? undefined : match,
    provider: maybe(0.3, random.pick(providers)),
    sell_mode: maybe(0.3, random.pick(['online', 'offline'] as const)),
    status: maybe(0.3, random.pick(statusFilters)),
    min_price: maybe(0.2, random.int(0, 100_000)),
    max_price: maybe(0.2, random.int(100_000, 105_000)),
    available: maybe(0.3, random.chance(0.5)),
    q: maybe(
      0.3,
      random.pick(['night', 'NIG tram', 'ete', "l'été zoe", 'quoted back', '"', 'tramway', '日本']),
    ),
    sort_by: maybe(0.8, random.pick(sorts)),
    sort_dir: maybe(0.5, random.pick(['asc', 'desc'] as const)),
  };
}

function queryOf(asked: Asked, more: Record<string, string> = {}): string {
  const price = (minor: number): string => (minor / 100).toFixed(2);
  const texts = Object.entries(asked).flatMap(([name, value]): [string, string][] => {
    if (value === undefined) return [];
    if (name.endsWith('_at')) return [[name, new Date(value as number).toISOString()]];
    return [[name, name.endsWith('_price') ? price(value as number) : String(value)]];
  });
  // A literal plus stays a plus.
  return new URLSearchParams([...texts, ...Object.entries(more)]).toString().replaceAll('+', '%20');
}

function parsed(t: ExecutionContext, search: string): ListQuery {
  const query = parseListQuery(search);
  if (isRefusal(query)) throw new Error(`${search}: ${query.message}`);
  t.deepEqual(quickListQuery(search), query);
  t.truthy(keyOf(query.filter, query.order));
  return query;
}

test('filters, orders and both pagings answer what a naive filter and sort answers', (t) => {
  const random = seededFor(t);
  let found = 0;
  for (const size of [1, 30, 300, 300, 1500, 1500]) {
    const events = randomEvents(random, {
      events: size,
      longShare: random.pick([0, 0.1, 0.5]),
      stepMs: random.pick([60_000, 86_400_000]),
      ...year,
    });
    const edition = editionOf(viewOf(events, random.pick([50, 400, 4096])))!;
    for (let i = 0; i < 60; i++) {
      const asked = randomAsked(random, events);
      const search = queryOf(asked);
      if (asked.q === '"') {
        t.true(isRefusal(parseListQuery(search)));
        continue;
      }
      const query = parsed(t, search);
      const wanted = eventTruths(events, asked).map((event) => jsonOf(event));
      found += wanted.length;
      const counts = countMatches(edition, query.filter);
      if (counts.total !== wanted.length) t.fail(`?${search}: ${counts.total}, expected ${wanted.length}`);
      // By cursor: pages of any size.
      const walked: string[] = [];
      for (let after: number | null = null; ;) {
        const page: readonly number[] = nextPage(
          edition,
          query.filter,
          query.order,
          after,
          random.int(1, 400),
        );
        if (page.length === 0) break;
        walked.push(...rendered(edition, page, query));
        after = page.at(-1)!;
      }
      compare(t, walked, wanted, `?${search} by cursor`);
      const { by } = query.order;
      if (by !== 'start') {
        // The same without a scan, however few match.
        const merged: number[] = [];
        for (let last: number | null = null; ; last = merged.at(-1)!) {
          const page = firstMerged(edition, query.filter, { ...query.order, by }, last, random.int(1, 400))!;
          merged.push(...page);
          if (page.length === 0) break;
        }
        compare(t, rendered(edition, merged, query), wanted, `?${search} merged`);
      }
      // By offset, in the order of the start.
      if (query.order.by !== 'start' || wanted.length === 0) continue;
      const offset = random.int(0, wanted.length);
      const page = pageByStart(edition, query.filter, query.order.descending, counts, offset, 20);
      compare(
        t,
        rendered(edition, page, query),
        wanted.slice(offset, offset + 20),
        `?${search} from ${offset}`,
      );
    }
  }
  t.true(found > 1000, `only ${found} events found`);
});

test('the beginning of an order has the first events that match, as merging the segments gives them', (t) => {
  const random = seededFor(t);
  const events = randomEvents(random, { events: 6000, longShare: 0.1, stepMs: 3_600_000, ...year });
  const edition = editionOf(viewOf(events, 700))!;
  let [answered, short] = [0, 0];
  for (let i = 0; i < 60; i++) {
    const asked = {
      ...randomAsked(random, events),
      provider: random.pick([undefined, 'fever']),
      status: undefined,
      q: random.pick([undefined, 'night']),
      sort_by: random.pick(['title', 'min_price', 'id'] as const),
    };
    const { filter, order } = parsed(t, queryOf(asked));
    const { by, descending } = order;
    if (by === 'start') continue;
    const limit = random.int(1, 60);
    for (let after: number | null = null, page = 0; page < 3; page++) {
      const wanted: number[] = firstMerged(edition, filter, { by, descending }, after, limit)!;
      // It grows with some of the queries that it has too few events for.
      const tries = random.int(1, 120);
      let seen: readonly number[] | null = null;
      for (let k = 0; k < tries && seen === null; k++)
        seen = firstInBeginning(edition, filter, { by, descending }, after, limit);
      if (seen === null) short++;
      else {
        t.deepEqual(seen, wanted, `?${queryOf(asked)} behind ${after}`);
        answered++;
      }
      if (wanted.length === 0) break;
      after = wanted.at(-1)!;
    }
  }
  t.true(answered > 60 && short > 5, `${answered} answered, ${short} not`);
});

/** Texts of each parameter, valid or not. */
const parameterTexts: Readonly<Record<string, readonly string[]>> = {
  starts_at: ['2021-03-01', '2021-03-01T10:00:00', '2021-03-01T10:00:00%2B02:00', '2021-09-31', '', 'x'],
  ends_at: ['2021-03-01', '2021-04-01T10:00:00Z', '2021-02-01 10:00', '%E0%A4%A'],
  match: [...matches, '', 'inside'],
  tz: ['UTC', 'Europe/Madrid', 'europe%2Fmadrid', '', 'Mars/Olympus'],
  provider: ['fever', 'stage%20%22door%22', 'zo%C3%AB', 'a+b', '', 'x'.repeat(200), 'x'.repeat(201)],
  sell_mode: ['online', 'offline', 'toString'],
  min_price: ['0', '20', '20.5', '20.555', '-1', '1e3', '', '99999999'],
  max_price: ['5', '30.10', '30.100', '10000000', '10000001'],
  available: ['true', 'false', 'TRUE', ''],
  q: ['night', 'The+Night', "l'%C3%A9t%C3%A9", '%22', '', 'a '.repeat(10), 'a '.repeat(11)],
  sort_by: [...sorts, 'price'],
  sort_dir: ['asc', 'desc', 'down'],
  fields: ['id', 'title,id', 'id,id', 'listed,', 'titel', fieldNames.join(',')],
  page: ['1', '01', '100000000', '100000001', '1.0', '+1', '%31'],
  page_size: ['1', '1000', '1001', '0'],
  limit: ['1', '1000', '1001', 'x'],
  cursor: ['abc', '', '%61'],
  start_at: ['2021-01-01'],
  ['__proto__']: ['1'],
  constructor: ['1'],
  '': ['', '1'],
  'q%2': ['a'],
};

/** Infinite bounds too. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'number' ? String(part) : part));

test('a query that is read without the schemas of the contract gives what they give', (t) => {
  const random = seededFor(t);
  const names = Object.keys(parameterTexts);
  let [quick, refused] = [0, 0];
  for (let i = 0; i < 20_000; i++) {
    const some = Array.from({ length: random.pick([0, 1, 1, 2, 3, 5]) }, () => random.pick(names));
    const search = some
      .map((name) => `${name}${random.chance(0.02) ? '' : '='}${random.pick(parameterTexts[name]!)}`)
      .join(random.pick(['&', '&', '&', '&&']));
    const read = quickListQuery(search);
    if (read === null) continue;
    const wanted = parseListQuery(search);
    if (textOf(read) !== textOf(wanted)) t.deepEqual(read, wanted, search);
    if (isRefusal(wanted)) refused++;
    else quick++;
  }
  t.true(quick > 4000 && refused > 50, `${quick} valid, ${refused} refused`);
});

function compare(
  t: ExecutionContext,
  seen: readonly string[],
  wanted: readonly string[],
  place: string,
): void {
  const at = wanted.findIndex((text, i) => text !== seen[i]);
  if (at < 0 && seen.length === wanted.length) t.pass();
  else
    t.fail(`${place}: ${seen.length}, expected ${wanted.length}; ${at}: ${seen[at]}, expected ${wanted[at]}`);
}

test('lists of events have the same identity where they have the same text, and only there', (t) => {
  const random = seededFor(t);
  const identities = new Map<string, string>();
  const texts = new Map<string, string>();
  const events = randomEvents(random, { events: 60, ...year });
  const changes: readonly Partial<DetailedEvent>[] = [
    { title: 'Another' },
    { minPrice: 4, maxPrice: 100_004 },
    { maxPrice: 100_005 },
    { timeZone: 'Etc/UTC' },
    { sellMode: 'online' },
    { sellMode: 'offline' },
    { sellFrom: null },
    { sellFrom: '2021-06-30T12:34:57' },
    { sellTo: null },
    { sellTo: '2021-07-30T12:34:57' },
    { soldOut: null },
    { soldOut: true },
    { capacity: null },
    { capacity: 4711 },
    { listed: true },
    { listed: false },
    { status: 'cancelled' },
    { status: null },
  ];
  for (let round = 0; round < 300; round++) {
    const at = random.int(0, events.length - 1);
    const some = events.map((event, i) => (i === at ? { ...event, ...random.pick(changes) } : event));
    // Other segments, and so other places and numbers of sources.
    const edition = editionOf(viewOf(some, random.pick([10, 40, 4096])))!;
    const query = parsed(t, 'limit=1000');
    const refs = nextPage(edition, query.filter, query.order, null, 1000);
    const text = rendered(edition, refs, query).join();
    const identity = identityOf(edition, refs);
    t.is(identities.get(text) ?? identity, identity, 'the same text');
    t.is(texts.get(identity) ?? text, text, 'the same identity');
    identities.set(text, identity);
    texts.set(identity, text);
  }
  t.true(texts.size > 100 && texts.size < 299, `${texts.size} texts`);
});

test('the digits of a clock are those of its instant', (t) => {
  const random = seededFor(t);
  const [from, to] = [Date.UTC(2000, 0, 1) - 2000 * 365.2425 * 86_400_000, Date.UTC(9999, 11, 31)];
  const bytes = Buffer.alloc(40);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let i = 0; i < 2000; i++) {
    const seconds = Math.floor((from + random.fraction() * (to - from)) / 1000) + random.int(0, 59);
    if (!isPlain(1000 * seconds)) continue;
    const at = random.int(0, 20);
    bytes.write(plainClock, at, 'latin1');
    putClock(view, at, seconds);
    const text = bytes.toString('latin1', at, at + plainClock.length);
    t.is(`${text}Z`, rfc3339(1000 * seconds));
    t.is(Date.parse(`${text}Z`), 1000 * seconds);
  }
});

test('fields selects the fields, in the order of the whole event', (t) => {
  const random = seededFor(t);
  const events = randomEvents(random, { events: 20, ...year });
  const edition = editionOf(viewOf(events))!;
  for (let i = 0; i < 40; i++) {
    const some = random.shuffled(fieldNames).slice(0, random.int(1, fieldNames.length));
    const query = parsed(t, `fields=${some.join(',')}`);
    const refs = nextPage(edition, query.filter, query.order, null, 100);
    const wanted = eventTruths(events, {}).map((event) => jsonOf(event, new Set(some)));
    t.deepEqual(rendered(edition, refs, query), wanted);
  }
});

test('a histogram counts each matching event once, in the bucket of its start', (t) => {
  const random = seededFor(t);
  const events = randomEvents(random, { events: 700, ...year });
  const edition = editionOf(viewOf(events, 100))!;
  for (const interval of ['hour', 'day', 'week', 'month'] as const) {
    for (const timeZone of ['UTC', 'Europe/Madrid', 'Asia/Kathmandu', 'Australia/Lord_Howe']) {
      const from = Date.UTC(2021, random.int(0, 10), 3);
      const asked: Asked = { starts_at: from, ends_at: from + 40 * 86_400_000, match: 'starts' };
      const { filter } = parsed(t, queryOf(asked));
      const buckets = countByInterval(edition, { filter, interval, timeZone });
      if (isRefusal(buckets)) throw new Error(buckets.message);
      const begins = buckets.map(({ startsAt }) => Date.parse(startsAt));
      const wanted = begins.map(() => 0);
      for (const { start } of eventTruths(events, asked))
        wanted[begins.findLastIndex((at) => at <= start)]!++;
      t.deepEqual(
        buckets.map((bucket) => bucket.events),
        wanted,
      );
      t.deepEqual(
        begins,
        begins.toSorted((a, b) => a - b),
      );
      const local = buckets.map(({ startsAt }) => startsAt.slice(0, 16));
      if (interval !== 'hour') t.true(local.every((text) => text.endsWith('T00:00')));
      if (interval === 'month') t.true(local.every((text) => text.slice(8, 10) === '01'));
      if (interval === 'week') t.true(local.every((text) => new Date(`${text}Z`).getUTCDay() === 1));
      if (interval === 'hour') t.true(begins.every((at, i) => i === 0 || at === begins[i - 1]! + 3_600_000));
    }
  }
  const { filter } = parsed(t, '');
  t.like(countByInterval(edition, { filter, interval: 'hour', timeZone: 'UTC' }), {
    code: 'too_many_buckets',
  });
  t.deepEqual(
    countByInterval({ ...edition, segments: [] }, { filter, interval: 'day', timeZone: 'UTC' }),
    [],
  );
});
