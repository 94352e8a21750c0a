// One case with other tools, where they are installed: nginx as the server, wrk as the driver.

import { join } from 'node:path';
import type { SaturateJob } from '../kit/saturate.ts';
import { startNginx } from './baseline/nginx.ts';
import type { Case } from './plan.ts';
import type { Sampled } from './queries/samples.ts';
import type { Harness } from './harness.ts';
import { wrk } from './driver/wrk.ts';

export interface WrkRates {
  readonly bare: number;
  readonly search: number;
  readonly failures: readonly string[];
}

/** Requests per second for a static file as long as the average answer. */
export async function nginxRate(
  harness: Harness,
  of: Case,
  sampled: readonly Sampled[],
  bytes: number,
  job: SaturateJob,
): Promise<number | null> {
  // A static file is not comparable with a 304 or with a compression.
  if (harness.nginx === null || of.reconnects === true || (of.bare !== 'bytes' && of.bare !== 'constant'))
    return null;
  const { bench, plan } = harness;
  const nearest = sampled.toSorted(
    (a, b) => Math.abs(a.wire.length - bytes) - Math.abs(b.wire.length - bytes),
  );
  await using nginx = await startNginx({
    path: harness.nginx,
    home: join(bench.home, 'nginx'),
    workers: plan.workers,
    body: nearest[0]?.wire ?? Buffer.alloc(0),
    gzipped: of.encoding === 'gzip',
    stop: bench.stop,
  });
  return (await harness.saturate({ ...job, url: nginx.url }, bench.stop)).perSecond;
}

export async function wrkRates(
  harness: Harness,
  of: Case,
  { requests, connections, seconds }: SaturateJob,
  bareUrl: string,
  searchUrl: string,
): Promise<WrkRates | null> {
  // wrk sends the same headers with every request, and keeps its connections.
  if (harness.wrk === null || !harness.plan.others || of.bare === 'empty-304' || of.reconnects === true)
    return null;
  const { stop, home } = harness.bench;
  const whole = Math.ceil(seconds);
  const job = {
    path: harness.wrk,
    script: join(home, 'wrk.lua'),
    requests,
    connections,
    seconds: whole,
    stop,
  };
  const [bareRate, search] = [await wrk({ ...job, url: bareUrl }), await wrk({ ...job, url: searchUrl })];
  return {
    bare: bareRate.perSecond,
    search: search.perSecond,
    failures: [...bareRate.failures.map((one) => `bare: ${one}`), ...search.failures],
  };
}
