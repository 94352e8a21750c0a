// Loaded into each process of a benchmark ahead of its own code (`--import`): notes twice a second how its event loop and its
// memory fare, in a file of its own. The same in the system and in what it is compared with.

import { appendFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';
import type { Pulse } from './pulses.ts';

const everyMs = 500;
const resolutionMs = 5;

function beat(directory: string): void {
  const path = join(directory, `${basename(process.argv[1] ?? 'node', '.ts')}-${process.pid}.jsonl`);
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  // The timer that measures is counted in, and is none of the delay.
  const lateMs = (ns: number): number => Math.max(0, Math.round(ns / 1000 - resolutionMs * 1000) / 1000);
  setInterval(() => {
    const pulse: Pulse = {
      at: Date.now(),
      rssBytes: process.memoryUsage.rss(),
      delayP50Ms: lateMs(delay.percentile(50)),
      delayP99Ms: lateMs(delay.percentile(99)),
      delayMaxMs: lateMs(delay.max),
    };
    delay.reset();
    try {
      appendFileSync(path, `${JSON.stringify(pulse)}\n`);
    } catch {
      // The benchmark is over and has taken its directory away.
    }
  }, everyMs).unref();
}

const directory = process.env['LOAD_PULSES'];
if (directory !== undefined && isMainThread) beat(directory);
