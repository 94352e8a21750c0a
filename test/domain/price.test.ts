import test from 'ava';
import { parsePrice, priceAsJson, priceRange } from '#/domain/price.ts';
import { isRefusal } from '#/domain/refusal.ts';
import { seededFor } from '../_support/random.ts';

const taken: Record<string, number> = {
  '0': 0, '0.00': 0, '0.1': 10, '0.01': 1, '20': 2000, '20.5': 2050, '20.50': 2050, '20.05': 2005, '0042': 4200,
  '1.10': 110, '0.29': 29, '4.35': 435, '29.9900': 2999, '10000000': 1_000_000_000,
}; // prettier-ignore

for (const [text, minor] of Object.entries(taken)) {
  test(`the price ${text} is ${minor} cents`, (t) => t.is(parsePrice(text) as unknown, minor));
}

test('every amount in cents is read back from its text', (t) => {
  for (let minor = 0; minor <= 200_000; minor++) {
    if (parsePrice((minor / 100).toFixed(2)) !== minor) t.fail(`${minor}`);
  }
  t.pass();
});

const refused = [
  '1e3', '-5', '+5', 'NaN', 'Infinity', '12,50', '0.1+', '', ' 5', '5 ', '5.123', '1.005', '.5', '5.', '0x10', '1_000',
  '1 000', '5€', '٥', '10000000.01', '9'.repeat(12), '9'.repeat(400), 'null', '--1', '1.2.3', '5\n',
]; // prettier-ignore

for (const text of refused) {
  test(`${JSON.stringify(text.slice(0, 20))} is not a price`, (t) => {
    const read = parsePrice(text);
    t.true(isRefusal(read) && read.code === 'price_invalid');
    t.true(isRefusal(read) && read.message.length < 200);
  });
}

test('an amount is written as the shortest JSON number', (t) => {
  for (let minor = 0; minor <= 200_000; minor++) {
    if (priceAsJson(minor) !== JSON.stringify(minor / 100))
      t.is(priceAsJson(minor), JSON.stringify(minor / 100));
  }
  t.is(priceAsJson(1_000_000_000), '10000000');
  t.is(priceAsJson(999_999_999), '9999999.99');
  t.is(priceAsJson(null), 'null');
});

const zone = (price: number, capacity: number) => ({
  zoneId: '1',
  name: '',
  capacity,
  price,
  numbered: false,
});

test('prices range over all zones, or over those with a seat left', (t) => {
  const zones = [zone(2000, 3), zone(1500, 0), zone(3000, 1), zone(9000, 0)];
  t.deepEqual(priceRange(zones, 'all'), { minPrice: 1500, maxPrice: 9000 });
  t.deepEqual(priceRange(zones, 'with-capacity'), { minPrice: 2000, maxPrice: 3000 });
});

test('without a zone that counts there is no price', (t) => {
  const none = { minPrice: null, maxPrice: null };
  t.deepEqual(priceRange([], 'all'), none);
  t.deepEqual(priceRange([zone(1500, 0)], 'with-capacity'), none);
  t.deepEqual(priceRange([zone(0, 0)], 'all'), { minPrice: 0, maxPrice: 0 }, 'free is a price');
});

test('an amount is read as its regular expression says', (t) => {
  const random = seededFor(t);
  const letters = Array.from('0012345678999..,+-e ');
  for (let i = 0; i < 20_000; i++) {
    const length = random.int(0, 16);
    const text = Array.from({ length }, () => random.pick(letters)).join('');
    const match = /^(\d{1,12})(?:\.(\d{1,2})0*)?$/.exec(text);
    const minor = match === null ? null : Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
    const read = parsePrice(text);
    const expected = minor === null || minor > 1_000_000_000 ? 'price_invalid' : minor;
    t.is(isRefusal(read) ? read.code : read, expected, text);
  }
});
