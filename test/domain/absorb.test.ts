import test from 'ava';
import { absorb, searchable, withdraw, type KnownEvent } from '#/domain/absorb.ts';
import type { Facts, Listing, Observation } from '#/domain/event.ts';

const facts: Facts = {
  title: 'The Night Tram',
  sellMode: 'online',
  organizerCompanyId: '2',
  startLocal: '2021-06-30T21:00:00',
  endLocal: '2021-06-30T22:00:00',
  start: Date.UTC(2021, 5, 30, 21),
  end: Date.UTC(2021, 5, 30, 22),
  sellFrom: null,
  sellTo: '2021-06-30T20:00:00',
  soldOut: false,
  minPrice: 1500,
  maxPrice: 3000,
  zonesHash: 'a',
};

const observed = (given: Partial<Facts> = {}): Observation => ({
  id: 'id',
  baseId: '291',
  planId: '1',
  facts: { ...facts, ...given },
});
const known = (listing: Listing, given: Partial<Facts> = {}): KnownEvent => ({
  listing,
  facts: { ...facts, ...given },
});

test('an event that nobody knew is added', (t) => {
  t.deepEqual(absorb(null, observed()), { kind: 'added', before: null, after: known('listed') });
});

test('an event that is as it was makes no change', (t) => {
  t.is(absorb(known('listed'), observed()), null);
});

test('any fact that is another is a change, told with what was before and after', (t) => {
  const others: Facts = {
    title: 'Renamed',
    sellMode: 'offline',
    organizerCompanyId: null,
    startLocal: '2021-06-30T20:00:00',
    endLocal: '2021-06-30T23:00:00',
    start: 0,
    end: 1,
    sellFrom: '2020-01-01T00:00:00',
    sellTo: null,
    soldOut: true,
    minPrice: null,
    maxPrice: 1,
    zonesHash: 'b',
  };
  for (const key of Object.keys(facts) as (keyof Facts)[]) {
    const change = { [key]: others[key] };
    t.deepEqual(
      absorb(known('listed'), observed(change)),
      { kind: 'changed', before: known('listed'), after: known('listed', change) },
      key,
    );
  }
});

test('an event that was withdrawn and comes back as it was is listed again', (t) => {
  const before = known('withdrawn');
  t.deepEqual(absorb(before, observed()), { kind: 'relisted', before, after: known('listed') });
});

test('an event that was withdrawn and comes back otherwise has changed, and is listed', (t) => {
  const change = absorb(known('withdrawn'), observed({ title: 'Back' }));
  t.is(change?.kind, 'changed');
  t.is(change?.after.listing, 'listed');
});

test('an event that was only missing was never told to be gone, so its return is no news', (t) => {
  t.is(absorb(known('missing'), observed()), null);
});

test('to withdraw an event leaves its facts as they are', (t) => {
  t.deepEqual(withdraw(known('listed')), {
    kind: 'withdrawn',
    before: known('listed'),
    after: known('withdrawn'),
  });
});

test('the search sees what was observed online, and only what it shows', (t) => {
  t.deepEqual(searchable(observed()), {
    id: 'id',
    title: facts.title,
    startLocal: facts.startLocal,
    endLocal: facts.endLocal,
    start: facts.start,
    end: facts.end,
    minPrice: 1500,
    maxPrice: 3000,
  });
});

test('what was observed offline leaves the search alone', (t) => {
  t.is(searchable(observed({ sellMode: 'offline' })), null);
});
