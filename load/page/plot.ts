// A plot as data; plots.js draws it.

export interface Series {
  readonly name: string;
  /** `[x, y]`, by x. */
  readonly points: readonly (readonly [number, number])[];
}

/** `percentile`: x is a percentile from 0 to 100, on a scale that gives 99, 99.9 and 99.99 equal distances. */
export interface LinePlot {
  readonly kind: 'lines';
  readonly title: string;
  readonly x: 'percentile' | 'seconds';
  readonly unit: string;
  readonly series: readonly Series[];
}

export interface BarPlot {
  readonly kind: 'bars';
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly { readonly name: string; readonly group: string; readonly value: number }[];
}

export type Plot = LinePlot | BarPlot;
