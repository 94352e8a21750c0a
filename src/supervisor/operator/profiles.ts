// CPU profiles that an operator requests of one process: at most one of each process at the same time.

import type { SupervisorMessage } from '#/actor/messages.ts';
import type { Profiled } from '#/http/admin/deps.ts';

/** A process that can be profiled. */
export interface ProfiledSlot {
  readonly ready: boolean;
  send(message: SupervisorMessage): void;
}

export interface Profiles {
  take(slot: string, seconds: number): Promise<Profiled>;
  /** An answer that comes too late is dropped. `path`: null when the process could not write it. */
  heard(id: number, path: string | null): void;
}

/** To stop the profiler and write the file, beyond the time of the profile. */
const writeMs = 10_000;

/** `slots`: the processes of this host, by their names. */
export function createProfiles(slots: () => ReadonlyMap<string, ProfiledSlot>): Profiles {
  const busy = new Set<string>();
  const waiting = new Map<number, (path: string | null) => void>();
  let last = 0;

  function request(slot: ProfiledSlot, seconds: number): Promise<Profiled> {
    const id = ++last;
    return new Promise((resolve) => {
      const settle = (profiled: Profiled): void => {
        clearTimeout(timer);
        waiting.delete(id);
        resolve(profiled);
      };
      const ms = seconds * 1000 + writeMs;
      const silent = `The process did not answer within ${ms} ms; it may have been replaced.`;
      const timer = setTimeout(() => settle({ kind: 'failed', message: silent }), ms);
      waiting.set(id, (path) =>
        settle(
          path === null
            ? { kind: 'failed', message: 'The process could not write the profile; DATA_DIR may be full.' }
            : { kind: 'written', path },
        ),
      );
      slot.send({ type: 'profile', id, seconds });
    });
  }

  return {
    heard: (id, path) => waiting.get(id)?.(path),
    async take(name, seconds) {
      const all = slots();
      const slot = all.get(name);
      if (slot === undefined) return { kind: 'unknown', slots: [...all.keys()] };
      if (busy.has(name)) return { kind: 'busy' };
      if (!slot.ready) return { kind: 'failed', message: `The process of slot ${name} is not ready.` };
      busy.add(name);
      return request(slot, seconds).finally(() => busy.delete(name));
    },
  };
}
