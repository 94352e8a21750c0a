// What `make load` runs: the suites, each with its baseline in the same run; a table at the end, and a file.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ingestSuite } from './ingest/ingest.ts';
import type { Bench, Outcome, Suite } from './kit/bench.ts';
import { writeReport } from './kit/report.ts';
import { table } from './kit/table.ts';
import { searchSuite } from './search/search.ts';

const suites: Readonly<Record<string, Suite>> = { ingest: ingestSuite, search: searchSuite };

const help = `Usage: node load/main.ts [search] [ingest] [--quick] [--large] [--help]

Runs the named suites, or both, against the real system on this machine, and writes load/reports/INSTANT.json.

  search     requests per second and latency of GET /search, against a bare node:http cluster
  ingest     MB/s and memory from a provider's feed to the search, against fast-xml-parser on its own

  --quick    a smaller version, in two minutes (also QUICK=1)
  --large    with a feed of 1.3 GB in the ingest suite, some minutes more

NODE_OPTIONS reach every process: '--cpu-prof --cpu-prof-dir=/tmp/profiles' shows where the time goes.
`;

interface Command {
  readonly chosen: readonly string[];
  readonly quick: boolean;
  readonly large: boolean;
}

/** Resolves to the exit code: 1 when a suite failed, 130 after Ctrl-C. */
async function main(): Promise<number> {
  const command = readCommand();
  if (command === null) {
    process.stdout.write(help);
    return 0;
  }
  const { chosen, quick, large } = command;
  const startedAt = performance.now();
  const stop = stopSignal();
  const home = await mkdtemp(join(tmpdir(), 'marquee-load-'));
  const say = (line: string): void => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0).padStart(4);
    process.stdout.write(`${seconds} s  ${line}\n`);
  };
  try {
    const outcomes = await runSuites(chosen, { quick, large, home, stop, say });
    for (const outcome of outcomes.values()) print(outcome);
    const figures = Object.fromEntries(Array.from(outcomes, ([name, outcome]) => [name, outcome.figures]));
    console.log(`\nWritten to ${await writeReport({ quick, suites: figures }, new Date())}`);
    return [...outcomes.values()].some(({ failures }) => failures.length > 0) ? 1 : 0;
  } catch (error) {
    if (!stop.aborted) throw error;
    console.error('Interrupted.');
    return 130;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function runSuites(chosen: readonly string[], bench: Bench): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  for (const name of chosen) {
    const outcome = await suites[name]?.(bench);
    if (outcome !== undefined) outcomes.set(name, outcome);
  }
  return outcomes;
}

function print({ title, columns, rows, failures }: Outcome): void {
  console.log(`\n${title}\n\n${table(columns, rows)}`);
  for (const failure of failures) console.log(`FAILED: ${failure}`);
}

/** Null when help is wanted. Throws for what it does not know. */
function readCommand(): Command | null {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      large: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  const unknown = positionals.filter((name) => suites[name] === undefined);
  if (unknown.length > 0)
    throw new Error(`Got ${unknown.join(', ')}, expected ${Object.keys(suites).join(' or ')}.`);
  const quick = values.quick || !['', '0', undefined].includes(process.env['QUICK']);
  return { chosen: positionals.length > 0 ? positionals : Object.keys(suites), quick, large: values.large };
}

/** Aborts at the first signal; those after it change nothing, so that what was started is always ended. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  return stop.signal;
}

if (import.meta.main) {
  process.exitCode = await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  });
}
