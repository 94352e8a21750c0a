// Preloaded into the system's API workers (`--import`): measures how long each turn of the event loop takes, and writes the
// readings to `GAUGE_DIR/PID.json` at SIGUSR2. The system has no code for it.

import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

export interface GaugeReading {
  /** The time since the last SIGUSR2. */
  readonly forMs: number;
  /** Turns of the loop longer than a millisecond: wall-clock time, and processor time of its thread. */
  readonly turns: readonly (readonly [wallMs: number, cpuMs: number])[];
}

const everyMs = 1;
const turnsMax = 20_000;

function measure(path: string): void {
  let turns: [wallMs: number, cpuMs: number][] = [];
  let begunAt = performance.now();
  let [lastAt, lastCpu] = [begunAt, cpuOf()];
  setInterval(() => {
    const [now, cpu] = [performance.now(), cpuOf()];
    const wallMs = now - lastAt - everyMs;
    if (wallMs > everyMs && turns.length < turnsMax) turns.push([wallMs, cpu - lastCpu]);
    [lastAt, lastCpu] = [now, cpu];
  }, everyMs).unref();
  process.on('SIGUSR2', () => {
    const reading: GaugeReading = { forMs: performance.now() - begunAt, turns };
    writeFileSync(`${path}.part`, JSON.stringify(reading));
    renameSync(`${path}.part`, path);
    turns = [];
    [begunAt, lastAt, lastCpu] = [performance.now(), performance.now(), cpuOf()];
  });
}

function cpuOf(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

const directory = process.env['GAUGE_DIR'];
if (isMainThread && directory !== undefined && process.argv[1]?.endsWith('/api/api.ts') === true) {
  measure(join(directory, `${process.pid}.json`));
}
