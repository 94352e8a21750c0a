import test from 'ava';
import { parseQuery } from '#/domain/query.ts';
import type { Range } from '#/domain/range.ts';
import { isRefusal } from '#/domain/refusal.ts';
import { seededFor } from '../_support/random.ts';

const june = { start: Date.UTC(2021, 5, 1), end: Date.UTC(2021, 5, 30, 21) };

const taken: Record<string, Range> = {
  '': { start: -Infinity, end: Infinity },
  'starts_at=2021-06-01': { start: june.start, end: Infinity },
  'ends_at=2021-06-30T21:00:00Z': { start: -Infinity, end: june.end },
  'starts_at=2021-06-01&ends_at=2021-06-30T21:00:00Z': june,
  'ends_at=2021-06-30T21:00:00Z&starts_at=2021-06-01': june,
  'starts_at=2021-06-01T00:00:00Z&ends_at=2021-06-30T23:00:00+02:00': june,
  'starts_at=2021-06-01T00:00:00Z&ends_at=2021-06-30T23:00:00%2B02:00': june,
  'starts_at=2021-06-01T00%3A00%3A00Z&ends_at=2021-06-30T23:00:00%2002:00': june,
  'starts_at=2021-06-01+00:00:00&ends_at=2021-06-30%2021:00:00': june,
  'starts_a%74=2021-06-01&ends%5Fat=2021-06-30T21:00:00Z': june,
  '&&starts_at=2021-06-01&&ends_at=2021-06-30T21:00:00Z&': june,
  'page=2&starts_at=2021-06-01&x=%zz&ends_at=2021-06-30T21:00:00Z&=&x&x=1': june,
  'STARTS_AT=x&starts_at[]=x&starts_at%00=x&starts_at =x': { start: -Infinity, end: Infinity },
  'starts_at=2021-06-01T00:00:00Z&ends_at=2021-06-01T00:00:00Z': { start: june.start, end: june.start },
  'starts_at=2021-06-01&ends_at=2021-06-01': { start: june.start, end: june.start + 86_399_999 },
};

for (const [query, range] of Object.entries(taken)) {
  test(`?${query} is a range`, (t) => {
    t.deepEqual(parseQuery(query) as unknown, range);
  });
}

const refused: Record<string, [code: string, word: RegExp]> = {
  'starts_at=2021-06-01&starts_at=2021-06-01': ['parameter_repeated', /^starts_at/],
  'ends_at=2021-06-01&x=1&ends%5Fat=2021-06-02': ['parameter_repeated', /^ends_at/],
  'starts_at=2021-06-01&starts_at': ['parameter_repeated', /^starts_at/],
  'starts_at=2021-07-01&ends_at=2021-06-30': ['range_reversed', /starts_at/],
  'starts_at=2021-06-30T21:00:00.002Z&ends_at=2021-06-30T21:00:00.001Z': ['range_reversed', /starts_at/],
  'starts_at=2021-06-30T21:00:00Z&ends_at=2021-06-30T21:00:00+00:01': ['range_reversed', /starts_at/],
  'starts_at=%zz': ['escape_invalid', /^starts_at/],
  'ends_at=%': ['escape_invalid', /^ends_at/],
  'ends_at=%E9': ['escape_invalid', /^ends_at/],
  'ends_at=%F0%9F%8E': ['escape_invalid', /^ends_at/],
  'starts_at=': ['instant_unreadable', /^starts_at/],
  starts_at: ['instant_unreadable', /^starts_at/],
  'ends_at&starts_at=2021-06-01': ['instant_unreadable', /^ends_at/],
  'starts_at=2021-06-01=': ['instant_unreadable', /^starts_at/],
  'starts_at=2021-06-31': ['date_impossible', /^starts_at.*2021-06-31/],
  'ends_at=2021-06-30T25:00:00Z': ['time_impossible', /^ends_at/],
  'starts_at=2021-06-01&ends_at=<script>alert(1)</script>': ['instant_unreadable', /^ends_at/],
};

for (const [query, [code, word]] of Object.entries(refused)) {
  test(`?${query} is refused as ${code}`, (t) => {
    const seen = parseQuery(query);
    t.true(isRefusal(seen));
    if (!isRefusal(seen)) return;
    t.is(seen.code, code);
    t.regex(seen.message, word);
  });
}

test('bounds with fractions of a millisecond select what an oracle in nanoseconds selects', (t) => {
  const random = seededFor(t);
  const second = BigInt(june.start) * 1_000_000n;
  /** Near the first whole second, or the millisecond after it; one event is there, and one a second later. */
  const near = (): { text: string; at: bigint } => {
    const digits = `${random.pick(['000', '001', '999'])}${random.pick(['', '0', '4', '5', '000001', '999999'])}`;
    const early = digits.startsWith('999');
    const at = second + (early ? -1_000_000_000n : 0n) + BigInt(digits.padEnd(9, '0'));
    return { text: `${early ? '2021-05-31T23:59:59' : '2021-06-01T00:00:00'}.${digits}Z`, at };
  };
  const events = [-1000, 0, 1000].map((ms) => june.start + ms);
  for (let i = 0; i < 5000; i++) {
    const [from, to] = [near(), near()];
    const range = parseQuery(`starts_at=${from.text}&ends_at=${to.text}`);
    const told = `${from.text} to ${to.text}`;
    if (from.at > to.at) {
      if (!isRefusal(range) || range.code !== 'range_reversed') t.fail(`${told} is reversed`);
      continue;
    }
    if (isRefusal(range)) return t.fail(`${told}: ${range.message}`);
    const isIn = (event: number): boolean =>
      from.at <= BigInt(event) * 1_000_000n && BigInt(event) * 1_000_000n <= to.at;
    const seen = events.filter((event) => range.start <= event && event <= range.end);
    if (range.start > range.end || String(seen) !== String(events.filter(isIn))) t.fail(told);
  }
  const lastOfDay = parseQuery('starts_at=2021-06-01T23:59:59.9999Z&ends_at=2021-06-01');
  t.false(isRefusal(lastOfDay));
  t.pass();
});
