// What operators ask about the catalogue and the archive, on both databases: real feeds, a real store, real kept bodies. Every
// answer is compared with its description.

import { join } from 'node:path';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import type * as z from 'zod';
import { eventId } from '#/domain/identity.ts';
import type { EventName, Inspection } from '#/domain/inspection.ts';
import { bodyExcerpt, eventHistory, explanation, heldWithdrawals } from '#/http/inspection/schemas.ts';
import { versionDiff, versionSizes } from '#/http/inspection/schemas.ts';
import { inspectArchive } from '#/ingest/inspection/archive.ts';
import { createInspections, type Inspections } from '#/ingest/inspection/inspection.ts';
import { openBodies } from '#/provider/bodies.ts';
import type { Feed } from '#/provider/http/fetch.ts';
import { endingOf } from '../_servers/ending.ts';
import { postgresIsHere, startPostgres, type PostgresServer } from '../_servers/postgres.ts';
import { base, feed, plan, zones } from '../_support/feeds.ts';
import { openPipeline, type GivenProvider, type Pipeline } from '../_support/pipeline.ts';

const test = anyTest as TestFn;
const ending = endingOf(test);

let postgres: PostgresServer;
test.before(async () => {
  if (postgresIsHere) postgres = await startPostgres(ending);
});

interface Host {
  readonly line: Pipeline;
  readonly bodies: string;
  readonly inspections: Inspections;
  ask<Shape extends z.ZodType>(shape: Shape, question: Inspection): Promise<z.infer<Shape>>;
  explain(event: EventName, range?: Partial<Bounds>): Promise<z.infer<typeof explanation>>;
}
type Bounds = Pick<Extract<Inspection, { what: 'explain' }>, 'startsAt' | 'endsAt' | 'served'>;

const paris: GivenProvider = { name: 'paris', timeZone: 'Europe/Paris' };

async function hostFor(
  t: ExecutionContext,
  kind: 'SQLite' | 'PostgreSQL',
  providers: readonly GivenProvider[] = [paris],
): Promise<Host> {
  const given = kind === 'PostgreSQL' ? { archiveUrl: await postgres.database() } : {};
  const line = await openPipeline(t, providers, given);
  const url = given.archiveUrl ?? `sqlite:${join(line.directory, 'archive.sqlite')}`;
  const archive = inspectArchive(url, 20_000);
  t.teardown(() => archive.close());
  const bodies = join(line.directory, 'bodies');
  const now = (): number => performance.now();
  const inspections = createInspections({ store: line.store, archive, bodies, now });
  const ask: Host['ask'] = async (shape, question) =>
    shape.parse(JSON.parse(JSON.stringify(await inspections.answer(question))));
  return {
    line,
    bodies,
    inspections,
    ask,
    explain: (event, range = {}) =>
      ask(explanation, { what: 'explain', event, startsAt: null, endsAt: null, served: null, ...range }),
  };
}

const named = (baseId: string, planId = '1'): EventName => ({
  provider: 'paris',
  base: baseId,
  plan: planId,
});
const idOf = (baseId: string, planId = '1'): string => eventId('paris', baseId, planId);
const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code;

for (const kind of ['SQLite', 'PostgreSQL'] as const) {
  // One after the other: connecting has a deadline.
  const check = kind === 'PostgreSQL' && !postgresIsHere ? test.serial.skip : test.serial;

  check(
    `${kind}: an event is found, or the bound that excludes it is named in instants and local time`,
    async (t) => {
      const host = await hostFor(t, kind);
      await host.line.tell(feed([base()]));
      const whole = await host.explain({ id: idOf('291') });
      t.like(whole, { verdict: 'found', found: true, also: [], missed: [] });
      t.deepEqual(await host.explain(named('291')), whole, 'by the names of its provider');
      t.is(whole.served?.event?.['title'], 'The Night Tram');
      // 21:00 to 22:00 in Paris is 19:00 to 20:00 in UTC.
      const exactly = { startsAt: Date.UTC(2021, 5, 30, 19), endsAt: Date.UTC(2021, 5, 30, 20) };
      t.is((await host.explain(named('291'), exactly)).verdict, 'found');
      const late = await host.explain(named('291'), { ...exactly, startsAt: exactly.startsAt + 1000 });
      t.is(late.verdict, 'outside_range');
      t.like(late.missed[0], {
        bound: 'starts_at',
        asked: '2021-06-30T19:00:01Z',
        asked_local: '2021-06-30T21:00:01',
        event: '2021-06-30T19:00:00Z',
        event_local: '2021-06-30T21:00:00',
        seconds: 1,
      });
      const short = await host.explain(named('291'), { ...exactly, endsAt: exactly.endsAt - 60_000 });
      t.deepEqual([short.verdict, short.missed.map(({ bound }) => bound)], ['outside_range', ['ends_at']]);
      t.regex(short.message, /ends at 2021-06-30T20:00:00Z .* after ends_at 2021-06-30T19:59:00Z/);
    },
  );

  check(
    `${kind}: an event that is not found is never online, refused, not served yet, or unknown`,
    async (t) => {
      const host = await hostFor(t, kind);
      t.is((await host.explain(named('291'))).verdict, 'unknown');
      await host.line.absorb(
        feed([
          base(),
          base({ id: '2', sellMode: 'offline' }),
          base({ id: '3', plans: [plan({ id: '1' }), plan({ id: '2', start: '2021-09-31T20:00:00' })] }),
        ]),
      );
      const early = await host.explain(named('291'));
      t.like(early, { verdict: 'not_served_yet', found: false, served: null });
      await host.line.publish();
      t.is((await host.explain(named('291'))).verdict, 'found');
      t.is((await host.explain(named('2'))).verdict, 'never_online');
      t.is((await host.explain(named('3'))).verdict, 'found');
      for (const event of [named('3', '2'), { id: idOf('3', '2') }]) {
        const refused = await host.explain(event);
        t.is(refused.verdict, 'quarantined');
        t.like(refused.quarantine[0], { code: 'date_impossible', base_id: '3', plan_id: '2', line: 6 });
        t.regex(refused.message, /^Run \d+ refused the event \(date_impossible\) at line 6, column \d+: /);
      }
      t.is((await host.explain(named('4'))).verdict, 'unknown');

      await host.line.absorb(feed([base({ id: '5' }), base({ title: 'Later' })]));
      const unserved = await host.explain(named('5'));
      t.is(unserved.verdict, 'not_served_yet');
      t.regex(unserved.message, /version 1 does not/);
      const newer = await host.explain(named('291'));
      t.deepEqual([newer.verdict, newer.also.map(({ code }) => code)], ['found', ['changed_since']]);
      await host.line.publish();
      t.is((await host.explain(named('5'), { served: 1 })).verdict, 'not_served_yet', 'this host is behind');
      t.is((await host.explain(named('5'), { served: 2 })).verdict, 'found');
      t.is((await host.explain(named('5'), { served: 99 })).served?.version, 2);
      await host.line.store.pin(1);
      const pinned = await host.explain(named('5'));
      t.like(pinned, { verdict: 'not_served_yet', served: { version: 1, newest: 2, pinned: true } });
      t.regex(pinned.message, /pinned/);
    },
  );

  check(
    `${kind}: an event that was withdrawn, moved or turned offline is still found, and the reason is named`,
    async (t) => {
      const host = await hostFor(t, kind);
      await host.line.tell(feed([base(), base({ id: '2' }), base({ id: '3' })]));
      const moved = plan({ start: '2022-01-01T20:00:00', end: '2022-01-01T21:00:00' });
      await host.line.absorb(
        feed([base({ id: '2', sellMode: 'offline' }), base({ id: '3', plans: [moved] })]),
      );
      t.like(await host.explain(named('3')), { verdict: 'found', also: [{ code: 'changed_since' }] });
      t.like(await host.explain(named('3')), { served: { event: { start_date: '2021-06-30' } } });
      await host.line.publish();
      t.like(await host.explain(named('3')), {
        verdict: 'found',
        served: { event: { start_date: '2022-01-01' } },
      });
      const gone = await host.explain(named('291'));
      t.deepEqual(
        [gone.verdict, gone.found, gone.also.map(({ code }) => code)],
        ['found', true, ['withdrawn']],
      );
      t.regex(gone.also[0]!.message, /It stays searchable/);
      const offline = await host.explain(named('2'));
      t.deepEqual([offline.verdict, offline.also.map(({ code }) => code)], ['found', ['offline']]);
    },
  );

  check(
    `${kind}: what a hold would withdraw is listed in pages, and is what the approval withdraws`,
    async (t) => {
      const many = Array.from({ length: 30 }, (_, i) => base({ id: String(i), title: `Night ${i}` }));
      // Of the last one, only the day is known.
      many[29] = base({ id: '29', title: 'Night 29', plans: [plan({ start: '2021-06-30' })] });
      const gate = { withdrawShareMax: 0.5, growthFactorMax: 10 };
      const host = await hostFor(t, kind, [{ ...paris, gate }]);
      const held = (after = 0, limit = 7) =>
        host.ask(heldWithdrawals, { what: 'held', provider: 'paris', after, limit });
      await host.line.tell(feed(many));
      t.deepEqual(await held(), { held: null, events: [], next_cursor: null });
      const thin = feed(many.slice(0, 10));
      const run = await host.line.tell(thin);
      t.is(run.code, 'withdrawals_held');
      const listed: string[] = [];
      for (let after: string | null = '0', pages = 0; after !== null; pages++) {
        const page = await held(Number(after));
        t.like(page.held, { run: run.id, events: 20 });
        t.is(page.events.length, pages < 2 ? 7 : 6);
        for (const event of page.events) listed.push(event.title);
        after = page.next_cursor;
      }
      t.deepEqual(
        listed.toSorted(),
        many
          .slice(10)
          .map(({ title }) => title)
          .toSorted(),
      );
      t.like((await held(0, 1)).events[0], {
        start_time: '21:00:00',
        starts_at: '2021-06-30T19:00:00Z',
        listing: 'listed',
        searchable: true,
      });
      t.like((await held(0, 100)).events.at(-1), {
        title: 'Night 29',
        start_date: '2021-06-30',
        start_time: null,
        end_time: '22:00:00',
      });
      const waiting = await host.explain(named('29'));
      t.deepEqual([waiting.verdict, waiting.also.map(({ code }) => code)], ['found', ['withdrawal_held']]);
      t.like(waiting.held, { run: run.id, events: 20 });
      t.is((await host.explain(named('5'))).held, null);

      // A feed that has some of them again is held for fewer.
      const other = await host.line.tell(feed(many.slice(0, 12)));
      t.like(await held(0, 100), { held: { run: other.id, events: 18 } });
      t.is((await held(0, 100)).events.length, 18);
      await host.line.archive.approve('paris');
      await host.line.tell(feed(many.slice(0, 12)));
      t.deepEqual(await held(), { held: null, events: [], next_cursor: null });
      const withdrawn = await host.explain(named('29'));
      t.deepEqual([withdrawn.verdict, withdrawn.also.map(({ code }) => code)], ['found', ['withdrawn']]);
    },
  );

  check(`${kind}: while values are held, known and unknown events may wait in that feed`, async (t) => {
    const gate = { withdrawShareMax: 1, growthFactorMax: 10, priceShareMax: 0.5, dateShareMax: 0.5 };
    const host = await hostFor(t, kind, [
      { ...paris, gate },
      { ...paris, name: 'rome', gate },
    ]);
    const priced = (price: string, count = 30) =>
      feed(
        Array.from({ length: count }, (_, i) => base({ id: `${i}`, plans: [plan({ zones: zones(price) })] })),
      );
    await host.line.tell(priced('20.00'), 'rome');
    await host.line.tell(priced('20.00'), 'paris');
    t.like(await host.explain(named('1')), { verdict: 'found', also: [], held_values: [] });
    const run = await host.line.tell(priced('2000.00', 31), 'paris');
    t.is(run.code, 'values_held');
    const readAt = new Date(Math.floor(run.startedAt / 1000) * 1000).toISOString().replace('.000', '');
    const hold = {
      provider: 'paris',
      run: run.id,
      read_at: readAt,
      records: 30,
      approved: false,
      reason: run.message!,
    };
    const message = (what: string): string =>
      `The feed that run ${run.id} of paris read at ${readAt} is held, and may ${what}. ${run.message!}`;
    const known = await host.explain(named('1'));
    t.like(known, { verdict: 'found', held_values: [hold] });
    t.deepEqual(known.also, [{ code: 'values_held', message: message('change it') }]);
    // The held feed is the first that has it.
    for (const event of [named('30'), { id: idOf('30') }]) {
      const unknown = await host.explain(event);
      t.like(unknown, { verdict: 'unknown', found: false, held_values: [hold] });
      t.deepEqual(unknown.also, [{ code: 'values_held', message: message('have it') }]);
    }
    for (const id of ['1', '30'])
      t.like(await host.explain({ provider: 'rome', base: id, plan: '1' }), { also: [], held_values: [] });

    await host.line.archive.approve('paris');
    t.regex(
      (await host.explain(named('30'))).also[0]!.message,
      / It is approved: the next run absorbs it\.$/,
    );
    await host.line.tell(priced('2000.00', 31), 'paris');
    for (const id of ['1', '30'])
      t.like(await host.explain(named(id)), { verdict: 'found', also: [], held_values: [] });
  });

  check(
    `${kind}: the history of an event has each change with its run and the version that published it`,
    async (t) => {
      const host = await hostFor(t, kind);
      const history = (baseId: string, before: number | null = null, limit = 10) =>
        host.ask(eventHistory, { what: 'history', id: idOf(baseId), before, limit });
      const first = await host.line.tell(feed([base(), base({ id: '2', sellMode: 'offline' })]));
      const second = await host.line.tell(feed([base({ title: 'Another' }), base({ id: '3' })]));
      await host.line.tell(feed([base({ title: 'Another' }), base({ id: '3', title: 'Third' })]));
      const third = await host.line.absorb(
        feed([base({ title: 'Another', plans: [plan({ zones: zones('9.50') })] })]),
      );
      const all = await history('291');
      t.deepEqual(
        all.changes.map(({ kind: what, run, version }) => [what, run, version]),
        [
          ['changed', third.id, null],
          ['changed', second.id, 2],
          ['added', first.id, 1],
        ],
      );
      t.deepEqual(all.changes[1]!.before, { title: 'The Night Tram' });
      t.deepEqual(all.changes[1]!.after, { title: 'Another' });
      t.like(all.changes[0]!.after, { min_price: 9.5, zones: [{ price: 9.5 }] });
      t.is(all.changes[2]!.before, null);
      const page = await history('291', null, 2);
      t.deepEqual(page.changes, all.changes.slice(0, 2));
      t.deepEqual((await history('291', Number(page.next_cursor), 2)).changes, all.changes.slice(2));
      await host.line.publish();
      t.is((await history('291')).changes[0]!.version, 4);
      const never = await history('2');
      t.like(never, { searchable: false, listing: 'withdrawn' });
      t.deepEqual(
        never.changes.map(({ kind: what }) => what),
        ['withdrawn', 'added'],
      );
      t.is(codeOf(await t.throwsAsync(history('none'))), 'event_unknown');
    },
  );
}

test('the sizes of a version name every segment once, and their providers', async (t) => {
  const host = await hostFor(t, 'SQLite', [paris, { name: 'rome' }]);
  const years = (ids: string) =>
    [2021, 2022, 2023].map((year, i) =>
      base({
        id: `${ids}${i}`,
        plans: [plan({ start: `${year}-06-30T21:00:00`, end: `${year}-06-30T22:00:00` })],
      }),
    );
  await host.line.absorb(feed(years('p')), 'paris');
  await host.line.tell(feed(years('r').slice(0, 2)), 'rome');
  const sizes = (version: number, from = 0, limit = 2) =>
    host.ask(versionSizes, { what: 'segments', version, from, limit });
  const [one, other] = [await sizes(1), await sizes(1, 2)];
  t.like(one, { version: 1, events: 5, segment_count: 3, counted_segments: 3, next_cursor: '2' });
  t.is(other.next_cursor, null);
  t.deepEqual(
    [...one.segments, ...other.segments].map(({ key, events }) => [key, events]),
    [
      ['2021', 2],
      ['2022', 2],
      ['2023', 1],
    ],
  );
  t.deepEqual(one.providers['paris']?.events, 3);
  t.deepEqual(one.providers['rome']?.events, 2);
  t.deepEqual(Object.keys(other.segments[0]!.providers!), ['paris']);
  t.is(codeOf(await t.throwsAsync(sizes(7))), 'version_unknown');
});

test('a diff is paged, names the fields that differ, and refuses a cursor of other versions', async (t) => {
  const host = await hostFor(t, 'SQLite');
  const moved = plan({ start: '2022-01-01T20:00:00', end: '2022-01-01T21:00:00' });
  await host.line.tell(feed([base(), base({ id: '2' }), base({ id: '3' }), base({ id: '4' })]));
  await host.line.tell(
    feed([
      base({ title: 'Another' }),
      base({ id: '2', plans: [moved] }),
      base({ id: '3' }),
      base({ id: '5' }),
    ]),
  );
  const page = async (from: number, to: number, limit: number, cursor: string | null = null) =>
    versionDiff.parse({ about: 'diff', ...(await host.inspections.diff(from, to, limit, cursor)) });
  const all = await page(1, 2, 10);
  t.deepEqual(all.counts, { added: 1, changed: 3, removed: 0 });
  t.is(all.added[0]!['base_id'], '5');
  const fieldsOf = ({ after, fields }: (typeof all.changed)[number]): unknown => [after['base_id'], fields];
  t.deepEqual(all.changed.map(fieldsOf).toSorted(), [
    ['2', ['start_date', 'start_time', 'end_date', 'end_time', 'starts_at', 'ends_at']],
    ['291', ['title']],
    ['4', ['listed']],
  ]);
  t.is(all.next_cursor, null);
  const rows: unknown[] = [];
  for (let cursor: string | null = null, pages = 0; pages === 0 || cursor !== null; pages++) {
    const one: typeof all = await page(1, 2, 1, cursor);
    t.deepEqual(one.counts, all.counts);
    rows.push(...one.changed);
    cursor = one.next_cursor;
  }
  t.deepEqual(rows, all.changed);
  const back = await page(2, 1, 10);
  t.deepEqual([back.counts, back.removed], [{ added: 0, changed: 3, removed: 1 }, all.added]);
  const { next_cursor: cursor } = await page(1, 2, 1);
  t.is(codeOf(await t.throwsAsync(page(2, 1, 1, cursor))), 'cursor_invalid');
  t.is(codeOf(await t.throwsAsync(page(1, 2, 1, 'x'))), 'cursor_invalid');
  t.is(codeOf(await t.throwsAsync(page(1, 9, 1))), 'version_unknown');
});

test('the lines of a kept body around a finding are returned, with the column marked', async (t) => {
  const host = await hostFor(t, 'SQLite');
  const keep = async (text: string, id: number, contentType = 'application/xml'): Promise<void> => {
    const bodies = await openBodies(host.bodies, 10_000_000, Date.now, (message) => t.fail(message));
    const chunks = async function* () {
      // In pieces of an odd length, which cut lines and characters.
      const bytes = Buffer.from(text, contentType.includes('1252') ? 'latin1' : 'utf8');
      for (let at = 0; at < bytes.length; at += 37) yield bytes.subarray(at, at + 37);
    };
    const body: Feed = {
      chunks: chunks(),
      contentType,
      validators: { etag: null, lastModified: null },
      freshForMs: null,
    };
    const { chunks: copied } = (await bodies.copied('paris', body)) as Feed;
    await Array.fromAsync(copied);
    const counts = { added: 1 };
    await bodies.keep({
      id,
      provider: 'paris',
      startedAt: 1e12 + id,
      outcome: 'absorbed',
      code: null,
      counts,
    });
  };
  const excerpt = (run: number | null, line: number, column = 1) =>
    host.ask(bodyExcerpt, { what: 'excerpt', provider: 'paris', run, line, column });
  t.is(codeOf(await t.throwsAsync(excerpt(null, 1))), 'body_not_kept');

  const text = feed([base(), base({ id: '3', plans: [plan({ start: '2021-09-31T20:00:00' })] })]);
  const run = await host.line.tell(text);
  await keep(text, run.id);
  const place = run.findings[0]!.place!;
  const found = await excerpt(run.id, place.line, place.column);
  const lines = text.split('\n');
  t.like(found, { run: run.id, exact: true, line: place.line, bytes: text.length });
  t.deepEqual(
    found.lines.map(({ line }) => line),
    [place.line - 2, place.line - 1, place.line, place.line + 1, place.line + 2],
  );
  const [own, mark] = found.marked.split('\n') as [string, string];
  const shown = found.lines[2]!;
  t.is(own, lines[place.line - 1]!.slice(shown.from - 1, shown.from - 1 + 400));
  t.is(own.slice(mark.indexOf('^')).slice(0, 5), lines[place.line - 1]!.slice(place.column - 1).slice(0, 5));
  t.is((await excerpt(1, 1)).lines[0]!.line, 1, 'the first lines');
  t.deepEqual([(await excerpt(run.id + 5, 1)).exact, (await excerpt(null, 1)).exact], [false, true]);
  t.is(codeOf(await t.throwsAsync(excerpt(run.id, 1000))), 'place_not_found');

  // One line of a megabyte, and characters of two bytes in front of the place.
  await keep(
    `<x>${'é'.repeat(500_000)}<here>${'y'.repeat(1000)}`,
    run.id + 10,
    'application/xml; charset=windows-1252',
  );
  const long = await excerpt(run.id + 10, 1, 3 + 1_000_000 + 1);
  t.true(long.lines[0]!.text.length <= 400);
  t.true(long.lines[0]!.cut);
  const [seen = '', caret = ''] = long.marked.split('\n');
  t.is(seen.slice(caret.indexOf('^')).slice(0, 6), '<here>');
  t.deepEqual(await excerpt(run.id + 10, 1, 9_999_999).then(({ lines: [last] }) => last?.text), '');
});
