// One load run: autocannon, and whatever went wrong while it ran.

import autocannon, { type Options, type Result } from 'autocannon';

export interface DriveOptions {
  readonly url: string;
  /** Shared out among the connections, so that no two of them ask the same. */
  readonly paths: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  readonly stop: AbortSignal;
}

export interface Driven {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly bytesPerSecond: number;
  /** Of the load, none of which may happen: `3 × non2xx`. */
  readonly failures: readonly string[];
}

const timeoutSeconds = 10;

/** Throws when stopped. */
export async function drive({ url, paths, connections, seconds, stop }: DriveOptions): Promise<Driven> {
  let next = 0;
  const { requests, latency, throughput, errors, timeouts, non2xx, resets } = await runUntil(stop, {
    url,
    connections,
    duration: seconds,
    timeout: timeoutSeconds,
    setupClient: (client) => {
      const own = next++ % connections;
      client.setRequests(paths.filter((_, i) => i % connections === own).map((path) => ({ path })));
    },
  });
  const failures = Object.entries({ errors, timeouts, non2xx, resets })
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} × ${name}`);
  return {
    requestsPerSecond: requests.average,
    p50Ms: latency.p50,
    p99Ms: latency.p99,
    bytesPerSecond: throughput.average,
    failures,
  };
}

async function runUntil(stop: AbortSignal, options: Options): Promise<Result> {
  stop.throwIfAborted();
  const over = Promise.withResolvers<Result>();
  const run = autocannon(options, (error: unknown, result) => {
    if (error === null || error === undefined) over.resolve(result);
    else over.reject(error instanceof Error ? error : new Error('autocannon failed', { cause: error }));
  });
  const end = (): void => run.stop?.();
  stop.addEventListener('abort', end, { once: true });
  try {
    const result = await over.promise;
    stop.throwIfAborted();
    return result;
  } finally {
    stop.removeEventListener('abort', end);
  }
}
