// What was measured, against what was promised.

import type { Outcome } from '../kit/bench.ts';
import { megabytes, shortNumber, verdict } from '../kit/table.ts';

export interface IngestFigures {
  readonly feedBytes: number;
  readonly baselineMs: number[];
  readonly firstMs: number[];
  readonly changeMs: number[];
  readonly peakRssBytes: number[];
  largePeakRssBytes: number | null;
}

const targets = { first: 1.8, change: 15, peakRssBytes: 350e6, largeRatio: 1.2 };

export function outcomeOf(figures: IngestFigures): Outcome {
  const { feedBytes, largePeakRssBytes } = figures;
  const baselineMs = Math.min(...figures.baselineMs);
  const rate = (ms: number): string => `${shortNumber(feedBytes / ms / 1000)} MB/s`;
  const row = (what: string, ms: readonly number[], target: number): string[] => {
    const best = Math.min(...ms);
    const ratio = baselineMs / best;
    return [what, rate(best), `${best.toFixed(0)} ms`, `${shortNumber(ratio)} ×`, `${target} ×`, verdict(ratio >= target)];
  };
  const peak = Math.max(...figures.peakRssBytes);
  return {
    title: `Ingest: a feed of ${megabytes(feedBytes)}, until it can be searched`,
    columns: ['', 'rate', 'best', 'of baseline', 'target', ''],
    rows: [
      ['baseline: read and parse', rate(baselineMs), `${baselineMs.toFixed(0)} ms`, '1 ×', '', ''],
      row('first ingest', figures.firstMs, targets.first),
      row('again, one record changed', figures.changeMs, targets.change),
      ...(figures.peakRssBytes.length > 0 ? [memoryRow('peak memory', peak, targets.peakRssBytes)] : []),
      ...(largePeakRssBytes === null ? [] : [largeRow(largePeakRssBytes, peak)]),
    ],
    failures: [],
    figures: { ...figures, targets },
  };
}

const memoryRow = (what: string, bytes: number, most: number): string[] => [
  what,
  megabytes(bytes),
  '',
  '',
  `at most ${megabytes(most)}`,
  verdict(bytes <= most),
];

const largeRow = (bytes: number, usual: number): string[] => [
  'peak memory, feed × 10',
  megabytes(bytes),
  '',
  `${shortNumber(bytes / usual)} × of ${megabytes(usual)}`,
  `at most ${targets.largeRatio} ×`,
  verdict(bytes <= usual * targets.largeRatio),
];
