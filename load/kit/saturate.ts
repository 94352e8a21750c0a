// The highest rate that a server reaches: autocannon, with one request at a time on each connection.

import autocannon, { type Options, type Result } from 'autocannon';
import { createLatency, type Curve } from './latency.ts';

export interface SaturateJob {
  readonly url: string;
  /** Divided among the connections, so that no two of them send the same request. */
  readonly requests: readonly JobRequest[];
  readonly connections: number;
  readonly seconds: number;
  /** The expected status; any other is a failure. */
  readonly status: number;
  /** An answer that takes longer is a failure. */
  readonly timeoutSeconds: number;
}

export interface JobRequest {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Saturated {
  readonly perSecond: number;
  readonly requests: number;
  readonly curve: Curve;
  /** Unexpected answers and lost requests, counted: `3 × status 503`. */
  readonly failures: readonly string[];
}

/** The run ends at a sample, so up to this much late; the rate uses the measured time. */
const sampleMs = 100;

export async function saturate(job: SaturateJob): Promise<Saturated> {
  const { url, requests, connections, seconds, status, timeoutSeconds } = job;
  const latency = createLatency();
  const statuses = new Map<number, number>();
  let next = 0;
  const options: Options & { sampleInt: number } = {
    url,
    connections,
    duration: seconds,
    timeout: timeoutSeconds,
    sampleInt: sampleMs,
    setupClient: (client) => {
      keepNoBodies(client);
      const own = next++ % connections;
      const mine = requests.filter((_, i) => i % connections === own);
      client.setRequests(mine.length > 0 ? mine.map(requestOf) : requests.slice(0, 1).map(requestOf));
    },
  };
  const { result, ms } = await run(options, (code, tookMs) => {
    latency.record(tookMs);
    statuses.set(code, (statuses.get(code) ?? 0) + 1);
  });
  const lost = Math.max(0, result.requests.sent - latency.count - connections);
  return {
    perSecond: latency.count / (ms / 1000),
    requests: latency.count,
    curve: latency.curve(),
    failures: failuresOf({ ...result, lost }, statuses, status),
  };
}

/**
 * autocannon stores the body of each answer as text, although nothing reads it. Decoding compressed bytes as UTF-8 takes ten
 * times as long as receiving them: the benchmark would measure the driver only.
 */
function keepNoBodies(client: object): void {
  const { pipelinedRequests } = client as { pipelinedRequests: { addBody(body: Buffer): void } };
  pipelinedRequests.addBody = () => undefined;
}

const requestOf = ({ path, headers }: JobRequest) => ({
  path,
  ...(headers === undefined ? {} : { headers: { ...headers } }),
});

function failuresOf(
  counts: Pick<Result, 'errors' | 'timeouts' | 'resets'> & { lost: number },
  statuses: ReadonlyMap<number, number>,
  wanted: number,
): string[] {
  const wrong = [...statuses].filter(([code]) => code !== wanted);
  const { errors, timeouts, resets, lost } = counts;
  return [
    ...wrong.map(([code, count]) => `${count} × status ${code}`),
    // autocannon counts a timeout as an error too.
    ...Object.entries({ errors: errors - timeouts, timeouts, resets, lost })
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${count} × ${name}`),
    ...((statuses.get(wanted) ?? 0) === 0 ? [`no answer with status ${wanted}`] : []),
  ];
}

/** autocannon's totals are in whole milliseconds and whole samples; its `response` events are more precise. */
async function run(
  options: Options,
  onResponse: (status: number, ms: number) => void,
): Promise<{ result: Result; ms: number }> {
  const over = Promise.withResolvers<Result>();
  const running = autocannon(options, (error: unknown, result) => {
    if (error === null || error === undefined) over.resolve(result);
    else over.reject(error instanceof Error ? error : new Error('autocannon failed', { cause: error }));
  });
  let startedAt = performance.now();
  running.on('start', () => (startedAt = performance.now()));
  running.on('response', (_client, status, _bytes, ms) => onResponse(status, ms));
  const result = await over.promise;
  return { result, ms: performance.now() - startedAt };
}
