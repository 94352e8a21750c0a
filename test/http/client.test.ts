// A typed client, made from the contract by tools that clients use: openapi-typescript for its types, openapi-fetch for requests.
// `npm run types` checks this file, so a field or a code that the contract lacks is a fault there.

import { readFile } from 'node:fs/promises';
import test from 'ava';
import createClient from 'openapi-fetch';
import { apiFor } from '../_support/api.ts';
import { randomEvents, truthOf, viewOf } from '../_support/catalogue.ts';
import { eventTruths } from '../_support/event-truths.ts';
import { randomOf } from '../_support/random.ts';
import { clientTypes, typesOfContract } from './_generate-client.ts';
import type { components, paths } from './generated/api.d.ts';

const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };
const events = randomEvents(randomOf(7), { events: 200, ...year });
const view = viewOf(events);

test('the types of the client are those of the contract: `npm run client` writes them', async (t) => {
  t.is(await readFile(clientTypes, 'utf8'), await typesOfContract());
});

test('a typed client reads events', async (t) => {
  const api = await apiFor(t, () => view);
  const client = createClient<paths>({ baseUrl: api.url });
  const { data, error, response } = await client.GET('/search', {
    params: { query: { starts_at: '2021-06-01', ends_at: '2021-06-30' } },
  });
  t.is(error, undefined);
  t.regex(response.headers.get('marquee-catalogue') ?? '', /^version=/);
  const found: readonly components['schemas']['EventSummary'][] = data?.data.events ?? [];
  t.true(found.length > 5);
  const june = { start: Date.UTC(2021, 5, 1), end: Date.UTC(2021, 6, 1) - 1 };
  t.deepEqual(data as unknown, JSON.parse(truthOf(events, june)));
  // The types that a client sees: assigning them to others is a fault of `npm run types`.
  for (const { title, start_time: time, min_price: price } of found) {
    const [text, clock, amount]: [string, string | null, number | null] = [title, time, price];
    t.is(typeof text, 'string');
    t.true((clock === null || clock.length === 8) && (amount === null || amount >= 0));
  }
});

test('a typed client lists events page by page, and counts them', async (t) => {
  const api = await apiFor(t, () => view);
  const client = createClient<paths, 'application/json'>({ baseUrl: api.url });
  const query = { match: 'overlaps', sort_by: 'title', available: true, limit: 30 } as const;
  const seen: components['schemas']['EventDetails'][] = [];
  for (let cursor: string | undefined, pages = 0; pages === 0 || cursor !== undefined; pages++) {
    const { data } = await client.GET('/events', {
      params: { query: { ...query, ...(cursor === undefined ? {} : { cursor }) } },
    });
    const page = data?.data as components['schemas']['PageByCursor'];
    seen.push(...page.events);
    cursor = page.next_cursor ?? undefined;
  }
  const wanted = eventTruths(events, { match: 'overlaps', sort_by: 'title', available: true });
  t.true(wanted.length > 30);
  t.deepEqual(
    seen.map(({ id }) => id),
    wanted.map(({ id }) => id),
  );
  const counted = await client.GET('/events/histogram', { params: { query: { interval: 'month' } } });
  t.is(counted.data?.data.total_rows, eventTruths(events, {}).length);
  // @ts-expect-error -- The contract has no such order.
  const { error } = await client.GET('/events', { params: { query: { sort_by: 'price' } } });
  t.is((error as components['schemas']['Error'] | undefined)?.error.code, 'parameter_invalid');
});

test('a typed client distinguishes errors by their code', async (t) => {
  const api = await apiFor(t, () => view);
  const client = createClient<paths>({ baseUrl: api.url });
  const { data, error } = await client.GET('/search', { params: { query: { starts_at: '2021-09-31' } } });
  t.is(data, undefined);
  const expected: components['schemas']['ErrorCode'] = 'date_impossible';
  t.is(error?.error.code, expected);
  // @ts-expect-error -- The contract does not have this code.
  const unknown: components['schemas']['ErrorCode'] = 'unheard_of';
  t.not(error?.error.code, unknown);
});

test('a typed client has no parameter that the contract lacks', async (t) => {
  const api = await apiFor(t, () => view);
  const client = createClient<paths>({ baseUrl: api.url });
  // @ts-expect-error -- The contract has starts_at.
  const { response } = await client.GET('/search', { params: { query: { start_at: '2021-06-01' } } });
  t.is(response.headers.get('marquee-ignored-parameters'), 'start_at');
});
