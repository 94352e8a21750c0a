// Tests of the load suite itself: with a small real system, and with one that gives wrong answers.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { pageOf } from '../../load/page/page.ts';
import { reportOf } from '../../load/kit/report.ts';
import { findProgram } from '../../load/kit/program.ts';
import type { Status } from '../../load/kit/system.ts';
import { measureCase } from '../../load/search/case.ts';
import type { Catalogue } from '../../load/search/catalogue/catalogue.ts';
import { createOracle, type Oracle } from '../../load/search/catalogue/oracle.ts';
import type { Case } from '../../load/search/plan.ts';
import { runSearch } from '../../load/search/search.ts';
import { startHarness } from '../../load/search/harness.ts';
import { directoryFor } from '../_support/directory.ts';
import { isLong, longTest } from '../_support/long.ts';
import { benchFor, points, tinyPlan } from './_bench.ts';

const allCases: readonly Case[] = [
  points,
  { ...points, name: 'a connection each', reconnects: true },
  { ...points, name: 'gzip', shape: 'hundred', order: 'repeated', encoding: 'gzip', bare: 'constant' },
  { ...points, name: 'deflated', shape: 'hundred', encoding: 'gzip', bare: 'deflate' },
  { ...points, name: 'unchanged', shape: 'hundred', order: 'repeated', bare: 'empty-304' },
  { ...points, name: 'everything', shape: 'everything', order: 'repeated', connections: 1 },
];
/** Of the short form: what is asked first, and what is compressed and compared with a baseline of its own. */
const cases = isLong ? allCases : allCases.filter(({ name }) => [points.name, 'deflated'].includes(name));

test.serial('a small run with the real system measures everything, and finds no fault', async (t) => {
  const outcome = await runSearch(await benchFor(t), tinyPlan(cases));
  t.deepEqual(outcome.failures, []);
  t.is(outcome.rows.length, cases.length);
  const [rates, memory, tools] = outcome.more ?? [];
  t.deepEqual(
    rates?.rows.map(([name]) => name?.split(', ').at(-1)),
    ['bare node:http', 'point queries', 'while a feed changes'],
  );
  t.true(Number(rates?.rows[2]?.[7]) >= 1, 'the catalogue changed meanwhile');
  t.is(memory?.rows[0]?.at(-1), 'too short to tell');
  const hasWrk = (await findProgram('wrk')) !== null;
  t.is(tools?.rows.at(-1)?.[0], hasWrk ? 'wrk, corrected by itself' : 'wrk: not installed');
  for (const row of tools?.rows.slice(0, hasWrk ? 4 : 2) ?? [])
    for (const value of row.slice(1, 4)) t.true(Number.parseFloat(value) > 0, row.join(' '));
  for (const measure of outcome.measures ?? []) {
    t.true(measure.rounds.length > 0 && measure.rounds.every(Number.isFinite), measure.name);
  }
  const delays = outcome.plots?.find(({ title }) => title.startsWith('Event-loop delay'));
  t.true(delays?.kind === 'lines' && delays.series.some(({ name }) => name.startsWith('API worker')));
  const report = reportOf(
    { quick: true, flame: null, outcomes: new Map([['search', outcome]]) },
    new Date(0),
  );
  t.true((await pageOf(report, [outcome])).includes('No request failed'));
});

/** Sends the answers of the oracle, changed by `spoil`. */
async function lyingCatalogue(
  t: ExecutionContext,
  oracle: Oracle,
  file: string,
  spoil: (body: Buffer, ordinal: number) => { status?: number; body?: Buffer },
): Promise<Catalogue> {
  let asked = 0;
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://system').searchParams;
    const bound = (name: string, open: number): number => {
      const value = query.get(name);
      return value === null ? open : Date.parse(value);
    };
    const right = oracle.answer({ start: bound('starts_at', -Infinity), end: bound('ends_at', Infinity) });
    const { status = 200, body = right } = spoil(Buffer.from(right), ++asked);
    response.writeHead(status, { 'Content-Length': body.length }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.closeAllConnections());
  t.teardown(() => server.close());
  const status = { workers: [{ pid: process.pid, ready: true, version: 1 }] } as unknown as Status;
  const never = new AbortController().signal;
  const nothing = (): Promise<never> => Promise.reject(new Error('Nobody asks for this.'));
  return {
    name: 'lies',
    oracle,
    file,
    bytes: 0,
    loadMs: 0,
    moving: new Set(),
    change: () => undefined,
    system: {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      stop: never,
      until: nothing,
      search: nothing,
      status: () => Promise.resolve(status),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

const lies: Record<string, [RegExp, (body: Buffer, ordinal: number) => { status?: number; body?: Buffer }]> =
  {
    'one wrong byte': [
      /expected \d+; at byte \d+ got/,
      (body) => {
        body.writeUInt8(body.readUInt8(60) ^ 1, 60);
        return { body };
      },
    ],
    'one event too few': [
      /Got \d+ bytes, expected \d+/,
      () => ({ body: Buffer.from('{"data":{"events":[]},"error":null}') }),
    ],
    'a status 500 now and then, once the load has begun': [
      /\d+ × status 500/,
      (_body, ordinal) => (ordinal > 100 && ordinal % 50 === 0 ? { status: 500 } : {}),
    ],
  };
for (const [lie, [expected, spoil]] of Object.entries(lies)) {
  const declare = lie === 'one wrong byte' ? test.serial : longTest(test.serial);
  declare(`${lie} fails the run`, async (t) => {
    const bench = await benchFor(t);
    const recipe = { bases: 200 };
    const oracle = await createOracle([{ provider: 'catalogue', recipe }], bench.stop);
    const file = join(bench.home, 'everything.json');
    await writeFile(file, oracle.answer({ start: -Infinity, end: Infinity }));
    await using harness = await startHarness(bench, tinyPlan([points]));
    const { failures } = await measureCase(harness, await lyingCatalogue(t, oracle, file, spoil), points);
    t.regex(failures.join('\n'), expected);
  });
}

/** Processes with this directory for their temporary files. */
async function processesIn(directory: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      return environment.split('\0').includes(`TMPDIR=${directory}`) ? [pid] : [];
    }),
  );
  return found.flat();
}

longTest(test.serial)('Ctrl-C in the middle of a run leaves no process and no file behind', async (t) => {
  const directory = await directoryFor(t);
  const run = spawn(
    process.execPath,
    [fileURLToPath(new URL('../../load/main.ts', import.meta.url)), 'search', '--quick'],
    { env: { ...process.env, TMPDIR: directory }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  t.teardown(() => run.kill('SIGKILL'));
  const ended = once(run, 'close');
  let words = '';
  for await (const text of run.stdout.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    words += text.toString();
    if (words.includes('point queries')) break;
  }
  run.stdout.resume();
  await sleep(1500);
  t.true((await processesIn(directory)).length > 4, 'the system, the baseline and the driver run');
  run.kill('SIGINT');
  const [code] = (await ended) as [number];
  t.is(code, 130);
  t.deepEqual(await processesIn(directory), []);
  t.deepEqual(await readdir(directory), []);
});
