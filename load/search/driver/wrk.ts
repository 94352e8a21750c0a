// The same load by wrk, where that is installed: it takes so little of the machine that the server has nearly all of it.

import { writeFile } from 'node:fs/promises';
import { runProgram } from '../../kit/program.ts';
import type { JobRequest } from '../../kit/saturate.ts';

export interface WrkJob {
  /** Of the program. */
  readonly path: string;
  /** Where its script is put; with `.paths` behind it, its requests. */
  readonly script: string;
  readonly url: string;
  readonly requests: readonly JobRequest[];
  readonly connections: number;
  readonly seconds: number;
  readonly stop: AbortSignal;
}

export interface WrkResult {
  readonly perSecond: number;
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
`;

/** The headers are those of the first request, for all of them. */
export async function wrk(job: WrkJob): Promise<WrkResult> {
  const { path, url, requests, connections, seconds, stop } = job;
  const paths = `${job.script}.paths`;
  await writeFile(paths, requests.map((request) => request.path).join('\n'));
  await writeFile(job.script, script(paths, requests[0]?.headers ?? {}));
  const args = ['-t', '1', '-c', connections, '-d', `${seconds}s`, '--timeout', '10s', '-s', job.script, url];
  return read(await runProgram(path, args.map(String), stop));
}

/** From what it prints. */
export function read(printed: string): WrkResult {
  const perSecond = Number(/^Requests\/sec:\s+([\d.]+)$/m.exec(printed)?.[1]);
  if (!(perSecond > 0)) throw new Error(`Got no rate from wrk, expected one:\n${printed}`);
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
    failures: failures
      .filter(([, count]) => count !== '0')
      .map(([kind, count]) => `${count} × ${kind} (wrk)`),
  };
}
