// The feed checker as a provider uses it: a process with arguments, two streams and an exit code.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { main } from '#/commands/feed-check.ts';
import { directoryFor } from '../_support/directory.ts';
import { base, feed, feedOf, plan, record } from '../_support/feeds.ts';
import { isLong, longTest } from '../_support/long.ts';
import { feedServerFor } from '../_support/provider.ts';
import { called, type Called } from './_in-process.ts';

const program = fileURLToPath(new URL('../../src/commands/feed-check.ts', import.meta.url));

/** In this process, with absolute paths. */
const check = (directory: string, ...args: string[]): Promise<Called> =>
  called(main, args, { TMPDIR: directory, HOME: directory });

/** The program itself in `directory`, where a file that it writes would be found. */
async function checkProcess(directory: string, ...args: string[]): Promise<Called> {
  const cache = process.env['NODE_COMPILE_CACHE'];
  const env = {
    PATH: process.env['PATH'] ?? '',
    TMPDIR: directory,
    HOME: directory,
    ...(cache !== undefined && { NODE_COMPILE_CACHE: cache }),
  };
  const child = spawn(process.execPath, [program, ...args], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [exitCode] = (await once(child, 'close')) as [number];
  return { exitCode, output, errors };
}

async function feedFile(
  t: ExecutionContext,
  content: string | Uint8Array,
): Promise<[directory: string, file: string]> {
  const directory = await directoryFor(t);
  await writeFile(join(directory, 'feed'), content);
  return [directory, join(directory, 'feed')];
}

const bases = [
  base({
    id: '291',
    plans: [plan({ id: '1' }), plan({ id: '2', start: '2021-07-01T10:00:00', end: '2021-07-01T11:00:00' })],
  }),
  base({ id: '322', sellMode: 'offline', plans: [plan({ id: '1', zones: [] })] }),
];
const good = feed(bases);
const impossible = record(base({ id: '9', plans: [plan({ id: '7', start: '2021-09-31T20:00:00' })] }));

test.serial('a repaired value and an unknown one are warnings, and errors with --strict', async (t) => {
  const zones = [{ id: '1', capacity: 'unlimited', price: '12,50' }];
  const [directory, file] = await feedFile(t, feed([base({ plans: [plan({ zones })] })]));
  const lenient = await check(directory, file);
  t.is(lenient.exitCode, 0);
  t.regex(
    lenient.output,
    /warning +price_repaired, 1 ×, first at 4:\d+, base 291, plan 1\n +Got price "12,50", read as 12.5/,
  );
  t.regex(
    lenient.output,
    /warning +capacity_unknown, 1 ×, first at 4:\d+, base 291, plan 1\n +Got capacity "unlimited"/,
  );
  const strict = await check(directory, file, '--strict');
  t.is(strict.exitCode, 1);
  t.regex(strict.output, /error +capacity_invalid, 1 ×/);
});

test.serial('a valid feed is summarised in numbers, with exit code 0 and no file written', async (t) => {
  const [directory] = await feedFile(t, good);
  const { exitCode, output, errors } = await checkProcess(directory, 'feed', '--json');
  t.deepEqual(JSON.parse(output), {
    source: 'feed',
    format: 'plan-list-xml',
    timeZone: 'UTC',
    bytes: Buffer.byteLength(good),
    records: 2,
    events: { total: 3, online: 2, offline: 1 },
    zones: 6,
    firstStart: '2021-06-30T21:00:00Z',
    lastStart: '2021-07-01T10:00:00Z',
    complete: true,
    incomplete: null,
    findings: [],
  });
  t.is(exitCode, 0);
  t.is(errors, '', 'no progress bar where there is no terminal');
  t.deepEqual(await readdir(directory), ['feed']);
});

test.serial('each kind of fault is reported once, with its first place, and exit code 1', async (t) => {
  const text = feedOf([record(bases[0]!), impossible, impossible.replace('"9"', '"10"')]);
  const [directory, file] = await feedFile(t, text);
  const asJson = await check(directory, file, '--json');
  const report = JSON.parse(asJson.output) as { complete: boolean; findings: Record<string, unknown>[] };
  t.is(asJson.exitCode, 1);
  t.true(report.complete, 'a bad date costs its event, not the feed');
  t.is(report.findings.length, 1);
  const [finding] = report.findings;
  const lineOf = text.slice(0, text.indexOf('"9"')).split('\n').length;
  const { place, message, ...rest } = finding as { place: { line: number }; message: string };
  t.deepEqual(rest, {
    code: 'date_impossible',
    severity: 'error',
    times: 2,
    baseId: '9',
    planId: '7',
  });
  t.is(place.line, lineOf);
  t.regex(message, /2021-09-31/);

  const { output, exitCode } = await check(directory, file);
  t.is(exitCode, 1);
  t.regex(
    output,
    new RegExp(
      String.raw`error\s+date_impossible, 2 ×, first at ${lineOf}:\d+, base 9, plan 7\n\s+plan_start_date: Got "2021-09-31T20:00:00"`,
    ),
  );
});

test.serial('a truncated feed is reported, and its complete records are counted', async (t) => {
  const [directory, file] = await feedFile(t, good.slice(0, good.indexOf('</output>')));
  const { output, exitCode } = await check(directory, file, '--json');
  const { complete, incomplete, events } = JSON.parse(output) as Record<
    string,
    { code?: string; total?: number }
  >;
  t.deepEqual(
    [exitCode, complete, incomplete?.code, events?.total],
    [1, false as never, 'feed_truncated', 3],
  );
});

longTest(test.serial)('warnings only give exit code 0', async (t) => {
  const line = JSON.stringify({
    baseId: '1',
    planId: '1',
    title: 'Twice',
    sellMode: 'online',
    start: '2021-03-28T02:30:00',
    end: '2021-03-28T04:00:00',
    zones: [{ zoneId: '1', name: 'Stalls', capacity: 1, price: '1.00' }],
  });
  const [directory, file] = await feedFile(t, `${line}\n${line}\n`);
  const { output, exitCode } = await check(directory, file, '--json', '--time-zone', 'Europe/Madrid');
  const { format, events, zones, firstStart, findings } = JSON.parse(output);
  t.deepEqual(
    [exitCode, format, events.total, zones, firstStart],
    [0, 'ndjson', 1, 1, '2021-03-28T01:30:00Z'],
  );
  t.deepEqual(
    findings.map(({ code, severity, times }: Record<string, unknown>) => [code, severity, times]),
    [
      ['clock_irregular', 'warning', 2],
      ['duplicate_event', 'warning', 1],
    ],
  );
});

longTest(test.serial)('a given format is not detected', async (t) => {
  const [directory, file] = await feedFile(t, good);
  const { output, exitCode } = await check(directory, file, '--json', '--format', 'ndjson');
  const { format, incomplete, records } = JSON.parse(output);
  t.deepEqual([exitCode, format, incomplete.code, records], [1, 'ndjson', 'root_unexpected', 0]);
});

longTest(test.serial)('a document that is not a feed is a finding too', async (t) => {
  for (const [content, code] of [
    ['<html>Sorry</html>', 'root_unexpected'],
    ['', 'feed_empty'],
  ] as const) {
    const [directory, file] = await feedFile(t, content);
    const { output, exitCode } = await check(directory, file, '--json');
    const { format, incomplete } = JSON.parse(output);
    t.deepEqual([exitCode, format, incomplete.code], [1, null, code]);
  }
});

test.serial('a feed is read from a URL as ingest reads it', async (t) => {
  const directory = await directoryFor(t);
  const server = await feedServerFor(t);
  server.serve('good', { body: good });
  t.is((await check(directory, server.urlOf('good'))).exitCode, 0);

  server.serve('cut', { body: good, cutAt: good.indexOf('</output>') });
  const cut = await check(directory, server.urlOf('cut'), '--json');
  const { complete, incomplete, events } = JSON.parse(cut.output);
  t.deepEqual([cut.exitCode, complete, events.total], [1, false, 3]);
  t.regex(incomplete.code, /^(connection_lost|feed_truncated)$/);

  server.serve('down', { body: 'no', status: 503 });
  const down = await check(directory, server.urlOf('down'));
  t.deepEqual([down.exitCode, down.output], [2, '']);
  t.regex(down.errors, /cannot be read: Got status 503, expected 200\.\n$/);
  t.deepEqual(await readdir(directory), []);
});

test.serial(
  'wrong usage exits with code 64, a missing file with 2, both with the reason and without a stack',
  async (t) => {
    const directory = await directoryFor(t);
    const wrong: [args: string[], reason: RegExp, code?: number][] = [
      [[], /Got 0 files or URLs, expected one\./],
      [['a', 'b'], /Got 2 files or URLs/],
      [['--verbose', 'a'], /--verbose/],
      [['a', '--format', 'csv'], /Got --format csv, expected --provider NAME/],
      [['a', '--format', 'tsv'], /Got --format tsv, expected plan-list-xml, .*csv, rpde or auto\./],
      [['a', '--time-zone', 'Mars/Olympus'], /Got --time-zone Mars\/Olympus/],
      [['nowhere.xml'], /nowhere\.xml cannot be read: ENOENT/, 2],
      [['.'], /Got a directory, expected a file\./, 2],
      [['http://127.0.0.1:1/'], /cannot be read: .*ECONNREFUSED/, 2],
    ];
    for (const [args, reason, code = 64] of isLong ? wrong : wrong.slice(0, 7)) {
      // The last one of the short form as a process, with its streams and its exit code.
      const asked = code === 2 ? checkProcess : check;
      const { exitCode, output, errors } = await asked(directory, ...args);
      t.deepEqual([exitCode, output], [code, ''], args.join(' '));
      t.regex(errors, reason);
      t.notRegex(errors, /^\s+at /m);
    }
  },
);

test.serial('--help shows the usage', async (t) => {
  const { exitCode, output } = await check(await directoryFor(t), '--help');
  t.is(exitCode, 0);
  for (const word of ['FILE|URL', '--format', '--time-zone', '--json', 'ndjson', 'Exit code'])
    t.true(output.includes(word), word);
});
