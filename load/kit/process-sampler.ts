// Preloaded into each process of a benchmark (`--import`): writes event-loop delay and memory to a file, twice a second. The
// system and its baseline both load it, so that its cost is the same for both.

import { appendFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';
import type { ProcessSample } from './process-samples.ts';

const everyMs = 500;
const resolutionMs = 5;

function sample(directory: string): void {
  const path = join(directory, `${basename(process.argv[1] ?? 'node', '.ts')}-${process.pid}.jsonl`);
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  // The histogram includes the resolution of its own timer, which is not delay.
  const lateMs = (ns: number): number => Math.max(0, Math.round(ns / 1000 - resolutionMs * 1000) / 1000);
  setInterval(() => {
    const one: ProcessSample = {
      at: Date.now(),
      rssBytes: process.memoryUsage.rss(),
      delayP50Ms: lateMs(delay.percentile(50)),
      delayP99Ms: lateMs(delay.percentile(99)),
      delayMaxMs: lateMs(delay.max),
    };
    delay.reset();
    try {
      appendFileSync(path, `${JSON.stringify(one)}\n`);
    } catch {
      // The benchmark has ended and removed its directory.
    }
  }, everyMs).unref();
}

const directory = process.env['LOAD_PULSES'];
if (directory !== undefined && isMainThread) sample(directory);
