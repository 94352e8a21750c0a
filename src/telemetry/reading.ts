// What a process tells of its metrics: every series with its present value, as it travels between processes.

export interface Exemplar {
  readonly labelSet: Readonly<Record<string, string>>;
  readonly value: number;
  /** Seconds since 1970. */
  readonly timestamp: number;
}

export interface Sample {
  /** With the suffix of a histogram's part; absent where it is the family's own. */
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly exemplar?: Exemplar | null;
}

export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly values: readonly Sample[];
}

export type Reading = readonly Family[];

/** Values that only rise while a process lives. */
export const isCumulative = ({ type }: Family): boolean => type !== 'gauge';

/** Identifies a series among those of its family. */
export const seriesKey = ({ metricName = '', labels }: Sample): string =>
  `${metricName}\u0000${JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`;
