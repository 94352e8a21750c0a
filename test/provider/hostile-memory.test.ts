// Feeds that try to exhaust memory. Each is read in a process of its own, whose peak is compared with that of a small feed;
// the archive already has known events.

import { execFile } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createGzip, gzipSync } from 'node:zlib';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openArchive } from '#/archive/archive.ts';
import type { DetailedEvent } from '#/domain/event.ts';
import type { RunRow } from '#/archive/runs/runs.ts';
import type { FeedLimits } from '#/provider/provider.ts';
import { directoryFor } from '../_servers/server.ts';
import { endingOf } from '../_servers/ending.ts';
import { base, feed, feedOf, record } from '../_support/feeds.ts';
import { longTest } from '../_support/long.ts';
import { eventsIn } from '../_support/events-in.ts';
import { around, first, knownBases, saying, serverFor, type Answer } from './_line.ts';

/** Above the peak of a small feed: several copies of a record of the largest size, and garbage that is not yet collected. */
const extraMbMax = 250;

interface Once {
  readonly row: RunRow;
  readonly peakMb: number;
}

const run = promisify(execFile);
const ending = endingOf(test);
const script = fileURLToPath(new URL('_ingest-once.ts', import.meta.url));

async function ingestOnce(
  t: ExecutionContext,
  answer: Answer,
  archivePath: string,
  limits: Partial<FeedLimits> = {},
): Promise<Once> {
  const url = await serverFor(t, answer);
  const args = [script, url, archivePath, JSON.stringify(limits)];
  const { stdout } = await run(process.execPath, args, { timeout: 150_000 });
  return JSON.parse(stdout) as Once;
}

async function titlesIn(archivePath: string): Promise<string[]> {
  const archive = await openArchive(`sqlite:${archivePath}`);
  try {
    const events: DetailedEvent[] = await eventsIn(archive);
    return events.map(({ title }) => title);
  } finally {
    await archive.close();
  }
}

/** An archive with known events, created once for all tests, and the peak memory for its small feed. */
let known: Promise<{ path: string; peakMb: number }> | null = null;

async function knownArchive(t: ExecutionContext): Promise<{ path: string; peakMb: number }> {
  const path = join(await directoryFor(ending), 'archive.sqlite');
  const small = await ingestOnce(t, saying(feed(knownBases)), path);
  t.like(small.row, { outcome: 'absorbed', code: null });
  return { path, peakMb: small.peakMb };
}

/** Asserts that known events stay, and that the peak memory is close to that of a small feed. */
async function endure(
  t: ExecutionContext,
  answer: Answer,
  limits?: Partial<FeedLimits>,
): Promise<[RunRow, string[]]> {
  const small = await (known ??= knownArchive(t));
  const archivePath = join(await directoryFor(t), 'archive.sqlite');
  await copyFile(small.path, archivePath);
  const { row, peakMb } = await ingestOnce(t, answer, archivePath, limits);
  t.log(`${Math.round(peakMb)} MB, a small feed ${Math.round(small.peakMb)} MB`);
  t.true(peakMb < small.peakMb + extraMbMax, `Got a peak of ${Math.round(peakMb)} MB.`);
  const titles = await titlesIn(archivePath);
  for (const { title } of knownBases) t.true(titles.includes(title), title);
  return [row, titles];
}

/** `head`, then `piece` this many times, then `tail`, as fast as the reader reads. */
const repeating =
  (head: string, piece: string, times: number, tail: string): Answer =>
  (_request, response) => {
    function* pieces(): Generator<string> {
      yield head;
      for (let i = 0; i < times; i++) yield piece;
      yield tail;
    }
    response.writeHead(200);
    pipeline(Readable.from(pieces()), response, () => undefined);
  };

const [head, tail] = around('\0').split('\0') as [string, string];
const mebibyte = 'x'.repeat(1024 * 1024);

test.serial('a gzip bomb is not decompressed beyond the limit', async (t) => {
  const bomb: Answer = (_request, response) => {
    function* pieces(): Generator<Buffer> {
      yield Buffer.from(head);
      for (;;) yield Buffer.alloc(1024 * 1024, ' ');
    }
    response.writeHead(200, { 'content-encoding': 'gzip' });
    pipeline(Readable.from(pieces()), createGzip({ level: 1 }), response, () => undefined);
  };
  const [row, titles] = await endure(t, bomb, { decodedBytesMax: 200e6 });
  t.like(row, { outcome: 'incomplete', code: 'feed_too_large' });
  t.true(titles.includes('First'));
});

test.serial('a bomb in one record is refused as too large, and its neighbours are taken', async (t) => {
  const bomb = gzipSync(head + `<base_plan title="${'x'.repeat(100e6)}"/>` + tail);
  const [row, titles] = await endure(t, saying(bomb, { 'content-encoding': 'gzip' }));
  t.like(row, { outcome: 'incomplete', code: 'record_too_large' });
  t.true(titles.includes('First') && titles.includes('Last'));
});

longTest(test.serial)(
  'a record with an attribute of ten megabytes is refused as too large, and its neighbours are taken',
  async (t) => {
    for (const inside of [
      record(base({ id: 'x', title: '\0' })),
      record(base({ id: 'x' })).replace('Stalls', '\0'),
    ]) {
      const [before, behind] = inside.split('\0') as [string, string];
      const [row, titles] = await endure(t, repeating(head + before, mebibyte, 10, behind + tail));
      t.like(row, { outcome: 'incomplete', code: 'record_too_large' });
      t.like(row.findings[0]?.place, { line: 5, column: 7 });
      t.true(titles.includes('First') && titles.includes('Last'));
    }
  },
);

longTest(test.serial)('an attribute just below the limit of a record is refused by its length', async (t) => {
  const [before, behind] = record(base({ id: 'x', title: '\0' })).split('\0') as [string, string];
  const [row, titles] = await endure(t, repeating(head + before, mebibyte, 7, behind + tail));
  t.is(row.findings[0]?.code, 'text_too_long');
  t.true(titles.includes('First') && titles.includes('Last'));
});

/** The one that the short form has too. */
const telling = 'a record that never ends';
const endless: Record<string, [between: string, piece: string, outcome: string]> = {
  'a comment that never ends': ['<!--', mebibyte, 'incomplete'],
  'a tag between records that never ends': ['<pager x="', mebibyte, 'incomplete'],
  'text that never ends': ['', mebibyte, 'incomplete'],
  'blanks that never end': ['', mebibyte.replaceAll('x', ' '), 'incomplete'],
  'a record that never ends': ['<base_plan>', mebibyte, 'incomplete'],
  'a record of comments that never ends': ['<base_plan>', '<!-- -->'.repeat(100_000), 'incomplete'],
  'wrappers that never close': ['', '<output>'.repeat(100_000), 'incomplete'],
};

for (const [what, [between, piece, outcome]] of Object.entries(endless)) {
  const declare = what === telling ? test.serial : longTest(test.serial);
  declare(`${what} is not kept in memory`, async (t) => {
    const start = feedOf([record(first), '\0']).split('\0')[0]!;
    const times = Math.ceil(100e6 / piece.length);
    const [row, titles] = await endure(t, repeating(start + between, piece, times, ''));
    t.is(row.outcome as string, outcome);
    t.true(titles.includes('First'));
  });
}

longTest(test.serial)(
  'half a million references in each of fifteen records are refused one by one',
  async (t) => {
    const [before, behind] = record(base({ id: 'x', title: '\0' })).split('\0') as [string, string];
    const references = before + '&#233;'.repeat(500_000) + behind;
    const [row, titles] = await endure(t, repeating(head, references, 15, tail));
    t.is(row.counts['records'], 19);
    t.true(titles.includes('First') && titles.includes('Last'));
  },
);

longTest(test.serial)('records nested twenty thousand deep are refused one by one', async (t) => {
  const deep = `<base_plan>${'<plan>'.repeat(20_000)}${'</plan>'.repeat(20_000)}</base_plan>`;
  const [row, titles] = await endure(t, repeating(head, deep, 100, tail));
  t.like(row, { outcome: 'incomplete', code: 'xml_malformed', counts: { records: 104 } });
  t.true(titles.includes('First') && titles.includes('Last'));
});
