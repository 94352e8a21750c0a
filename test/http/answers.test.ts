// Which answers of `/events` are kept.

import test from 'ava';
import { answerOf, createAnswers } from '#/http/events/answers.ts';

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
