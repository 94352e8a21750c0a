// What `make load` runs: the suites, each with its baseline in the same run; a table at the end, and a file.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand, UsageError, type Values } from '#/kit/command.ts';
import { messageOf } from '#/kit/errors.ts';
import { didYouMean } from '#/kit/nearest.ts';
import { hostsSuite } from './hosts/hosts.ts';
import { ingestSuite } from './ingest/ingest.ts';
import type { Bench, Outcome, Suite } from './kit/bench.ts';
import { table } from './kit/table.ts';
import { writeReport } from './page/write.ts';
import { searchSuite } from './search/search.ts';
import { telemetrySuite } from './telemetry/telemetry.ts';

const suites: Readonly<Record<string, Suite>> = {
  ingest: ingestSuite,
  search: searchSuite,
  hosts: hostsSuite,
  telemetry: telemetrySuite,
};

const help = `Usage: node load/main.ts [search] [ingest] [hosts] [telemetry] [--quick] [--soak] [--large] [--help] [--version]

Runs the named suites, or all, against the real system on this machine, and writes load/reports/INSTANT.json, for
load/compare.ts, and INSTANT.html, for people. Ends with 1 when a request failed or an answer was wrong.

  search     requests per second, latency and memory of GET /search, against a bare node:http cluster; by wrk and against
             nginx too, where they are installed
  ingest     MB/s and memory from a provider's feed to the search, of a feed rich in zones against fast-xml-parser on its own,
             of one rich in events against a program that only parses and keeps them, too (300,000; EVENTS=N for another
             number; also in PostgreSQL where ARCHIVE_URL names an empty database)
  hosts      100,000 events in Redis, of which one changes: until every worker answers with it
             (needs redis-server; EVENTS=N for another number of events)
  telemetry  rate of and CPU per point query with metrics, access log and traces, against without

  --quick    a smaller version, in two minutes (also QUICK=1)
  --soak     with ten minutes of load for the memory in the search suite
  --large    with a feed of 1.3 GB in the ingest suite and 1,000,000 events in the hosts suite, many minutes more

NODE_OPTIONS reach every process: '--cpu-prof --cpu-prof-dir=/tmp/profiles' shows where the time goes.
`;

const options = {
  quick: { type: 'boolean', default: false },
  large: { type: 'boolean', default: false },
  soak: { type: 'boolean', default: false },
} as const;

/** Resolves to the exit code: 1 when a suite failed, 130 after Ctrl-C. */
async function main(values: Values<typeof options>, named: readonly string[]): Promise<number> {
  const chosen = chosenOf(named);
  const quick = values.quick || !['', '0', undefined].includes(process.env['QUICK']);
  const { large, soak } = values;
  const startedAt = performance.now();
  const stop = stopSignal();
  const home = await mkdtemp(join(tmpdir(), 'marquee-load-'));
  const say = (line: string): void => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0).padStart(4);
    process.stdout.write(`${seconds} s  ${line}\n`);
  };
  const outcomes = new Map<string, Outcome>();
  try {
    await runSuites(chosen, { quick, large, soak, home, stop, say }, outcomes);
  } catch (error) {
    if (!stop.aborted) console.error(error instanceof Error ? error.message : error);
    if (outcomes.size === 0) return stop.aborted ? interrupted() : 1;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
  for (const outcome of outcomes.values()) print(outcome);
  const written = await writeReport({ quick, outcomes }, new Date());
  console.log(`\nFigures: ${written.json}\nReport:  ${written.html}`);
  if (stop.aborted) return interrupted();
  const whole = outcomes.size === chosen.length;
  return whole && [...outcomes.values()].every(({ failures }) => failures.length === 0) ? 0 : 1;
}

function interrupted(): number {
  console.error('Interrupted.');
  return 130;
}

/** A suite that ends badly takes nothing of those before it. */
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

/** All suites, when none is named. Throws UsageError. */
function chosenOf(named: readonly string[]): readonly string[] {
  const known = Object.keys(suites);
  const unknown = named.find((name) => suites[name] === undefined);
  if (unknown !== undefined)
    throw new UsageError(`Got ${unknown}, expected ${known.join(' or ')}.${didYouMean(unknown, known)}`);
  return named.length > 0 ? named : known;
}

/** Aborts at the first signal; those after it change nothing, so that what was started is always ended. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  return stop.signal;
}

if (import.meta.main) {
  process.exitCode = await runCommand(
    process.argv.slice(2),
    { help, options, operands: 'suites' },
    main,
  ).catch((error: unknown) => {
    console.error(messageOf(error));
    return 1;
  });
}
