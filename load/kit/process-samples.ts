// Event-loop delay and memory of the processes of a benchmark over time, written by each process itself.

import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ProcessSample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly rssBytes: number;
  /** How late a timer fired, since the previous sample. */
  readonly delayP50Ms: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
}

export interface SampledProcess {
  /** The name of the module that it ran: `api`, `ingest`, `main`. */
  readonly role: string;
  readonly pid: number;
  readonly samples: readonly ProcessSample[];
}

/** The environment that makes a process, and all that it forks, write its samples to `directory`. */
export async function samplerEnvironment(directory: string): Promise<Record<string, string>> {
  await mkdir(directory, { recursive: true });
  const load = `--import=${new URL('process-sampler.ts', import.meta.url).href}`;
  const options = [process.env['NODE_OPTIONS'], load].filter((one) => one !== undefined && one !== '');
  return { LOAD_PULSES: directory, NODE_OPTIONS: options.join(' ') };
}

/** By role, then by pid. Leaves out a last line that is not complete. */
export async function readProcessSamples(directory: string): Promise<SampledProcess[]> {
  const names = (await readdir(directory)).toSorted();
  return await Promise.all(
    names.map(async (name) => {
      const [, role = '', pid] = /^(.*)-(\d+)\.jsonl$/.exec(name) ?? [];
      const lines = (await readFile(join(directory, name), 'utf8')).split('\n').slice(0, -1);
      return { role, pid: Number(pid), samples: lines.map((line) => JSON.parse(line) as ProcessSample) };
    }),
  );
}
