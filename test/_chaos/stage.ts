// The system of a chaos test: a provider, two workers, and helpers for faults. Short by default; LONG=1 is the long form of
// `make chaos`.

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { startSimulator, type Simulator } from '../../load/simulator/server.ts';
import {
  directoryFor,
  root,
  startSystem,
  until,
  type Environment,
  type Owner,
  type System,
} from '../system/_system.ts';

export interface Stage {
  readonly directory: string;
  readonly dataDir: string;
  readonly simulator: Simulator;
  readonly system: System;
  readonly port: number;
  /** Changes the feed: its first event has this title from now on. */
  rename(title: string): void;
}

/** Resolves when both workers serve the four events of the first feed, or the given number of events. */
export async function startStage(
  t: Owner,
  given: Environment | ((simulator: Simulator) => Promise<Environment>) = {},
  wanted = 4,
): Promise<Stage> {
  const directory = await directoryFor(t);
  const simulator = await startSimulator({ port: 0 });
  t.teardown(() => simulator.close().catch(() => undefined));
  const feed = await (await fetch(`${simulator.url}/plans?response=1`)).text();
  const rename = (title: string): void =>
    simulator.setRaw('feed', feed.replace(/title="[^"]*"/, `title="${title}"`));
  simulator.setRaw('feed', feed);
  const environment = typeof given === 'function' ? await given(simulator) : given;
  const dataDir = environment['DATA_DIR'] ?? join(directory, 'data');
  const system = await startSystem(t, {
    DATA_DIR: dataDir,
    ...(environment['PROVIDERS_FILE'] === undefined && {
      PROVIDER_URL: `${simulator.url}/raw/feed?etag=0`,
      POLL_SECONDS: '0.5',
    }),
    INGEST_THREADS: '1',
    LOG_LEVEL: 'info',
    NODE_OPTIONS: `--import ${join(root, 'test/_chaos/preload.ts')}`,
    ...environment,
  });
  await until(`every worker serves ${wanted} events`, async () => {
    const { events, workers, version } = await system.status();
    return events === wanted && workers.every((worker) => worker.version === version);
  });
  return { directory, dataDir, simulator, system, rename, port: Number(new URL(system.url).port) };
}

/** Milliseconds until every worker is ready and none of them has one of these pids. */
export async function untilReplaced(system: System, pids: readonly (number | null)[]): Promise<number> {
  const begunAt = performance.now();
  await until('another is ready in its place', async () => {
    const { workers } = await system.status();
    return workers.every(({ pid, ready }) => ready && !pids.includes(pid));
  });
  return performance.now() - begunAt;
}

/** Adds a line to the table of `make chaos` and to the log of the test. */
export function figure(t: ExecutionContext, fault: string, seen: string): void {
  t.log(`${fault}: ${seen}`);
  const table = process.env['CHAOS_TABLE'];
  if (table !== undefined) appendFileSync(table, `${JSON.stringify({ fault, seen })}\n`);
}

export const rounded = (ms: number): string => `${Math.round(ms)} ms`;
