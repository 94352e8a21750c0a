import test from 'ava';
import { factsIn, factsText } from '#/domain/packed/facts.ts';
import { statusOf } from '#/domain/status.ts';
import { absorb, sameDetails, searchable, withdraw, type KnownEvent } from '#/domain/absorb.ts';
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

test('an unknown event is added', (t) => {
  t.deepEqual(absorb(null, observed()), { kind: 'added', before: null, after: known('listed') });
});

test('an unchanged event makes no change', (t) => {
  t.is(absorb(known('listed'), observed()), null);
});

test('any different fact is a change, with its values before and after', (t) => {
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

test('a status makes a change, also the first one of facts that were stored without; none is scheduled', (t) => {
  const cancelled = { ...facts, status: 'cancelled' as const };
  for (const [before, after] of [
    [facts, cancelled],
    [cancelled, facts],
    [{ ...facts, status: null }, facts],
    [facts, { ...facts, status: null }],
  ] as const) {
    const change = absorb({ listing: 'listed', facts: before }, observed(after));
    t.is(change?.kind, 'changed', JSON.stringify([before.status, after.status]));
    t.false(sameDetails(change!.before, { listing: 'listed', facts: { ...after } }));
  }
  t.is(absorb(known('listed', cancelled), observed(cancelled)), null);
  for (const one of [facts, cancelled, { ...facts, capacity: 7, status: null }])
    t.is(statusOf(factsIn(factsText(one))), statusOf(one));
});

test('a withdrawn event that returns unchanged is listed again', (t) => {
  const before = known('withdrawn');
  t.deepEqual(absorb(before, observed()), { kind: 'relisted', before, after: known('listed') });
});

test('a withdrawn event that returns changed is changed, and is listed', (t) => {
  const change = absorb(known('withdrawn'), observed({ title: 'Back' }));
  t.is(change?.kind, 'changed');
  t.is(change?.after.listing, 'listed');
});

test('an event that was only missing was never withdrawn, so its return is not a change', (t) => {
  t.is(absorb(known('missing'), observed()), null);
});

test('a withdrawal does not change the facts of an event', (t) => {
  t.deepEqual(withdraw(known('listed')), {
    kind: 'withdrawn',
    before: known('listed'),
    after: known('withdrawn'),
  });
});

test('the search gets facts that were observed online, and only those that it shows', (t) => {
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

test('facts that were observed offline do not change the search', (t) => {
  t.is(searchable(observed({ sellMode: 'offline' })), null);
});
