// The lines of a dry run: each event that would differ, with its fields, and at the end how many there are.

import type { Difference } from './compare.ts';

export interface DifferenceLines {
  add(difference: Difference): void;
  /** `complete`: no body is missing, so an event that no body has is absent. */
  summary(complete: boolean): string;
  readonly count: number;
}

/** Events that are listed; the others are counted. */
const listedMax = 1000;
const valueLengthMax = 200;

const words = { added: 'would be added', absent: 'would not be there', changed: 'would change' } as const;

/** `complete`: see `summary`. */
export function createDifferenceLines(print: (line: string) => void, complete: boolean): DifferenceLines {
  const counts = { added: 0, absent: 0, changed: 0 };
  let listed = 0;
  return {
    get count() {
      return counts.added + counts.changed + (complete ? counts.absent : 0);
    },
    add({ event, kind, fields }) {
      counts[kind]++;
      if ((kind === 'absent' && !complete) || listed++ >= listedMax) return;
      const { provider, baseId, planId, facts } = event;
      print(`${provider}: base ${baseId}, plan ${planId}, ${shown(facts.title)}: ${words[kind]}`);
      for (const { field, before, after } of fields) print(`  ${field}: ${shown(before)} -> ${shown(after)}`);
    },
    summary(isComplete) {
      const { added, changed, absent } = counts;
      const more = listed > listedMax ? `, of which ${listedMax} are listed` : '';
      const gone = isComplete ? `${absent} absent` : `${absent} in no kept body`;
      return `${changed} changed, ${added} added, ${gone}${more}`;
    },
  };
}

const shown = (value: unknown): string => JSON.stringify(value).slice(0, valueLengthMax);
