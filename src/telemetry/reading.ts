// A reading: all metric series of a process with their current values, as sent between processes.

export interface Exemplar {
  readonly labelSet: Readonly<Record<string, string>>;
  readonly value: number;
  /** Seconds since 1970. */
  readonly timestamp: number;
}

export interface Sample {
  /** The name with the suffix of a histogram's part; absent if it is the family's name. */
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

/** Whether the values only rise while a process runs. */
export const isCumulative = ({ type }: Family): boolean => type !== 'gauge';

/** Identifies a series among those of its family. */
export const seriesKey = ({ metricName = '', labels }: Sample): string =>
  `${metricName}\u0000${JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`;

/** Whether only OTLP exports a family: dots are not valid in the names of Prometheus. */
export const isForOtlp = ({ name }: Family): boolean => name.includes('.');
