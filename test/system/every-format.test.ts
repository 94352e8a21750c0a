// The commands for those who write or connect a feed, in every format: feed:check of a file, and the dry run of the kept feeds.

import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Agent } from 'undici';
import { main as feedCheck } from '#/commands/feed-check.ts';
import { main as feedReplay } from '#/commands/feed-replay.ts';
import type { FeedRunDeps } from '#/ingest/feeds/feed-run.ts';
import { openBodies } from '#/provider/bodies.ts';
import { fetchFeed } from '#/provider/http/fetch.ts';
import { formatNames, mappedFormats, pagedFormats, type FormatName } from '#/provider/provider.ts';
import { documents, feedMapping, itemsOf } from '../_support/feed-formats.ts';
import { base, plan, zones, type FeedBase } from '../_support/feeds.ts';
import { directoryFor } from '../_support/directory.ts';
import { eventsIn } from '../_support/events-in.ts';
import { openPipeline } from '../_support/pipeline.ts';
import { feedServerFor, type FeedServer } from '../_support/provider.ts';
import { startRpdeProvider } from '../_support/rpde-provider.ts';
import { called, type Called } from './_in-process.ts';

const night = (day: number, prices: readonly string[] = ['20.00', '35.00']) =>
  plan({ start: `2021-06-${day}T21:00:00`, end: `2021-06-${day}T22:00:00`, zones: zones(...prices) });
const impossible = base({ id: '9', title: 'Never', plans: [{ ...night(31), id: '7' }] });
const before = [
  base({ id: '291', plans: [night(10), { ...night(11), id: '2' }] }),
  base({ id: '322', title: 'Off sale', sellMode: 'offline', plans: [night(12, [])] }),
  base({ id: '400', title: 'With a comma', plans: [night(13, ['12,50'])] }),
];
/** A title has changed, an event is new, and one has left. */
const after = [
  base({ id: '291', title: 'The Last Tram', plans: [night(10), { ...night(11), id: '2' }] }),
  before[2]!,
  base({ id: '500', title: 'New', plans: [night(14)] }),
];

interface Provider {
  readonly url: string;
  /** The whole feed; the first page where it has pages. */
  readonly text: () => string;
  tell(bases: readonly FeedBase[]): void;
}

/** An entry of the providers file, with these overrides. */
const entryOf = (format: FormatName, url: string, given: object = {}): object => ({
  name: format,
  url,
  format,
  ...(mappedFormats.has(format) && { mapping: feedMapping }),
  ...given,
});

async function providersFile(directory: string, entries: readonly object[]): Promise<string> {
  const path = join(directory, 'providers.json');
  await writeFile(path, JSON.stringify({ providers: entries }));
  return path;
}

/** One provider of each format. */
async function providersOf(t: ExecutionContext): Promise<Map<FormatName, Provider>> {
  const server = await feedServerFor(t);
  const paged = await pagedProvider(t);
  return new Map(
    formatNames.map((format) => [format, format === 'rpde' ? paged : documentProvider(server, format)]),
  );
}

function documentProvider(server: FeedServer, format: keyof typeof documents): Provider {
  let text = '';
  return {
    url: server.urlOf(format),
    text: () => text,
    tell(bases) {
      text = documents[format](bases);
      server.serve(format, { body: text });
    },
  };
}

async function pagedProvider(t: ExecutionContext): Promise<Provider> {
  const paged = await startRpdeProvider(t, 1000);
  let ids = new Set<string>();
  return {
    url: paged.url,
    text: () => paged.pageText(0),
    tell(bases) {
      const items = itemsOf(bases);
      for (const id of ids.difference(items)) paged.put(id, null);
      for (const [id, data] of items) paged.put(id, data);
      ids = new Set(items.keys());
    },
  };
}

test.serial('feed:check finds the same in every format', async (t) => {
  const directory = await directoryFor(t);
  const providers = await providersOf(t);
  const entries = Array.from(providers, ([format, { url }]) => entryOf(format, url));
  const environment = { PROVIDERS_FILE: await providersFile(directory, entries) };
  for (const [format, provider] of providers) {
    provider.tell([...before, impossible]);
    const file = join(directory, format);
    await writeFile(file, provider.text());
    const asked = [['--provider', format, file]];
    // Without an entry, where no mapping is needed; a page alone is not detected.
    if (pagedFormats.has(format)) asked.push([file, '--format', format]);
    else if (!mappedFormats.has(format)) asked.push([file]);
    for (const args of asked) {
      const { exitCode, output, errors } = await called(feedCheck, [...args, '--json'], environment);
      t.deepEqual([exitCode, errors], [1, ''], args.join(' '));
      const report = JSON.parse(output) as { findings: { code: string; message: string }[] };
      const findings = report.findings.map(
        ({ place: _, message: _text, ...finding }: Record<string, unknown>) => finding,
      );
      t.like(
        { ...report, findings },
        {
          format,
          events: { total: 4, online: 3, offline: 1 },
          zones: 5,
          firstStart: '2021-06-10T21:00:00Z',
          lastStart: '2021-06-13T21:00:00Z',
          complete: true,
          findings: [
            { code: 'date_impossible', severity: 'error', times: 1, baseId: '9', planId: '7' },
            { code: 'price_repaired', severity: 'warning', times: 1, baseId: '400', planId: '1' },
          ],
        },
        args.join(' '),
      );
    }
    // Cut before its last two characters
    await writeFile(file, provider.text().trimEnd().slice(0, -2));
    const cut = await called(feedCheck, ['--provider', format, file, '--json'], environment);
    t.is(cut.exitCode, 1);
    t.like(JSON.parse(cut.output), { complete: false, incomplete: { code: 'feed_truncated' } }, format);
  }
});

test.serial('a dry run lists what would differ in every format, and writes nothing', async (t) => {
  // 1. Two runs of each provider, whose bodies are kept
  const providers = await providersOf(t);
  const configured = Array.from(providers.keys(), (format) => ({
    name: format,
    format,
    ...(mappedFormats.has(format) && { mapping: feedMapping }),
  }));
  const line = await openPipeline(t, configured);
  const { directory } = line;
  const bodies = await openBodies(join(directory, 'bodies'), 1e6, Date.now, (message) => t.fail(message));
  const agent = new Agent();
  t.teardown(() => agent.destroy());
  const keeping: Partial<FeedRunDeps> = {
    fetch: async (from, validators, stop) =>
      bodies.copied(from.name, await fetchFeed(from, validators, agent, stop)),
    pageEnded: (page) => bodies.keep(page),
  };
  for (const bases of [before, after])
    for (const [format, { url, tell }] of providers) {
      tell(bases);
      const { row } = await line.run(url, format, keeping);
      t.like(row, { outcome: 'absorbed', code: null }, format);
      if (!pagedFormats.has(format)) await bodies.keep(row);
    }
  const known = [await eventsIn(line.archive), line.journal()];

  // 2. Read again: nothing differs
  const dryRun = async (given: (format: FormatName) => object): Promise<Called> => {
    const entries = Array.from(providers, ([format, { url }]) => entryOf(format, url, given(format)));
    const file = await providersFile(directory, entries);
    const settings = { DATA_DIR: directory, PROVIDERS_FILE: file, INGEST_THREADS: '1', TMPDIR: directory };
    return called(feedReplay, ['--against'], settings);
  };
  const same = await dryRun(() => ({}));
  t.deepEqual([same.exitCode, same.errors], [0, '']);
  t.true(same.output.endsWith('\n0 changed, 0 added, 0 absent\n'), same.output);

  // 3. Read in another way: another zone, no repaired prices, and another field as the title
  const renamed = { ...feedMapping, title: 'base' };
  const other = await dryRun((format) => ({
    timeZone: 'Europe/Madrid',
    strict: true,
    ...(mappedFormats.has(format) && { mapping: renamed }),
  }));
  t.is(other.exitCode, 2, other.errors);
  t.true(other.output.endsWith('\n28 changed, 0 added, 7 absent\n'), other.output);
  const was = [
    ['291, plan 1', 'The Last Tram', 10],
    ['291, plan 2', 'The Last Tram', 11],
    ['322, plan 1', 'Off sale', 12],
    ['500, plan 1', 'New', 14],
  ] as const;
  for (const format of formatNames) {
    const found = other.output.match(RegExp(`^${format}: base .*\n(?:  .*\n)*`, 'gm')) ?? [];
    const changed = was.map(([event, old, day]) => {
      const title = mappedFormats.has(format) ? event.slice(0, 3) : old;
      const lines = [
        `${format}: base ${event}, "${title}": would change`,
        ...(title === old ? [] : [`  title: "${old}" -> "${title}"`]),
        `  start: "2021-06-${day}T21:00:00.000Z" -> "2021-06-${day}T19:00:00.000Z"`,
        `  end: "2021-06-${day}T22:00:00.000Z" -> "2021-06-${day}T20:00:00.000Z"`,
      ];
      return `${lines.join('\n')}\n`;
    });
    const absent = `${format}: base 400, plan 1, "With a comma": would not be there\n`;
    t.deepEqual(found.toSorted(), [...changed, absent].toSorted(), format);
  }

  // 4. Nothing was written
  t.deepEqual([await eventsIn(line.archive), line.journal()], known);
  t.false((await readdir(directory)).some((name) => name.startsWith('marquee-replay-')));
});
