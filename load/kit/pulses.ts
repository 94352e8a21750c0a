// How the processes of a benchmark fared over time, as they noted it themselves.

import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Pulse {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly rssBytes: number;
  /** How much later than asked a timer fired, since the pulse before. */
  readonly delayP50Ms: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
}

export interface Pulsed {
  /** The name of the module that it ran: `api`, `ingest`, `main`. */
  readonly role: string;
  readonly pid: number;
  readonly pulses: readonly Pulse[];
}

/** The environment that has a process, and all that it forks, note its pulse in `directory`. */
export async function pulseEnvironment(directory: string): Promise<Record<string, string>> {
  await mkdir(directory, { recursive: true });
  const load = `--import=${new URL('pulse.ts', import.meta.url).href}`;
  const options = [process.env['NODE_OPTIONS'], load].filter((one) => one !== undefined && one !== '');
  return { LOAD_PULSES: directory, NODE_OPTIONS: options.join(' ') };
}

/** By role, then by pid. A line that was being written is left out. */
export async function readPulses(directory: string): Promise<Pulsed[]> {
  const names = (await readdir(directory)).toSorted();
  return await Promise.all(
    names.map(async (name) => {
      const [, role = '', pid] = /^(.*)-(\d+)\.jsonl$/.exec(name) ?? [];
      const lines = (await readFile(join(directory, name), 'utf8')).split('\n').slice(0, -1);
      return { role, pid: Number(pid), pulses: lines.map((line) => JSON.parse(line) as Pulse) };
    }),
  );
}
