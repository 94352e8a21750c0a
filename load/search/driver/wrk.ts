// The same load from wrk, where it is installed: it uses so little processor time that the server gets nearly all of it.

import { writeFile } from 'node:fs/promises';
import { runProgram } from '../../kit/program.ts';
import type { JobRequest } from '../../kit/saturate.ts';

export interface WrkJob {
  /** Of the wrk program. */
  readonly path: string;
  /** The path of its script; the file with `.paths` appended has its requests. */
  readonly script: string;
  readonly url: string;
  readonly requests: readonly JobRequest[];
  readonly connections: number;
  readonly seconds: number;
  readonly stop: AbortSignal;
}

export interface WrkResult {
  readonly perSecond: number;
  /** Milliseconds, corrected by wrk for coordinated omission: it expects requests at the mean interval of a connection. */
  readonly latency: { readonly p50: number; readonly p99: number };
  readonly failures: readonly string[];
}

/** All requests are built before the first is sent. */
const script = (file: string, headers: Readonly<Record<string, string>>): string => `
local requests = {}
function init(args)
  wrk.headers["Host"] = wrk.host
${Object.entries(headers)
  .map(([name, value]) => `  wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}\n`)
  .join('')}
  for path in io.lines(${JSON.stringify(file)}) do requests[#requests + 1] = wrk.format("GET", path) end
end
local next = 0
function request()
  next = next + 1
  if next > #requests then next = 1 end
  return requests[next]
end
function done(summary, latency, requests)
  io.write(string.format("latency: %.0f", latency:percentile(50)), string.format(" %.0f us\\n", latency:percentile(99)))
end
`;

/** Sends the headers of the first request with every request. */
export async function wrk(job: WrkJob): Promise<WrkResult> {
  const { path, url, requests, connections, seconds, stop } = job;
  const paths = `${job.script}.paths`;
  await writeFile(paths, requests.map((request) => request.path).join('\n'));
  await writeFile(job.script, script(paths, requests[0]?.headers ?? {}));
  const args = ['-t', '1', '-c', connections, '-d', `${seconds}s`, '--timeout', '10s', '-s', job.script, url];
  return read(await runProgram(path, args.map(String), stop));
}

/** Parses the output of wrk. Throws when it has no rate or no latency. */
export function read(printed: string): WrkResult {
  const perSecond = Number(/^Requests\/sec:\s+([\d.]+)$/m.exec(printed)?.[1]);
  if (!(perSecond > 0)) throw new Error(`Got no rate from wrk, expected one:\n${printed}`);
  const [, p50, p99] = /^latency: (\d+) (\d+) us$/m.exec(printed) ?? [];
  if (p99 === undefined) throw new Error(`Got no latency from wrk, expected one:\n${printed}`);
  const [, ...counts] =
    /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(printed) ?? [];
  const kinds = ['connect errors', 'read errors', 'write errors', 'timeouts'];
  const refused = /Non-2xx or 3xx responses: (\d+)/.exec(printed)?.[1] ?? '0';
  const failures = [
    ...kinds.map((kind, i) => [kind, counts[i] ?? '0'] as const),
    ['non-2xx', refused] as const,
  ];
  return {
    perSecond,
    latency: { p50: Number(p50) / 1000, p99: Number(p99) / 1000 },
    failures: failures
      .filter(([, count]) => count !== '0')
      .map(([kind, count]) => `${count} × ${kind} (wrk)`),
  };
}
