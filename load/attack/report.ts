// The report of an attack: what `compare` reads, and the files next to it.

import { mkdir, writeFile, appendFile, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Round } from './fire.ts';
import { createLatencyHistogram, histogramLog, type Percentiles } from './histogram.ts';
import type { Totals } from './thresholds.ts';

export interface RoundReport extends Percentiles {
  readonly perSecond: number;
  readonly errors: number;
}

export interface AttackReport {
  readonly kind: 'attack';
  readonly at: string;
  readonly url: string;
  readonly perSecond: number;
  readonly connections: number;
  readonly secondsPerRound: number;
  readonly rounds: readonly RoundReport[];
  readonly totals: Totals;
  /** Milliseconds by which requests were sent late. */
  readonly late: Percentiles;
  readonly failures: readonly string[];
}

export interface AttackJob {
  readonly url: string;
  readonly perSecond: number;
  readonly connections: number;
  readonly secondsPerRound: number;
}

export function reportOf(job: AttackJob, rounds: readonly Round[], at: Date): AttackReport {
  const [latency, late] = [createLatencyHistogram(), createLatencyHistogram()];
  for (const round of rounds) {
    latency.add(round.latency);
    late.add(round.late);
  }
  const sent = rounds.reduce((sum, round) => sum + round.sent, 0);
  const failed = rounds.reduce((sum, round) => sum + round.failed, 0);
  const meanRate = rounds.reduce((sum, { perSecond }) => sum + perSecond, 0) / rounds.length;
  return {
    kind: 'attack',
    at: at.toISOString(),
    ...job,
    rounds: rounds.map((round) => ({
      perSecond: round.perSecond,
      errors: round.failed / round.sent,
      ...round.latency.percentiles(),
    })),
    totals: { latency: latency.percentiles(), errors: failed / sent, rate: meanRate / job.perSecond },
    late: late.percentiles(),
    failures: rounds.flatMap(({ failures }) => failures),
  };
}

/** Writes NAME.json, NAME.hlog and NAME.hgrm. Returns the path of the first. */
export async function writeAttack(
  directory: string,
  name: string,
  report: AttackReport,
  rounds: readonly Round[],
): Promise<string> {
  const all = createLatencyHistogram();
  for (const { latency } of rounds) all.add(latency);
  const path = join(directory, `${name}.json`);
  await mkdir(directory, { recursive: true });
  await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(
    join(directory, `${name}.hlog`),
    histogramLog(rounds.map(({ latency, ...times }) => ({ ...times, histogram: latency }))),
  );
  await writeFile(join(directory, `${name}.hgrm`), all.hgrm());
  return path;
}

/** Appends the report to a file with one report a line. */
export async function appendHistory(path: string, report: AttackReport): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await appendFile(path, `${JSON.stringify(report)}\n`);
}

/** A report, or the last one of a history. Throws when the file has none. */
export async function readAttack(path: string): Promise<AttackReport> {
  const text = (await readFile(path, 'utf8')).trim();
  const last = text.startsWith('{\n') ? text : (text.split('\n').at(-1) ?? '');
  const read = JSON.parse(last) as Partial<AttackReport> | null;
  if (read?.kind !== 'attack' || !Array.isArray(read.rounds))
    throw new Error(`Got ${path} without rounds, expected a report of \`npm run load -- attack\`.`);
  return read as AttackReport;
}
