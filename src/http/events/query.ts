// Parses the raw query string of `/events` and `/events/histogram`, or says why it is refused. The contract has the schemas of the
// parameters; what depends on more than one of them is checked in values.ts.

import { isRefusal, type Refusal } from '#/domain/refusal.ts';
import { histogramQuery, listQuery } from '#/http/contract/event-parameters.ts';
import { readQuery } from '#/http/contract/parameters.ts';
import type { HistogramQuery, ListQuery } from '#/search/events/query.ts';
import { histogramQueryOf, listQueryOf } from './values.ts';

export function parseListQuery(search: string): ListQuery | Refusal {
  const values = readQuery(listQuery, search, 'parameter_invalid');
  return isRefusal(values) ? values : listQueryOf(values);
}

export function parseHistogramQuery(search: string): HistogramQuery | Refusal {
  const values = readQuery(histogramQuery, search, 'parameter_invalid');
  return isRefusal(values) ? values : histogramQueryOf(values);
}
