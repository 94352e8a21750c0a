// Compares two runs: what is better, what is worse, and what is noise.

import { median } from 'simple-statistics';
import type { Measure } from './bench.ts';
import type { Report } from './report.ts';
import { spread } from './statistics.ts';

/** `unknown`: with a single round, the noise is not known. */
export type Judgement = 'better' | 'worse' | 'the same' | 'unknown';

export interface Compared {
  readonly name: string;
  readonly unit: string;
  readonly a: number;
  readonly b: number;
  /** B / A. */
  readonly ratio: number;
  /** The distance of the ratio from 1 that noise explains. */
  readonly noise: number;
  readonly judgement: Judgement;
}

export interface Comparison {
  readonly compared: readonly Compared[];
  /** Names of measures that only one of the runs has. */
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
  /** Why the two runs may not be comparable. */
  readonly warnings: readonly string[];
}

/** A smaller change between two runs is noise, however steady their rounds are. */
const noiseMin = 0.05;

/** A change counts when it is larger than the spread of the rounds of both runs together. */
export function compare(a: Report, b: Report): Comparison {
  const [byName, names] = [
    new Map(a.measures.map((one) => [one.name, one])),
    new Set(b.measures.map(({ name }) => name)),
  ];
  return {
    compared: b.measures.flatMap((measure) => {
      const before = byName.get(measure.name);
      return before === undefined ? [] : [judge(before, measure)];
    }),
    onlyA: [...byName.keys()].filter((name) => !names.has(name)),
    onlyB: [...names].filter((name) => !byName.has(name)),
    warnings: warningsOf(a, b),
  };
}

function judge(before: Measure, after: Measure): Compared {
  const [a, b] = [median(before.rounds), median(after.rounds)];
  const ratio = a === 0 ? (b === 0 ? 1 : Infinity) : b / a;
  const noise = Math.max(noiseMin, spread(before.rounds) + spread(after.rounds));
  // As a factor, so that twice as much and half as much count the same.
  const change = ratio >= 1 ? ratio - 1 : 1 / ratio - 1;
  const isGood = ratio > 1 === (after.better === 'more');
  const isKnown = Math.min(before.rounds.length, after.rounds.length) > 1;
  const judgement = !isKnown ? 'unknown' : change <= noise ? 'the same' : isGood ? 'better' : 'worse';
  return { name: after.name, unit: after.unit, a, b, ratio, noise, judgement };
}

function warningsOf(a: Report, b: Report): string[] {
  return [
    ...(machineOf(a) === machineOf(b) ? [] : [`A ran on ${machineOf(a)}, B on ${machineOf(b)}.`]),
    ...(a.quick === b.quick ? [] : [`A is a ${kindOf(a)} run, B a ${kindOf(b)} one.`]),
    ...[a, b].flatMap(({ failures }, i) =>
      failures.length === 0 ? [] : [`${'AB'[i]} failed: ${failures.length} × ${failures[0]}`],
    ),
  ];
}

const machineOf = ({ machine: { cpu, cores, node } }: Report): string => `${cores} × ${cpu}, Node ${node}`;
const kindOf = ({ quick }: Report): string => (quick ? 'quick' : 'full');
