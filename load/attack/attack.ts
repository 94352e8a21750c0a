// `npm run load -- attack`: a fixed rate of requests against any instance, in rounds.

import { readFile } from 'node:fs/promises';
import type { Client } from 'undici';
import { runCommand, UsageError, type Values } from '#/kit/command-line/command.ts';
import { messageOf } from '#/kit/errors.ts';
import { createClient } from '../search/driver/client.ts';
import { table } from '../kit/table.ts';
import { fire, type Round } from './fire.ts';
import { findKnee } from './knee.ts';
import { profileWorkers, type WorkerProfiles } from './profile.ts';
import { defaultPaths, pathsIn } from './queries.ts';
import { appendHistory, reportOf, writeAttack, type AttackReport } from './report.ts';
import { thresholdOf, type Threshold } from './thresholds.ts';
import { witnessed } from './witness.ts';

const help = `Usage: npm run load -- attack --url URL --rate N --duration SECONDS [OPTIONS]

Sends N requests per second, whatever the server does (an open model); each latency counts from when its request was due.
Writes NAME.json for \`npm run load -- compare\`, NAME.hlog (HdrHistogram log, V2) and NAME.hgrm to load/reports.

  --url URL               the instance, for example http://localhost:8000
  --rate N                requests per second
  --duration SECONDS      in all rounds together; 30s, 5m and 30 are valid
  --rounds N              default 10; \`compare\` needs 5
  --connections N         default 50; a request waits, and its wait counts, when all are in use
  --queries FILE          one path a line, or lines of Marquee's access log; default: /search
  --against URL           a second instance: rounds alternate between the two, and each gets a report
  --threshold NAME=LIMIT  p50, p90, p99, p999 or max (5ms), errors (0.1%), rate (95%); repeatable: exit code 1 when exceeded
  --knee                  searches the highest rate, from --rate up, at which every threshold holds; a step takes --duration
  --witness               then measures the latency also with autocannon and with wrk, where it is installed, and shows the
                          ratios: each tool in turns, in a closed loop with 2 connections, 3 times for 2 seconds
  --profile ADMIN_URL     profiles the API workers of --url meanwhile, for at most a minute, by its admin port, for example
                          http://localhost:9000: writes NAME.flame.html, and the profiles of V8 to NAME.profiles; the
                          latencies of such a run are not comparable with others. ADMIN_TOKEN is sent when it is set
  --gzip                  sends Accept-Encoding: gzip
  --name NAME             of the files; default: the instant
  --history FILE          appends the report as one line

Exit codes: 0 done; 1 a threshold is exceeded, no request was answered, a request of --witness failed, or the profile cannot be
taken; 64 the command line is not valid.
`;

const options = {
  url: { type: 'string' },
  rate: { type: 'string' },
  duration: { type: 'string' },
  rounds: { type: 'string' },
  connections: { type: 'string' },
  queries: { type: 'string' },
  against: { type: 'string' },
  threshold: { type: 'string', multiple: true },
  knee: { type: 'boolean' },
  witness: { type: 'boolean' },
  profile: { type: 'string' },
  gzip: { type: 'boolean' },
  name: { type: 'string' },
  history: { type: 'string' },
} as const;

interface Job {
  readonly urls: readonly string[];
  readonly perSecond: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly connections: number;
  readonly paths: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly thresholds: readonly Threshold[];
  readonly stop: AbortSignal;
}

const timeoutSeconds = 30;
const kneePrecision = 0.05;
const rateMax = 1_000_000;
const directory = 'load/reports';

/** Rounds of each URL in turns, over the same connections. */
async function roundsOf(job: Job, perSecond: number, count: number): Promise<Round[][]> {
  const { urls, seconds, connections, paths, headers, stop } = job;
  const clients: Client[][] = urls.map((url) =>
    Array.from({ length: connections }, () => createClient(url, 1, timeoutSeconds)),
  );
  const done: Round[][] = urls.map(() => []);
  try {
    for (let round = 0; round < count; round++)
      for (const [i, own] of clients.entries()) {
        const shot = { clients: own, paths, headers, perSecond, seconds: seconds / count, stop };
        done[i]?.push(await fire(shot, round * Math.round((perSecond * seconds) / count)));
      }
    return done;
  } finally {
    await Promise.all(clients.flat().map((client) => client.destroy()));
  }
}

function textOf(report: AttackReport): string {
  const { totals, late, url, perSecond, failures } = report;
  const row = (name: string, { p50, p90, p99, p999, max }: typeof late): string[] => [
    name,
    ...[p50, p90, p99, p999, max].map((ms) => ms.toFixed(2)),
  ];
  const lines = [
    `${url}: ${(totals.rate * perSecond).toFixed(0)} of ${perSecond} requests per second, ${(100 * totals.errors).toFixed(2)} % failed`,
    table(
      ['ms', 'p50', 'p90', 'p99', 'p99.9', 'max'],
      [row('latency', totals.latency), row('sent late', late)],
    ),
    ...[...new Set(failures)].slice(0, 10).map((failure) => `FAILED: ${failure}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** The exit code. */
async function attack(
  job: Job,
  { name, history, profile, witness = false }: Values<typeof options>,
): Promise<number> {
  const { urls, perSecond, connections, thresholds, rounds: count } = job;
  const at = new Date();
  const base = name ?? at.toISOString().replaceAll(':', '-');
  const secondsPerRound = job.seconds / count;
  let code = 0;
  const profiles: WorkerProfiles | null =
    profile === undefined
      ? null
      : await profileWorkers(urlOf('profile', profile), job.seconds, adminToken(), job.stop);
  for (const [i, rounds] of (await roundsOf(job, perSecond, count)).entries()) {
    const report = reportOf({ url: urls[i] ?? '', perSecond, connections, secondsPerRound }, rounds, at);
    const path = await writeAttack(
      directory,
      urls.length === 1 ? base : `${base}-${'ab'[i]}`,
      report,
      rounds,
    );
    if (history !== undefined) await appendHistory(history, report);
    process.stdout.write(`${textOf(report)}Report: ${path}\n`);
    for (const { text, violation } of thresholds) {
      const violated = violation(report.totals);
      if (violated === null) continue;
      process.stdout.write(`EXCEEDED: ${text}: ${violated}\n`);
      code = 1;
    }
    if (report.totals.errors === 1) code = 1;
  }
  if (profiles !== null) process.stdout.write(`Profile: ${await profiles.write(directory, base)}\n`);
  if (!witness) return code;
  const [url = ''] = urls;
  const requests = job.paths.map((path) => ({ path, headers: job.headers }));
  const { text, failed } = await witnessed({ url, requests, timeoutSeconds, stop: job.stop });
  process.stdout.write(`\n${text}`);
  return failed ? 1 : code;
}

const adminToken = (): string => process.env['ADMIN_TOKEN'] ?? '';

async function searchKnee(job: Job): Promise<number> {
  const [url = ''] = job.urls;
  const holds = async (perSecond: number): Promise<boolean> => {
    const [rounds = []] = await roundsOf(job, perSecond, 1);
    const { connections, seconds: secondsPerRound } = job;
    const { totals } = reportOf({ url, perSecond, connections, secondsPerRound }, rounds, new Date());
    const violated = job.thresholds.flatMap(({ violation }) => violation(totals) ?? []);
    process.stdout.write(`${perSecond}/s: ${violated.join(', ') || 'holds'}\n`);
    return violated.length === 0;
  };
  const knee = await findKnee(holds, { from: job.perSecond, max: rateMax, precision: kneePrecision });
  process.stdout.write(
    knee === 0 ? `Not even ${job.perSecond}/s holds.\n` : `The highest rate that holds: ${knee}/s\n`,
  );
  return knee === 0 ? 1 : 0;
}

function numberOf(option: string, text: string | undefined, fallback: number | null, most: number): number {
  if (text === undefined && fallback !== null) return fallback;
  const value = Number(text);
  if (text === undefined || !(value > 0 && value <= most))
    throw new UsageError(`Got --${option}=${text ?? ''}, expected a number up to ${most}.`);
  return value;
}

function secondsOf(text = ''): number {
  const [, number = '', unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  const seconds = Number(number) * ({ ms: 0.001, s: 1, m: 60, h: 3600 }[unit] ?? 1);
  if (!(seconds > 0)) throw new UsageError(`Got --duration=${text}, expected for example 30s or 5m.`);
  return seconds;
}

function urlOf(option: string, text = ''): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError(`Got --${option}=${text}, expected http://… or https://….`);
  return url.origin;
}

async function jobOf(values: Values<typeof options>): Promise<Job> {
  const { knee = false, threshold = knee ? ['p99=5ms', 'errors=0%', 'rate=95%'] : [], against } = values;
  if (knee && against !== undefined)
    throw new UsageError('Got --knee with --against, expected one instance.');
  if (knee && (values.witness === true || values.profile !== undefined))
    throw new UsageError('Got --knee with --witness or --profile, expected one of them.');
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stop.abort(new Error('Interrupted.')));
  return {
    urls: [urlOf('url', values.url), ...(against === undefined ? [] : [urlOf('against', against)])],
    perSecond: numberOf('rate', values.rate, null, rateMax),
    seconds: secondsOf(values.duration),
    rounds: Math.round(numberOf('rounds', values.rounds, 10, 10_000)),
    connections: Math.round(numberOf('connections', values.connections, 50, 10_000)),
    paths: values.queries === undefined ? defaultPaths : pathsIn(await readFile(values.queries, 'utf8')),
    headers: values.gzip === true ? { 'accept-encoding': 'gzip' } : {},
    thresholds: threshold.map(thresholdOf),
    stop: stop.signal,
  };
}

/** Resolves to the exit code. */
export const main = (args: readonly string[]): Promise<number> =>
  runCommand(args, { help, options }, async (values) => {
    const job = await jobOf(values);
    try {
      return values.knee === true ? await searchKnee(job) : await attack(job, values);
    } catch (error) {
      process.stderr.write(`${messageOf(error)}\n`);
      return job.stop.aborted ? 130 : 1;
    }
  });
