// `make load`: runs the suites, each with its baseline in the same run; prints tables and writes a report.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand, UsageError, type Values } from '#/kit/command-line/command.ts';
import { messageOf } from '#/kit/errors.ts';
import { didYouMean } from '#/kit/command-line/nearest.ts';
import type { Bench, Outcome, Suite } from './kit/bench.ts';
import { table } from './kit/table.ts';
import { reportsDirectory, writeReport } from './page/write.ts';
import { startProfiling } from './profile/profiles.ts';

/** Each loads its modules when it runs: they take longer than what most command lines need. */
const suites: Readonly<Record<string, Suite>> = {
  ingest: async (bench) => (await import('./ingest/ingest.ts')).ingestSuite(bench),
  search: async (bench) => (await import('./search/search.ts')).searchSuite(bench),
  events: async (bench) => (await import('./events/events.ts')).eventsSuite(bench),
  changes: async (bench) => (await import('./changes/changes.ts')).changesSuite(bench),
  hosts: async (bench) => (await import('./hosts/hosts.ts')).hostsSuite(bench),
  telemetry: async (bench) => (await import('./telemetry/telemetry.ts')).telemetrySuite(bench),
  access: async (bench) => (await import('./access/access.ts')).accessSuite(bench),
  pages: async (bench) => (await import('./pages/pages.ts')).pagesSuite(bench),
};

const help = `Usage: npm run load -- [search] [events] [changes] [ingest] [hosts] [telemetry] [access] [pages] [--quick] [--soak] [--large] [--profile] [--help] [--version]

       npm run load -- attack --help     a fixed rate against any instance
       npm run load -- compare --help    whether two attacks differ

Runs the named suites, or all of them, against the real system on this machine. Writes load/reports/INSTANT.json, for
load/compare.ts, and INSTANT.html, for people. The exit code is 1 when a request failed or an answer was wrong.

  search     requests per second, latency and memory of GET /search, compared with a bare node:http cluster; also with
             wrk and nginx, where they are installed; and its latency with autocannon and wrk
  events     requests per second of GET /events and /events/{id}, compared with bare node:http that sends as many bytes
             (100,000 events; EVENTS=N sets another number)
  changes    the time until 1,000 listeners of a worker have a change, while there is one each second, and GET /search
             meanwhile (100,000 events; EVENTS=N and LISTENERS=N set other numbers)
  ingest     MB/s and memory from a provider's feed to the search: a feed rich in zones, compared with fast-xml-parser
             alone, and one rich in events, compared also with a program that only parses and stores (300,000 events;
             EVENTS=N sets another number; also in PostgreSQL where ARCHIVE_URL names an empty database)
  hosts      100,000 events in Redis, one of which changes: the time until every worker serves the change
             (needs redis-server; EVENTS=N sets the number of events)
  telemetry  rate and CPU time of point queries with metrics, access log and traces, compared with none of them
  access     processor time with keys and limits, TLS and node's permission model, compared with none; and the latency of
             one client while another sends ten times its limit, on one host and on two
  pages      the search page in Chromium until its first paint and until events are shown, compared with a page of one
             line (1,000,000 events; EVENTS=N sets another number; needs chromium)

  --quick    runs a smaller version, in two minutes (also QUICK=1)
  --soak     adds ten minutes of load for the memory in the search suite
  --large    adds a feed of 1.3 GB in the ingest suite and 1,000,000 events in the hosts suite: many more minutes

  --profile  profiles every process: writes INSTANT.flame.html, flame graphs per kind of process, and the profiles of V8 to
             INSTANT.profiles, for DevTools or speedscope; the results of such a run are not comparable with others

Every process gets NODE_OPTIONS.
`;

const options = {
  quick: { type: 'boolean', default: false },
  large: { type: 'boolean', default: false },
  soak: { type: 'boolean', default: false },
  profile: { type: 'boolean', default: false },
} as const;

/** Resolves to the exit code: 1 when a suite failed, 130 after Ctrl-C. */
async function main(values: Values<typeof options>, named: readonly string[]): Promise<number> {
  const chosen = chosenOf(named);
  const quick = values.quick || !['', '0', undefined].includes(process.env['QUICK']);
  const { large, soak } = values;
  const startedAt = performance.now();
  const stop = stopSignal();
  const profiles = values.profile ? await startProfiling(await reportsDirectory()) : null;
  const home = await mkdtemp(join(tmpdir(), 'marquee-load-'));
  const log = (line: string): void => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0).padStart(4);
    process.stdout.write(`${seconds} s  ${line}\n`);
  };
  const outcomes = new Map<string, Outcome>();
  try {
    await runSuites(chosen, { quick, large, soak, home, stop, log }, outcomes);
  } catch (error) {
    if (!stop.aborted) console.error(error instanceof Error ? error.message : error);
    if (outcomes.size === 0) return stop.aborted ? interrupted() : 1;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
  for (const outcome of outcomes.values()) print(outcome);
  const written = await writeReport({ quick, outcomes }, new Date(), profiles);
  console.log(`\nFigures: ${written.json}\nReport:  ${written.html}`);
  if (written.flame !== null) console.log(`Profile: ${written.flame}`);
  if (stop.aborted) return interrupted();
  const whole = outcomes.size === chosen.length;
  return whole && [...outcomes.values()].every(({ failures }) => failures.length === 0) ? 0 : 1;
}

function interrupted(): number {
  console.error('Interrupted.');
  return 130;
}

/** Adds to `outcomes` after each suite: when one throws, the results of those before it are there. */
async function runSuites(
  chosen: readonly string[],
  bench: Bench,
  outcomes: Map<string, Outcome>,
): Promise<void> {
  for (const name of chosen) {
    const outcome = await suites[name]?.(bench);
    if (outcome !== undefined) outcomes.set(name, outcome);
    bench.stop.throwIfAborted();
  }
}

function print(outcome: Outcome): void {
  const { more = [], notes = [], failures } = outcome;
  for (const { title, columns, rows } of [outcome, ...more])
    console.log(`\n${title}\n\n${table(columns, rows)}`);
  for (const note of notes) console.log(`- ${note}`);
  for (const failure of failures) console.log(`FAILED: ${failure}`);
}

/** All suites, when none is named. Throws a UsageError for an unknown one. */
function chosenOf(named: readonly string[]): readonly string[] {
  const known = Object.keys(suites);
  const unknown = named.find((name) => suites[name] === undefined);
  if (unknown !== undefined)
    throw new UsageError(`Got ${unknown}, expected ${known.join(' or ')}.${didYouMean(unknown, known)}`);
  return named.length > 0 ? named : known;
}

/** Aborts at the first signal. Later signals are ignored, so that everything that was started is stopped. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  return stop.signal;
}

/** These have options of their own. */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  attack: async (args) => (await import('./attack/attack.ts')).main(args),
  compare: async (args) => (await import('./attack/compare.ts')).main(args),
};

function run([first = '', ...rest]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(commands, first) ? commands[first] : undefined;
  if (command !== undefined) return command(rest);
  return runCommand(
    [first, ...rest].filter((arg) => arg !== ''),
    { help, options, operands: 'suites' },
    main,
  );
}

if (import.meta.main) {
  process.exitCode = await run(process.argv.slice(2)).catch((error: unknown) => {
    console.error(messageOf(error));
    return 1;
  });
}
