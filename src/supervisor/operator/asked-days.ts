// Which days the searches of this host asked for: the counts of all workers that answer in time, added.

import type { AskedDaysReading, SupervisorMessage } from '#/actor/messages.ts';

export interface AskedDays {
  read(): Promise<object>;
  /** An answer that comes too late is dropped. */
  heard(id: number, asked: AskedDaysReading): void;
}

const waitMs = 500;
const dayMs = 86_400_000;

/** `send`: to all workers; returns how many there are. */
export function createAskedDays(send: (message: SupervisorMessage) => number): AskedDays {
  const waiting = new Map<number, (asked: AskedDaysReading) => void>();
  let last = 0;

  function collect(): Promise<{ workers: number; readings: readonly AskedDaysReading[] }> {
    const id = ++last;
    const readings: AskedDaysReading[] = [];
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        waiting.delete(id);
        resolve({ workers, readings });
      };
      const timer = setTimeout(done, waitMs);
      waiting.set(id, (asked) => {
        readings.push(asked);
        if (readings.length === workers) done();
      });
      const workers = send({ type: 'askedDays', id });
      if (workers === 0) done();
    });
  }

  return {
    heard: (id, asked) => waiting.get(id)?.(asked),
    async read() {
      const { workers, readings } = await collect();
      const days = new Map<number, number>();
      for (const reading of readings)
        for (const [day, searches] of reading.days) days.set(day, (days.get(day) ?? 0) + searches);
      const sum = (of: 'searches' | 'wide' | 'outside'): number =>
        readings.reduce((total, reading) => total + reading[of], 0);
      const since = Math.min(...readings.map((reading) => reading.since));
      return {
        workers,
        silent: workers - readings.length,
        since: readings.length === 0 ? null : new Date(since).toISOString(),
        searches: sum('searches'),
        wide: sum('wide'),
        outside: sum('outside'),
        days: [...days]
          .toSorted(([a], [b]) => a - b)
          .map(([day, searches]) => ({ day: new Date(day * dayMs).toISOString().slice(0, 10), searches })),
      };
    },
  };
}
