// What a process has used, as Linux counts it: on a machine that others use too, processor time says more than the clock.

import { readFile } from 'node:fs/promises';

export interface Usage {
  /** Of all threads together, in user and kernel mode, since the process started; to 10 ms. */
  readonly cpuMs: number;
  /** Resident memory at its highest since the process started. */
  readonly peakRssBytes: number;
}

/** The kernel counts in hundredths of a second for whoever reads /proc, whatever it uses inside. */
const tickMs = 10;

/** Null where there is no /proc, or no such process any more. */
export async function usageOf(pid: number): Promise<Usage | null> {
  const [status, stat] = await Promise.all(['status', 'stat'].map((name) => read(pid, name)));
  const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(status ?? '')?.[1];
  // Behind the command in brackets, which may hold blanks: the state, ten numbers, then user and system ticks.
  const ticks = /\) \S(?: -?\d+){10} (\d+) (\d+) /.exec(stat ?? '');
  if (kilobytes === undefined || ticks === null) return null;
  return {
    cpuMs: (Number(ticks[1]) + Number(ticks[2])) * tickMs,
    peakRssBytes: Number(kilobytes) * 1024,
  };
}

/** Resident memory now. Null where there is no /proc, or no such process any more. */
export async function residentBytes(pid: number): Promise<number | null> {
  const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec(await read(pid, 'status'))?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

const read = (pid: number, name: string): Promise<string> =>
  readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
