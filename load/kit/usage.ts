// Processor time and memory of a process, from /proc: on a shared machine, processor time is more reliable than the clock.

import { readFile } from 'node:fs/promises';

export interface Usage {
  /** Of all threads, in user and kernel mode, since the process started; to 10 ms. */
  readonly cpuMs: number;
  /** Peak resident memory since the process started. */
  readonly peakRssBytes: number;
}

/** /proc counts in hundredths of a second (USER_HZ), whatever the kernel uses internally. */
const tickMs = 10;

/** Null when there is no /proc, or when the process has ended. */
export async function usageOf(pid: number): Promise<Usage | null> {
  const [status, stat] = await Promise.all(['status', 'stat'].map((name) => read(pid, name)));
  const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(status ?? '')?.[1];
  // After the command in brackets, which can contain spaces: the state, ten numbers, then user and system ticks.
  const ticks = /\) \S(?: -?\d+){10} (\d+) (\d+) /.exec(stat ?? '');
  if (kilobytes === undefined || ticks === null) return null;
  return {
    cpuMs: (Number(ticks[1]) + Number(ticks[2])) * tickMs,
    peakRssBytes: Number(kilobytes) * 1024,
  };
}

/** Current resident memory. Null when there is no /proc, or when the process has ended. */
export async function residentBytes(pid: number): Promise<number | null> {
  const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec(await read(pid, 'status'))?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

const read = (pid: number, name: string): Promise<string> =>
  readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
