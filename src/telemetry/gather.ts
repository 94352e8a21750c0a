// Collects the metric readings of all processes of a host over IPC. A process that does not answer in time counts with its last
// reading, and is reported as silent. The counters of processes that have exited stay in the sum of their slot: it never falls.

import { isCumulative, seriesKey, type Family, type Reading, type Sample } from './reading.ts';

export interface Gather {
  /** A process has started in a slot. `ask` requests its reading. */
  started(slot: string, pid: number, ask: () => void): void;
  heard(pid: number, reading: Reading): void;
  ended(pid: number): void;
  /** Collects a reading of all slots, and names the silent ones. Never rejects; takes no longer than the deadline. */
  gather(): Promise<Gathered>;
}

export interface Gathered {
  readonly reading: Reading;
  readonly silent: readonly string[];
}

interface Source {
  readonly slot: string;
  readonly pid: number;
  readonly ask: () => void;
  reading: Reading;
  /** Asked, but has not answered: it is not asked again, or its pipe would fill up. */
  waiting: boolean;
}

export function createGather(deadlineMs: number): Gather {
  const sources = new Map<number, Source>();
  const past = new Map<string, Reading>();
  let answered: (() => void) | null = null;
  let underWay: Promise<Gathered> | null = null;

  async function askAll(): Promise<Gathered> {
    const asked = [...sources.values()];
    const over = Promise.withResolvers<void>();
    const timer = setTimeout(over.resolve, deadlineMs);
    answered = () => {
      if (!asked.some(isAwaited)) over.resolve();
    };
    for (const source of asked) {
      if (source.waiting) continue;
      source.waiting = true;
      source.ask();
    }
    answered();
    await over.promise;
    clearTimeout(timer);
    const silent = asked.filter(isAwaited).map(({ slot }) => slot);
    return { reading: merged(silent), silent };
  }

  const isAwaited = (source: Source): boolean => source.waiting && sources.get(source.pid) === source;

  function merged(silent: readonly string[]): Reading {
    const slots = new Set([...past.keys(), ...Array.from(sources.values(), ({ slot }) => slot)]);
    return joined(
      Array.from(slots, (slot) => {
        const own = [...sources.values()].filter((source) => source.slot === slot);
        const present = own.map(({ reading }) => (silent.includes(slot) ? cumulative(reading) : reading));
        return labelled(added([past.get(slot) ?? [], ...present]), slot);
      }),
    );
  }

  return {
    started: (slot, pid, ask) => void sources.set(pid, { slot, pid, ask, reading: [], waiting: false }),
    heard(pid, reading) {
      const source = sources.get(pid);
      // The process has ended: its last reading has been counted already.
      if (source === undefined) return;
      source.reading = reading;
      source.waiting = false;
      answered?.();
    },
    ended(pid) {
      const source = sources.get(pid);
      if (source === undefined) return;
      sources.delete(pid);
      past.set(source.slot, added([past.get(source.slot) ?? [], cumulative(source.reading)]));
      answered?.();
    },
    // Concurrent calls share one result.
    gather: () => (underWay ??= askAll().finally(() => (underWay = null))),
  };
}

const cumulative = (reading: Reading): Reading => reading.filter(isCumulative);

/** Adds up cumulative series; of a gauge, the last value counts. */
export function added(readings: readonly Reading[]): Reading {
  const families = new Map<string, { family: Family; series: Map<string, Sample> }>();
  for (const family of readings.flat()) {
    const known = families.get(family.name) ?? { family, series: new Map<string, Sample>() };
    families.set(family.name, known);
    for (const sample of family.values) {
      const key = seriesKey(sample);
      const before = isCumulative(family) ? known.series.get(key) : undefined;
      known.series.set(key, before === undefined ? sample : sumOf(before, sample));
    }
  }
  return Array.from(families.values(), ({ family, series }) => ({ ...family, values: [...series.values()] }));
}

const sumOf = (a: Sample, b: Sample): Sample => ({
  ...b,
  value: a.value + b.value,
  exemplar: b.exemplar ?? a.exemplar ?? null,
});

export const labelled = (reading: Reading, slot: string): Reading =>
  reading.map((family) => ({
    ...family,
    values: family.values.map((sample) => ({ ...sample, labels: { slot, ...sample.labels } })),
  }));

/** Merges families of the same name. */
export function joined(readings: readonly Reading[]): Reading {
  const families = new Map<string, Family>();
  for (const family of readings.flat()) {
    const known = families.get(family.name);
    families.set(
      family.name,
      known === undefined ? family : { ...known, values: [...known.values, ...family.values] },
    );
  }
  return [...families.values()];
}
