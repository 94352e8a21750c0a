// What an attack must not exceed: `p99=5ms`, `errors=0.1%`, `rate=95%` (of the requested rate, at least).

import { UsageError } from '#/kit/command-line/command.ts';
import { listed } from '#/kit/command-line/expected.ts';
import type { Percentiles } from './histogram.ts';

export interface Totals {
  readonly latency: Percentiles;
  /** Shares, 0 to 1. */
  readonly errors: number;
  readonly rate: number;
}

export interface Threshold {
  readonly text: string;
  /** What was measured, when it is not within the threshold; null when it is. */
  violation(totals: Totals): string | null;
}

const latencies = ['p50', 'p90', 'p99', 'p999', 'max'] as const;
const names = [...latencies, 'errors', 'rate'] as const;

/** Throws UsageError when the text is not a threshold. */
export function thresholdOf(text: string): Threshold {
  const [, name = '', number = '', unit = ''] = /^(\w+)=(\d+(?:\.\d+)?)(ms|s|%)$/.exec(text) ?? [];
  const limit = Number(number);
  const percentile = latencies.find((known) => known === name);
  const wrong = (): UsageError =>
    new UsageError(
      `Got the threshold ${text}, expected ${listed(names)} with a limit, for example p99=5ms, errors=0.1% or rate=95%.`,
    );
  if (percentile !== undefined) {
    if (unit === '%' || unit === '') throw wrong();
    const limitMs = unit === 's' ? limit * 1000 : limit;
    return {
      text,
      violation: ({ latency }) =>
        latency[percentile] <= limitMs ? null : `${percentile} is ${latency[percentile].toFixed(2)} ms`,
    };
  }
  if ((name !== 'errors' && name !== 'rate') || unit !== '%') throw wrong();
  return {
    text,
    violation(totals) {
      const percent = 100 * totals[name];
      const holds = name === 'errors' ? percent <= limit : percent >= limit;
      return holds ? null : `${name} is ${percent.toFixed(2)} %`;
    },
  };
}
