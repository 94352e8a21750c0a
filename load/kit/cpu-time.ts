// Processor time of a process to a microsecond: short rounds on a busy machine need more than the 10 ms of `usageOf`.

import { readdir, readFile } from 'node:fs/promises';

/** Milliseconds of all threads that run, in user and kernel mode. 0 when there is no /proc, or when the process has ended. */
export async function cpuTimeOf(pid: number): Promise<number> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const times = tasks.map(async (task) => {
    const text = await readFile(`/proc/${pid}/task/${task}/schedstat`, 'utf8').catch(() => '0');
    return Number(text.split(' ', 1)[0]) / 1e6;
  });
  return (await Promise.all(times)).reduce((sum, ms) => sum + ms, 0);
}
