// A feed that is rich in events: until all of them can be searched, with their history kept, against a program that parses and
// keeps them only.

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench, Table } from '../kit/bench.ts';
import { startChild, type Child } from '../kit/child.ts';
import { startSystem } from '../kit/system.ts';
import { megabytes, shortNumber, verdict } from '../kit/table.ts';
import {
  heapMegabytes,
  runBaseline,
  runEnded,
  startProvider,
  systemFor,
  untilSearchable,
  usageOfIngest,
} from './measure.ts';
import type { Timed } from './figures.ts';
import type { Listening, Revise } from './provider.ts';
import type { Kept } from './toy.ts';

export interface ManyEventsFigures {
  readonly events: number;
  readonly feedBytes: number;
  readonly baseline: Timed[];
  readonly toy: Timed[];
  readonly first: Timed[];
  readonly change: Timed[];
  readonly postgres: Timed[];
  readonly peakRssBytes: number[];
  readonly archiveBytes: number[];
}

const targets = { ofToy: 0.7, peakRssBytes: 400e6 };
const usualEvents = 300_000;
const withinMs = 1_200_000;
/** Between two searches for the last event of a first load, which takes many seconds. */
const everyMs = 50;

/** Twice each, in turns; once where there are more than usual. */
export async function manyEvents(bench: Bench): Promise<{ table: Table; figures: ManyEventsFigures }> {
  const events = Number(process.env['EVENTS'] ?? (bench.quick ? 20_000 : usualEvents));
  if (!Number.isSafeInteger(events) || events < 1 || events > 1_000_000)
    throw new RangeError(`Got EVENTS=${process.env['EVENTS']}, expected a whole number from 1 to 1000000.`);
  await using provider = startProvider('events', events, join(bench.home, 'events.xml'));
  bench.log(`ingest: rendering a feed of ${events} events`);
  const feed = await provider.receive<Listening>('listening', 300_000, bench.stop);
  const figures: ManyEventsFigures = {
    events,
    feedBytes: feed.bytes ?? 0,
    baseline: [],
    toy: [],
    first: [],
    change: [],
    postgres: [],
    peakRssBytes: [],
    archiveBytes: [],
  };
  let revision = 0;
  for (let round = 1; round <= (events > usualEvents ? 1 : 2); round++) {
    const { readMs, parseMs, cpuMs } = await runBaseline(bench, feed.url, events);
    figures.baseline.push({ ms: readMs + parseMs, cpuMs });
    const toy = await runToy(bench, feed.url, events, join(bench.home, `toy-${round}.sqlite`));
    figures.toy.push({ ms: toy.ms, cpuMs: toy.cpuMs });
    bench.log(
      `ingest: parsed in ${(readMs + parseMs).toFixed(0)} ms, parsed and kept in ${toy.ms.toFixed(0)} ms`,
    );
    revision = await runRound(bench, { name: `events-${round}`, provider, feed, revision }, figures);
  }
  const url = process.env['ARCHIVE_URL'] ?? '';
  if (url.startsWith('postgres'))
    await runRound(bench, { name: 'events-postgres', provider, feed, revision, url }, figures);
  return { table: tableOf(figures), figures };
}

async function runToy(bench: Bench, url: string, events: number, file: string): Promise<Kept> {
  await using child = startChild(new URL('toy.ts', import.meta.url), {
    args: [url, String(events), file],
    nodeArgs: [`--max-old-space-size=${heapMegabytes}`],
  });
  return await child.receive<Kept>('kept', 600_000, bench.stop);
}

interface Round {
  readonly name: string;
  readonly provider: Child;
  readonly feed: Listening;
  /** The last that was asked for. */
  readonly revision: number;
  /** Of the archive, where it is not in SQLite. */
  readonly url?: string;
}

/** An archive that is empty, then full, then one record of it changes. Gives the last revision. */
async function runRound(
  bench: Bench,
  { name, provider, feed, revision: before, url }: Round,
  figures: ManyEventsFigures,
): Promise<number> {
  let revision = before + 1;
  provider.send({ type: 'revise', revision } satisfies Revise);
  const environment = url === undefined ? {} : { ARCHIVE_URL: url };
  await using system = await startSystem(bench, { ...systemFor(name, feed.url), environment });
  const ms = await untilSearchable(system, provider, feed, revision, { withinMs, everyMs });
  const usage = await usageOfIngest(system);
  const timed = { ms, cpuMs: usage?.cpuMs ?? null };
  bench.log(`ingest: ${figures.events} events searchable after ${ms.toFixed(0)} ms (${name})`);
  if (url !== undefined) {
    figures.postgres.push(timed);
    return revision;
  }
  figures.first.push(timed);
  await runEnded(system);
  const start = await usageOfIngest(system);
  provider.send({ type: 'revise', revision: ++revision } satisfies Revise);
  const changeMs = await untilSearchable(system, provider, feed, revision, { withinMs });
  const end = await usageOfIngest(system);
  figures.change.push({
    ms: changeMs,
    cpuMs: start === null || end === null ? null : end.cpuMs - start.cpuMs,
  });
  if (end !== null) figures.peakRssBytes.push(end.peakRssBytes);
  figures.archiveBytes.push(await archiveBytes(join(bench.home, name, 'data')));
  return revision;
}

/** With its write-ahead log. */
async function archiveBytes(directory: string): Promise<number> {
  const names = (await readdir(directory)).filter((name) => name.startsWith('archive.sqlite'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const best = (timed: readonly Timed[]): Timed => timed.reduce((a, b) => (b.ms < a.ms ? b : a));

function tableOf(figures: ManyEventsFigures): Table {
  const {
    events,
    feedBytes,
    baseline,
    toy,
    first,
    change,
    postgres,
    peakRssBytes,
    archiveBytes: archive,
  } = figures;
  const toyMs = best(toy).ms;
  const row = (what: string, timed: readonly Timed[], target: number | null): string[][] => {
    if (timed.length === 0) return [];
    const { ms, cpuMs } = best(timed);
    const ratio = toyMs / ms;
    return [
      [
        what,
        `${shortNumber(events / ms)} k/s`,
        `${shortNumber(feedBytes / ms / 1000)} MB/s`,
        `${ms.toFixed(0)} ms`,
        cpuMs === null ? '' : `${cpuMs.toFixed(0)} ms`,
        `${shortNumber(ratio)} ×`,
        target === null ? '' : `${target} ×`,
        target === null ? '' : verdict(ratio >= target),
      ],
    ];
  };
  const peak = Math.max(...peakRssBytes);
  return {
    title: `Ingest: ${events} events of two zones in ${megabytes(feedBytes)}, until all can be searched`,
    columns: ['', 'events', 'rate', 'time', 'cpu', 'of toy', 'target', ''],
    rows: [
      ...row('baseline: read and parse', baseline, null),
      ...row('toy: read, parse, upsert', toy, null),
      ...row('first ingest', first, targets.ofToy),
      ...row('again, one record changed', change, null),
      ...row('first ingest, PostgreSQL', postgres, null),
      ...(peakRssBytes.length === 0
        ? []
        : [
            [
              'peak memory',
              megabytes(peak),
              '',
              '',
              '',
              '',
              `at most ${megabytes(targets.peakRssBytes)}`,
              verdict(peak <= targets.peakRssBytes),
            ],
          ]),
      ['archive and its log', megabytes(Math.max(...archive)), '', '', '', '', '', ''],
    ],
  };
}
