// GET /events/histogram: counts by interval as the body of an answer.

import { isRefusal, type Refusal } from '#/domain/refusal.ts';
import type { Edition } from '#/search/events/edition.ts';
import { countByInterval } from '#/search/events/histogram.ts';
import type { HistogramQuery } from '#/search/events/query.ts';
import { answerOf, type Answer } from './answers.ts';

export function histogramAnswer(edition: Edition, query: HistogramQuery | Refusal): Answer | Refusal {
  if (isRefusal(query)) return query;
  const buckets = countByInterval(edition, query);
  if (isRefusal(buckets)) return buckets;
  const { interval, timeZone } = query;
  const total = buckets.reduce((sum, { events }) => sum + events, 0);
  const rows = buckets.map(({ startsAt, events }) => ({ starts_at: startsAt, events }));
  const data = { interval, time_zone: timeZone, total_rows: total, buckets: rows };
  return answerOf(edition.version, Buffer.from(JSON.stringify({ data, error: null })));
}
