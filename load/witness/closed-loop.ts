// The client of the load suite in a closed loop: each connection sends its next request when the last one is answered, as wrk and
// autocannon do. It uses the same client as the fixed rates and the attacks.

import { createLatencyHistogram } from '../attack/histogram.ts';
import type { JobRequest } from '../kit/saturate.ts';
import { createClient, createTally, handlerOf } from '../search/driver/client.ts';

export interface LoopJob {
  readonly url: string;
  readonly requests: readonly JobRequest[];
  readonly connections: number;
  readonly seconds: number;
  /** An answer that takes longer is a failure. */
  readonly timeoutSeconds: number;
}

/** Milliseconds. */
export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
}

export interface Loop {
  readonly perSecond: number;
  /** From when a request was sent. */
  readonly sent: Quantiles;
  /** Corrected for coordinated omission as wrk does it: requests are expected at the mean interval of a connection. */
  readonly corrected: Quantiles;
  readonly failures: readonly string[];
}

export async function closedLoop({
  url,
  requests,
  connections,
  seconds,
  timeoutSeconds,
}: LoopJob): Promise<Loop> {
  const latency = createLatencyHistogram();
  const tally = createTally();
  const clients = Array.from({ length: connections }, () => createClient(url, 1, timeoutSeconds));
  const begunAt = performance.now();
  const endsAt = begunAt + seconds * 1000;
  let next = 0;
  const lane = async (client: (typeof clients)[number]): Promise<void> => {
    while (performance.now() < endsAt) {
      const { path, headers = {} } = requests[next++ % requests.length] as JobRequest;
      const sentAt = performance.now();
      const fault = await new Promise<string | undefined>((resolve) =>
        client.dispatch({ method: 'GET', path, headers }, handlerOf(resolve)),
      );
      latency.record(performance.now() - sentAt);
      tally.add(fault);
    }
  };
  try {
    await Promise.all(clients.map(lane));
  } finally {
    await Promise.all(clients.map((client) => client.destroy()));
  }
  const tookMs = performance.now() - begunAt;
  const corrected = latency.corrected((tookMs * connections) / latency.count);
  return {
    perSecond: latency.count / (tookMs / 1000),
    sent: latency.percentiles(),
    corrected: corrected.percentiles(),
    failures: tally.failures(),
  };
}
