// The input and the result of a suite.

import type { Plot } from '../page/plot.ts';

export interface Bench {
  /** Runs a smaller version: a check that everything works, with rough figures. */
  readonly quick: boolean;
  /** Includes the parts that take many minutes. */
  readonly large: boolean;
  /** Includes ten minutes of load for the memory measurement. */
  readonly soak: boolean;
  /** A directory for this run only; removed after it. */
  readonly home: string;
  /** Aborts at Ctrl-C; every wait of a suite ends then. */
  readonly stop: AbortSignal;
  /** Prints one line of progress. */
  log(line: string): void;
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One reading per round, so that two runs can be compared and the noise of both is known. */
export interface Measure {
  readonly name: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
  readonly rounds: readonly number[];
}

export interface Outcome extends Table {
  /** Tables after the first one. */
  readonly more?: readonly Table[];
  /** What invalidates the results: wrong answers, lost requests. A missed target is not a failure. */
  readonly failures: readonly string[];
  /** What a reader must know to interpret the results. */
  readonly notes?: readonly string[];
  readonly measures?: readonly Measure[];
  readonly plots?: readonly Plot[];
  /** The results as JSON, for programs. */
  readonly figures: object;
}

/** Throws when the suite cannot run at all. Stops everything that it has started, also then. */
export type Suite = (bench: Bench) => Promise<Outcome>;
