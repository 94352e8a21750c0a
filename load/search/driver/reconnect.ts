// The highest rate with a new connection for each request. By undici: autocannon does not count the answers after which it
// reconnects.

import type { Client } from 'undici';
import { createLatency } from '../../kit/latency.ts';
import type { JobRequest, Saturated, SaturateJob } from '../../kit/saturate.ts';
import { createClient, createTally, handlerOf } from './client.ts';

export async function reconnect(job: SaturateJob): Promise<Saturated> {
  const { url, requests, connections, seconds, status, timeoutSeconds } = job;
  const latency = createLatency();
  const tally = createTally();
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1000;
  let next = 0;
  async function lane(client: Client): Promise<void> {
    while (performance.now() < endsAt) {
      const { path, headers = {} } = requests[next++ % requests.length] as JobRequest;
      const sentAt = performance.now();
      const fault = await new Promise<string | undefined>((resolve) => {
        client.dispatch({ method: 'GET', path, headers }, handlerOf(resolve, status));
      });
      latency.record(performance.now() - sentAt);
      tally.add(fault);
    }
    await client.destroy();
  }
  await Promise.all(Array.from({ length: connections }, () => lane(createClient(url, 0, timeoutSeconds))));
  return {
    perSecond: latency.count / ((performance.now() - startedAt) / 1000),
    requests: latency.count,
    curve: latency.curve(),
    failures: tally.failures(),
  };
}
