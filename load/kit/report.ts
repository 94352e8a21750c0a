// The figures of a run as a file, with the machine they belong to.

import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const reports = fileURLToPath(new URL('../reports/', import.meta.url));

export interface Report {
  readonly quick: boolean;
  readonly suites: Readonly<Record<string, object>>;
}

/** Writes `load/reports/INSTANT.json` and gives its path. */
export async function writeReport({ quick, suites }: Report, now: Date): Promise<string> {
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
  };
  await mkdir(reports, { recursive: true });
  const path = join(reports, `${now.toISOString().slice(0, 19).replaceAll(':', '-')}.json`);
  await writeFile(path, `${JSON.stringify({ at: now.toISOString(), quick, machine, suites }, null, 2)}\n`);
  return path;
}
