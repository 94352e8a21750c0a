// What a suite is given to run in, and what it gives back.

export interface Bench {
  /** A smaller version, to see that all of it works and roughly how fast. */
  readonly quick: boolean;
  /** With the parts that take many minutes. */
  readonly large: boolean;
  /** A directory for this run alone, gone after it. */
  readonly home: string;
  /** Aborts at Ctrl-C: every wait of a suite ends with it. */
  readonly stop: AbortSignal;
  /** Tells who is watching what happens now. */
  say(line: string): void;
}

export interface Outcome {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What makes the figures worthless: wrong answers, requests lost. A target that is missed is none. */
  readonly failures: readonly string[];
  /** The same for programs. */
  readonly figures: object;
}

/** Throws when it cannot be run at all. Ends all that it has started, also then. */
export type Suite = (bench: Bench) => Promise<Outcome>;
