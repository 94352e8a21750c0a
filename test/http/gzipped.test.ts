import test from 'ava';
import { createGzipped } from '#/http/gzipped.ts';

const tagAt = (i: number): string => `5-${Buffer.from(`${i * 7919}`.padStart(12)).toString('base64url')}`;
const part = (text: string): Buffer[] => [Buffer.from(text.slice(0, 2)), Buffer.from(text.slice(2))];

test('an answer is cached from the second time that it is offered', (t) => {
  const gzipped = createGzipped(10_000);
  gzipped.offer('5-a', part('answer'), 6);
  t.is(gzipped.get('5-a'), undefined);
  gzipped.offer('5-a', part('answer'), 6);
  t.is(String(gzipped.get('5-a')), 'answer');
});

test('a repeated answer is cached soon, among any number of answers that are requested once', (t) => {
  const gzipped = createGzipped(100_000);
  for (let i = 0; i < 50_000; i++) gzipped.offer(tagAt(i), part('once only'), 9);
  const found = Array.from({ length: 50_000 }, (_, i) => gzipped.get(tagAt(i))).filter(Boolean);
  t.is(found.length, 0);
  for (let i = 0; i < 4; i++) gzipped.offer('5-often', part('often'), 5);
  t.is(String(gzipped.get('5-often')), 'often');
});

test('the cache stays within its limit, and one answer within a part of it', (t) => {
  const gzipped = createGzipped(10_000);
  const [fits, large] = [Buffer.alloc(1000), Buffer.alloc(1300)];
  for (let i = 0; i < 100; i++)
    for (let times = 0; times < 2; times++) gzipped.offer(tagAt(i), [fits], fits.length);
  const kept = Array.from({ length: 100 }, (_, i) => gzipped.get(tagAt(i))).filter(Boolean);
  t.is(kept.length, 9);
  for (let times = 0; times < 3; times++) gzipped.offer('5-large', [large], large.length);
  t.is(gzipped.get('5-large'), undefined);
  const none = createGzipped(0);
  for (let times = 0; times < 3; times++) none.offer('5-a', part('answer'), 6);
  t.is(none.get('5-a'), undefined);
});
