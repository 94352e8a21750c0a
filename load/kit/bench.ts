// What a suite is given to run in, and what it gives back.

import type { Plot } from '../page/plot.ts';

export interface Bench {
  /** A smaller version, to see that all of it works and roughly how fast. */
  readonly quick: boolean;
  /** With the parts that take many minutes. */
  readonly large: boolean;
  /** With ten minutes of load for the memory. */
  readonly soak: boolean;
  /** A directory for this run alone, gone after it. */
  readonly home: string;
  /** Aborts at Ctrl-C: every wait of a suite ends with it. */
  readonly stop: AbortSignal;
  /** Tells who is watching what happens now. */
  say(line: string): void;
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One figure in each round of a run, so that two runs can be compared and the noise of both is known. */
export interface Measure {
  readonly name: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
  readonly rounds: readonly number[];
}

export interface Outcome extends Table {
  /** Tables behind the first one. */
  readonly more?: readonly Table[];
  /** What makes the figures worthless: wrong answers, requests lost. A target that is missed is none. */
  readonly failures: readonly string[];
  /** What one should know to read the figures. */
  readonly notes?: readonly string[];
  readonly measures?: readonly Measure[];
  readonly plots?: readonly Plot[];
  /** The same for programs. */
  readonly figures: object;
}

/** Throws when it cannot be run at all. Ends all that it has started, also then. */
export type Suite = (bench: Bench) => Promise<Outcome>;
