// The results of the ingest suite, compared with their targets.

import type { Outcome } from '../kit/bench.ts';
import { megabytes, shortNumber, verdict } from '../kit/table.ts';

export interface Timed {
  readonly ms: number;
  /** Processor time of the process that did it; null where it cannot be read. */
  readonly cpuMs: number | null;
}

export interface IngestFigures {
  readonly feedBytes: number;
  readonly baseline: Timed[];
  readonly first: Timed[];
  readonly change: Timed[];
  readonly peakRssBytes: number[];
  largePeakRssBytes: number | null;
}

const targets = { first: 1.8, change: 15, peakRssBytes: 350e6, largeRatio: 1.2 };

export function outcomeOf(figures: IngestFigures): Outcome {
  const { feedBytes, baseline, first, change, peakRssBytes, largePeakRssBytes } = figures;
  const baselineMs = best(baseline).ms;
  const row = (what: string, timed: readonly Timed[], target: number): string[] => {
    const ratio = baselineMs / best(timed).ms;
    return [
      ...timedCells(what, timed, feedBytes),
      `${shortNumber(ratio)} ×`,
      `${target} ×`,
      verdict(ratio >= target),
    ];
  };
  const peak = Math.max(...peakRssBytes);
  return {
    title: `Ingest: a feed of ${megabytes(feedBytes)}, until it is searchable (the best of several)`,
    columns: ['', 'rate', 'time', 'cpu', 'of baseline', 'target', ''],
    rows: [
      [...timedCells('baseline: read and parse', baseline, feedBytes), '1 ×', '', ''],
      row('first ingest', first, targets.first),
      row('again, one record changed', change, targets.change),
      ...(peakRssBytes.length > 0 ? [memoryRow('peak memory', peak, targets.peakRssBytes)] : []),
      ...(largePeakRssBytes === null ? [] : [largeRow(largePeakRssBytes, peak)]),
    ],
    failures: [],
    figures: { ...figures, targets },
  };
}

function timedCells(what: string, timed: readonly Timed[], bytes: number): string[] {
  const { ms, cpuMs } = best(timed);
  return [
    what,
    `${shortNumber(bytes / ms / 1000)} MB/s`,
    `${ms.toFixed(0)} ms`,
    cpuMs === null ? '' : `${cpuMs.toFixed(0)} ms`,
  ];
}

const best = (timed: readonly Timed[]): Timed => timed.reduce((a, b) => (b.ms < a.ms ? b : a));

const memoryRow = (what: string, bytes: number, most: number): string[] => [
  what,
  megabytes(bytes),
  '',
  '',
  '',
  `at most ${megabytes(most)}`,
  verdict(bytes <= most),
];

const largeRow = (bytes: number, usual: number): string[] => [
  'peak memory, feed × 10',
  megabytes(bytes),
  '',
  '',
  `${shortNumber(bytes / usual)} × of ${megabytes(usual)}`,
  `at most ${targets.largeRatio} ×`,
  verdict(bytes <= usual * targets.largeRatio),
];
