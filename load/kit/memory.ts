// How much memory a process had at the most, as Linux counts it.

import { readFile } from 'node:fs/promises';

/** Peak resident bytes since the process started; null where there is no /proc, or no such process any more. */
export async function peakRssBytes(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}
