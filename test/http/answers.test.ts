// Which answers of `/events` are kept.

import test from 'ava';
import { answerOf, createAnswers } from '#/http/events/answers.ts';
import { createKeptCounts } from '#/http/events/kept-counts.ts';
import { quickListQuery } from '#/http/events/quick.ts';
import { countMatches } from '#/search/events/counts.ts';
import { editionOf, type Edition } from '#/search/events/edition.ts';
import type { ListQuery } from '#/search/events/query.ts';
import { randomEvents, viewOf } from '../_support/catalogue.ts';
import { randomOf } from '../_support/random.ts';

const answer = answerOf(1, Buffer.alloc(10_000, 'x'));
/** Four such answers fit. */
const bytesMax = 90_000;

test('an answer is kept when its query comes again', (t) => {
  const answers = createAnswers(bytesMax);
  answers.offer('one', answer);
  t.is(answers.get('one'), undefined, 'most queries come once');
  answers.offer('one', answer);
  t.deepEqual(answers.get('one')?.body, answer.body);
});

test('an answer whose query comes again after more answers than fit is not copied', (t) => {
  const answers = createAnswers(bytesMax);
  for (let round = 0; round < 3; round++)
    for (let i = 0; i < 10; i++) {
      answers.offer(`query ${i}`, answer);
      t.is(answers.get(`query ${i}`), undefined);
    }
});

test('of two filters in one place each has its own counts, also of the next version', (t) => {
  const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };
  const editionWith = (events: number): Edition =>
    editionOf(viewOf(randomEvents(randomOf(7), { events, ...year }), 50)) as Edition;
  const counts = createKeptCounts();
  const filters = Array.from({ length: 1500 }, (_, i) => {
    const { filter } = quickListQuery(`max_price=${i / 10}`) as ListQuery;
    return filter;
  });
  for (const edition of [editionWith(100), editionWith(150)]) {
    for (let round = 0; round < 2; round++)
      for (const filter of filters) {
        const { total, bySegment } = counts.of(edition, filter);
        if (total !== countMatches(edition, filter).total) t.fail(`${filter.maxPrice}`);
        if (bySegment.length !== edition.segments.length) t.fail(`${bySegment.length}`);
      }
    const [filter] = filters as [ListQuery['filter']];
    t.is(counts.of(edition, filter), counts.of(edition, filter), 'it is counted once');
    counts.forget();
  }
});
