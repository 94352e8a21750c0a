// `attack --profile`: CPU profiles of the API workers of the attacked host, by its admin port, as a flame graph.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { flamePage } from '../profile/flame.ts';
import { flamesOf, type CpuProfile, type NamedProfile } from '../profile/tree.ts';

const kind = 'src/api/api.ts';
/** The longest profile that the admin port takes. */
const secondsMax = 60;
const answerMs = 15_000;

export interface WorkerProfiles {
  /** Waits for the profiles. Writes NAME.flame.html and NAME.profiles. Returns the path of the page. */
  write(directory: string, name: string): Promise<string>;
}

/**
 * Starts to profile all API workers, for the length of the attack, at most a minute. Throws when the admin port does not answer or
 * has no workers. `token`: its credential; empty for none.
 */
export async function profileWorkers(
  admin: string,
  seconds: number,
  token: string,
  stop: AbortSignal,
): Promise<WorkerProfiles> {
  const headers: Record<string, string> = token === '' ? {} : { Authorization: `Bearer ${token}` };
  const ask = async (path: string, method: string, ms: number): Promise<unknown> => {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(ms)]);
    const answer = await fetch(`${admin}${path}`, { method, headers, signal });
    if (answer.ok) return answer.json();
    throw new Error(
      `${method} ${admin}${path}: got status ${answer.status}: ${(await answer.text()).slice(0, 300)}`,
    );
  };
  const { workers = [] } = (await ask('/status', 'GET', answerMs)) as { workers?: { slot: number }[] };
  if (workers.length === 0) throw new Error(`Got no API workers at ${admin}, expected some.`);
  const length = Math.min(secondsMax, Math.max(1, Math.floor(seconds)));
  const taking = Promise.all(
    workers.map(async ({ slot }): Promise<NamedProfile> => {
      const path = `/profile?slot=${slot}&seconds=${length}`;
      const profile = (await ask(path, 'POST', length * 1000 + answerMs)) as CpuProfile;
      return { name: `worker-${slot}.cpuprofile`, kind, profile };
    }),
  );
  // Reported by `write`, which comes later.
  taking.catch(() => undefined);
  return {
    async write(directory, name) {
      const profiles = await taking;
      const home = join(directory, `${name}.profiles`);
      await mkdir(home, { recursive: true });
      for (const one of profiles) await writeFile(join(home, one.name), JSON.stringify(one.profile));
      const page = join(directory, `${name}.flame.html`);
      await writeFile(page, flamePage(flamesOf(profiles), new Date().toISOString()));
      return page;
    },
  };
}
