// The results of a run, with a description of the machine.

import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import type { Measure, Outcome } from './bench.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly platform: string;
  readonly node: string;
}

export interface Report {
  readonly at: string;
  readonly quick: boolean;
  readonly machine: Machine;
  /** The load average of the last fifteen minutes; it includes the processes of the run. */
  readonly load: number;
  /** The file of the flame graphs; null without `--profile`. Profiling slows every process down. */
  readonly flame: string | null;
  readonly failures: readonly string[];
  readonly measures: readonly Measure[];
  readonly suites: Readonly<Record<string, object>>;
}

export interface Run {
  readonly quick: boolean;
  readonly flame: string | null;
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

export function reportOf({ quick, flame, outcomes }: Run, now: Date): Report {
  const all = [...outcomes.values()];
  return {
    at: now.toISOString(),
    quick,
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      platform: `${process.platform} ${process.arch}`,
      node: process.version,
    },
    load: loadavg()[2] ?? 0,
    flame,
    failures: all.flatMap(({ failures }) => failures),
    measures: all.flatMap(({ measures }) => measures ?? []),
    suites: Object.fromEntries(Array.from(outcomes, ([name, { figures }]) => [name, figures])),
  };
}
