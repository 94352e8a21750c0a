// A fixed rate (an open-loop load): requests are sent when they are due, whether or not earlier ones were answered. undici,
// one request at a time per connection; while all connections are busy, the next request waits, and the wait counts.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'undici';
import { createLatency, type Curve } from '../../kit/latency.ts';
import type { JobRequest } from '../../kit/saturate.ts';
import { createClient, createTally, handlerOf } from './client.ts';
import { createSchedule } from './schedule.ts';

export interface PaceJob {
  readonly url: string;
  readonly requests: readonly JobRequest[];
  readonly perSecond: number;
  readonly seconds: number;
  readonly connections: number;
  readonly timeoutSeconds: number;
}

export interface Paced {
  /** Answers per second, from the first request to the last answer. */
  readonly perSecond: number;
  /** Latencies from when each request was due. */
  readonly curve: Curve;
  /** Latencies from when it was sent: what a closed-loop driver would report. */
  readonly uncorrected: Curve;
  /** How late the driver itself was: a part of `curve` that the server does not cause. */
  readonly late: Curve;
  readonly failures: readonly string[];
}

const tickMs = 1;

export async function pace(job: PaceJob): Promise<Paced> {
  const { url, requests, perSecond, seconds, connections, timeoutSeconds } = job;
  const schedule = createSchedule(perSecond, seconds);
  const [corrected, uncorrected, late] = [createLatency(), createLatency(), createLatency()];
  const tally = createTally();
  const clients = Array.from({ length: connections }, () => createClient(url, 1, timeoutSeconds));
  await Promise.all(clients.map((client) => connected(client, requests)));
  const free = [...clients];
  const waiting: number[] = [];
  let answered = 0;
  let issued = 0;

  function send(client: Client, n: number, dueAt: number): void {
    const { path, headers = {} } = requests[n % requests.length] as JobRequest;
    const sentAt = performance.now();
    const over = (fault?: string): void => {
      const now = performance.now();
      corrected.record(now - dueAt);
      uncorrected.record(now - sentAt);
      tally.add(fault);
      answered++;
      const next = waiting.shift();
      if (next === undefined) free.push(client);
      else send(client, next, startedAt + schedule.dueAt(next));
    };
    client.dispatch({ method: 'GET', path, headers }, handlerOf(over));
  }

  const startedAt = performance.now() + tickMs;
  while (issued < schedule.requests) {
    const now = performance.now();
    for (const due = schedule.dueBy(now - startedAt); issued < due; issued++) {
      const dueAt = startedAt + schedule.dueAt(issued);
      late.record(now - dueAt);
      const client = free.pop();
      if (client === undefined) waiting.push(issued);
      else send(client, issued, dueAt);
    }
    await sleep(tickMs);
  }
  while (answered < issued) await sleep(tickMs);
  const ms = performance.now() - startedAt;
  await Promise.all(clients.map((client) => client.destroy()));
  return {
    perSecond: answered / (ms / 1000),
    curve: corrected.curve(),
    uncorrected: uncorrected.curve(),
    late: late.curve(),
    failures: tally.failures(),
  };
}

/** Opens the connection with a first request, before the measurement starts. */
async function connected(client: Client, [first]: readonly JobRequest[]): Promise<void> {
  const { body } = await client.request({ method: 'GET', path: first?.path ?? '/' });
  await body.dump({ limit: Infinity });
}
