// An event as JSON-LD: valid by the vocabulary of schema.org, and read back by the format of the same name.

import test from 'ava';
import type { Facts } from '#/domain/event.ts';
import { formats } from '#/provider/formats/formats.ts';
import { apiFor, plainSighted } from '../_support/api.ts';
import { randomEvents, viewOf } from '../_support/catalogue.ts';
import { randomOf } from '../_support/random.ts';

const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };
// The format requires a name.
const events = randomEvents(randomOf(11), { events: 200, ...year }).map((event) => ({
  ...event,
  title: event.title === '' ? 'Untitled' : event.title,
}));
const view = viewOf(events, 100);
const accept = 'application/ld+json';

type Node = Readonly<Record<string, unknown>>;

// Source: schema.org, "Schema vocabulary", checked against its release of 2026: the properties of each type that are used, with
// those of its supertypes.
const thing = ['@type', '@id', 'identifier', 'name'];
const offer = [...thing, 'availability', 'validFrom', 'validThrough', 'price', 'inventoryLevel'];
const properties: Readonly<Record<string, readonly string[]>> = {
  Event: ['@context', ...thing, 'startDate', 'endDate', 'eventStatus', 'offers'],
  AggregateOffer: [...offer, 'lowPrice', 'highPrice', 'offerCount', 'offers'],
  Offer: offer,
  QuantitativeValue: [...thing, 'value'],
};
const terms: Readonly<Record<string, RegExp>> = {
  eventStatus: /^https:\/\/schema\.org\/Event(?:Scheduled|Cancelled|Postponed|Rescheduled)$/,
  availability: /^https:\/\/schema\.org\/(?:InStock|SoldOut)$/,
  startDate: /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d[+-]\d\d:\d\d)?$/,
  endDate: /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d[+-]\d\d:\d\d)?$/,
};

function faultsOf(node: Node): string[] {
  const type = String(node['@type']);
  return Object.entries(node).flatMap(([name, value]) => [
    ...(properties[type]?.includes(name) === true ? [] : [`${name} of ${type}`]),
    ...(terms[name]?.test(String(value)) === false ? [`${name}: ${String(value)}`] : []),
    ...[value].flat().flatMap((one) => (typeof one === 'object' ? faultsOf(one as Node) : [])),
  ]);
}

test('an event as JSON-LD has valid properties, and is read back as the same event', async (t) => {
  const sighted = { ...plainSighted, zones: '[["40","Platea",240,2000,true],["41",null,null,3550,null]]' };
  const companions = { peek: () => sighted, read: () => Promise.resolve(sighted) };
  const api = await apiFor(t, () => view, { companions });
  for (const event of events) {
    const answer = await api.get(`/events/${event.id}`, { headers: { accept } });
    t.deepEqual([answer.status, answer.headers.get('content-type')], [200, accept]);
    const text = await answer.text();
    t.deepEqual(faultsOf(JSON.parse(text) as Node), [], text);
    const reading = { provider: 'p', timeZone: 'UTC', priceZones: 'all', strict: false } as const;
    const [record] = formats.jsonld.read(text, reading);
    const facts = record!.observations[0]?.facts as Facts;
    const hasPrice = event.minPrice !== null;
    t.like(
      facts,
      {
        title: event.title,
        start: event.start,
        end: event.end,
        minPrice: hasPrice ? 2000 : null,
        maxPrice: hasPrice ? 3550 : null,
        soldOut: hasPrice && event.soldOut === true,
      },
      text,
    );
    t.is(facts.status, event.status === 'scheduled' || event.status === null ? undefined : event.status);
  }
});

test('an event without a time or an end has a day and no end, and without zones it has the range of its prices', async (t) => {
  const sighted = { ...plainSighted, zones: 'null' };
  const companions = { peek: () => sighted, read: () => Promise.resolve(sighted) };
  const own = [{ ...events[0]!, startLocal: '2021-06-30', endLocal: '', minPrice: 2050, maxPrice: 3000 }];
  const ownView = viewOf(own, 10);
  const api = await apiFor(t, () => ownView, { companions });
  const answer = await api.get(`/events/${own[0]!.id}`, { headers: { accept } });
  const node = (await answer.json()) as Node;
  t.is(node['startDate'], '2021-06-30');
  t.false('endDate' in node);
  t.like(node['offers'], { lowPrice: 20.5, highPrice: 30 });
  t.false('offers' in (node['offers'] as object));
});

test('the form of an event is chosen by Accept; other forms take no parameters', async (t) => {
  const api = await apiFor(t, () => view);
  const path = `/events/${events[0]!.id}`;
  const typeOf = async (text: string): Promise<string> =>
    (await api.get(path, { headers: { accept: text } })).headers.get('content-type')!.split(';')[0]!;
  for (const [text, type] of [
    ['application/ld+json, */*;q=0.1', accept],
    ['application/ld+json, application/json', 'application/json'],
    ['application/ld+json;q=0', 'application/json'],
    ['text/calendar;q=0.5, application/ld+json;q=0.4', 'text/calendar'],
    ['*/*', 'application/json'],
  ] as const)
    t.is(await typeOf(text), type, text);
  const refused = await api.get(`${path}?fields=id`, { headers: { accept } });
  t.is(refused.status, 400);
  const tag = (await api.get(path, { headers: { accept } })).headers.get('etag')!;
  t.is((await api.get(path, { headers: { accept, 'if-none-match': tag } })).status, 304);
  t.is((await api.get(path, { headers: { 'if-none-match': tag } })).status, 200);
});
