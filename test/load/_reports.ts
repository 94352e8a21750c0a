// Reports of the load suite for tests.

import type { Measure, Outcome } from '../../load/kit/bench.ts';
import { reportOf, type Report } from '../../load/kit/report.ts';

export const outcomeWith = (more: Partial<Outcome>): Outcome => ({
  title: 'Search',
  columns: ['', 'of bare'],
  rows: [['point queries', '0.9 ×']],
  failures: [],
  figures: {},
  ...more,
});

export const reportWith = (measures: readonly Measure[], more: Partial<Report> = {}): Report => ({
  ...reportOf(
    { quick: false, flame: null, outcomes: new Map([['search', outcomeWith({ measures })]]) },
    new Date(0),
  ),
  ...more,
});
