// Sends requests at a fixed rate, whatever the server does: an open model. Each latency counts from when the request was due.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'undici';
import { createTally } from '../search/driver/client.ts';
import { createSchedule } from '../search/driver/schedule.ts';
import { createLatencyHistogram, type LatencyHistogram } from './histogram.ts';

export interface Round {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly sent: number;
  /** Answers per second, from the first request to the last answer. */
  readonly perSecond: number;
  readonly latency: LatencyHistogram;
  /** How late requests were sent: a large value means that this machine, or the number of connections, is the limit. */
  readonly late: LatencyHistogram;
  /** Requests without an expected answer. */
  readonly failed: number;
  /** The same by kind: `3 × status 503`. */
  readonly failures: readonly string[];
}

export interface Fire {
  readonly clients: readonly Client[];
  readonly paths: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly perSecond: number;
  readonly seconds: number;
  readonly stop: AbortSignal;
}

const tickMs = 1;

/** `first`: the index of the first path. Never rejects because of an answer; throws when `stop` is aborted. */
export async function fire({ clients, paths, headers, ...job }: Fire, first = 0): Promise<Round> {
  const schedule = createSchedule(job.perSecond, job.seconds);
  const [latency, late] = [createLatencyHistogram(), createLatencyHistogram()];
  const tally = createTally();
  const free = [...clients];
  const waiting: number[] = [];
  let [answered, issued, failed] = [0, 0, 0];

  function send(client: Client, n: number): void {
    const dueAt = begunAt + schedule.dueAt(n);
    late.record(performance.now() - dueAt);
    let status = 0;
    const over = (fault?: string): void => {
      latency.record(performance.now() - dueAt);
      if (fault !== undefined) failed++;
      tally.add(fault);
      answered++;
      const next = waiting.shift();
      if (next === undefined) free.push(client);
      else send(client, next);
    };
    const path = paths[(first + n) % paths.length] as string;
    client.dispatch(
      { method: 'GET', path, headers },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, code) => void (status = code),
        onResponseData: () => undefined,
        onResponseEnd: () => over(status < 400 ? undefined : `status ${status}`),
        onResponseError: (_controller, error) => over(error.message),
      },
    );
  }

  const startedAt = Date.now();
  const begunAt = performance.now() + tickMs;
  while (issued < schedule.requests) {
    job.stop.throwIfAborted();
    for (const due = schedule.dueBy(performance.now() - begunAt); issued < due; issued++) {
      const client = free.pop();
      if (client === undefined) waiting.push(issued);
      else send(client, issued);
    }
    await sleep(tickMs);
  }
  while (answered < issued) {
    job.stop.throwIfAborted();
    await sleep(tickMs);
  }
  const perSecond = answered / ((performance.now() - begunAt) / 1000);
  return {
    startedAt,
    endedAt: Date.now(),
    sent: issued,
    perSecond,
    latency,
    late,
    failed,
    failures: tally.failures(),
  };
}
