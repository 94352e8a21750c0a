// As many requests as go through, each on a connection of its own: by undici, since autocannon does not count the answers
// after which it connects anew.

import { Client } from 'undici';
import { createLatency } from '../kit/latency.ts';
import { handlerOf } from './pace.ts';
import type { JobRequest, Saturated, SaturateJob } from './saturate.ts';

export async function reconnect(job: SaturateJob): Promise<Saturated> {
  const { url, requests, connections, seconds, status } = job;
  const timeoutMs = job.timeoutSeconds * 1000;
  const latency = createLatency();
  const failures = new Map<string, number>();
  // Without pipelining, not even of one, undici closes each connection after its answer.
  const options = {
    pipelining: 0,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connectTimeout: timeoutMs,
  };
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
      if (fault !== undefined) failures.set(fault, (failures.get(fault) ?? 0) + 1);
    }
    await client.destroy();
  }
  await Promise.all(Array.from({ length: connections }, () => lane(new Client(url, options))));
  return {
    perSecond: latency.count / ((performance.now() - startedAt) / 1000),
    requests: latency.count,
    curve: latency.curve(),
    failures: Array.from(failures, ([fault, count]) => `${count} × ${fault}`),
  };
}
