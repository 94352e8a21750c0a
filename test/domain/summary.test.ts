import test from 'ava';
import type { CatalogueEvent } from '#/domain/event.ts';
import { renderSummary } from '#/domain/summary.ts';
import { seededFor } from '../_support/random.ts';

const event: CatalogueEvent = {
  id: '836028ef-6686-53de-819e-a7dcfe44d417',
  title: 'The Night Tram',
  startLocal: '2021-02-10T20:00:00',
  endLocal: '2021-02-11T01:30:05',
  start: 0,
  end: 0,
  minPrice: 1505,
  maxPrice: 5500,
};

test('an event has its eight fields in the order of the contract, without spaces', (t) => {
  t.is(
    renderSummary(event),
    '{"id":"836028ef-6686-53de-819e-a7dcfe44d417","title":"The Night Tram","start_date":"2021-02-10",' +
      '"start_time":"20:00:00","end_date":"2021-02-11","end_time":"01:30:05","min_price":15.05,"max_price":55}',
  );
});

test('an event without a price has null', (t) => {
  const shown = JSON.parse(renderSummary({ ...event, minPrice: null, maxPrice: null })) as object;
  t.like(shown, { min_price: null, max_price: null });
});

const nasty = [
  '', '"', '\\', '\\"', '"}],"x":[{"', '</script>', '\0', '\u0001\u001f', '\b\f\n\r\t', '\u2028\u2029', '\ufeff', '\u007f',
  '🎭👩‍👩‍👧', 'e\u0301', 'שלום', '\ud800', '\udc00', 'a\ud83cb', '\udf8d\ud83c', 'x'.repeat(10_000),
]; // prettier-ignore

test('a title is read back unchanged, whatever its characters', (t) => {
  for (const title of nasty) {
    const shown = JSON.parse(renderSummary({ ...event, title })) as { title: string };
    t.is(shown.title, title);
  }
});

test('a title is read back from its bytes too, so that they have no lone surrogate', (t) => {
  const random = seededFor(t);
  for (let i = 0; i < 5000; i++) {
    const title = Array.from({ length: random.int(0, 12) }, () =>
      String.fromCharCode(random.int(0, 0xffff)),
    ).join('');
    const bytes = Buffer.from(renderSummary({ ...event, title }));
    if ((JSON.parse(bytes.toString()) as { title: string }).title !== title) t.fail(JSON.stringify(title));
  }
  t.pass();
});
