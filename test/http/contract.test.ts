// The contract against the server and the tools of its readers. Every test that sends requests through `apiFor` compares its
// answers with the contract as well.

import { readFile } from 'node:fs/promises';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import test from 'ava';
import type { Past } from '#/domain/past.ts';
import { parseQuery } from '#/domain/query.ts';
import { isRefusal } from '#/domain/refusal.ts';
import { adminContract } from '#/http/admin/contract/document.ts';
import { adminErrors } from '#/http/admin/contract/errors.ts';
import { adminOperations } from '#/http/admin/contract/operations.ts';
import { errorCodes, errors } from '#/http/contract/errors.ts';
import { operationList } from '#/http/contract/operations.ts';
import { searchQuery } from '#/http/contract/operations/search.ts';
import { readQuery } from '#/http/contract/parameters.ts';
import { eventExample } from '#/http/contract/schemas.ts';
import { apiFor, plainSighted } from '../_support/api.ts';
import { randomEvents, viewOf } from '../_support/catalogue.ts';
import { comparisonWith, document, faultsOf, faultyExamples } from '../_support/contract.ts';
import { randomQuery } from '../_support/queries.ts';
import { randomOf, seededFor } from '../_support/random.ts';
import { agreedAnswer, agreedError, agreedFields, agreedParameters, agreedStatuses } from './_agreed.ts';

const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };
const events = randomEvents(randomOf(7), { events: 200, ...year });
// The examples ask for this id.
const view = viewOf([...events.slice(1), { ...events[0]!, id: eventExample.id }]);

const facts = { ...events[0]!, zonesHash: '', organizerCompanyId: null };
const after = { listed: true, facts, zones: '[]' };
const past: Past = {
  changes: () =>
    Promise.resolve({
      changes: [{ seq: 1, at: 0, runId: 1, kind: 'added', before: null, after }],
      hasMore: true,
    }),
  eventAt: () => Promise.resolve({ event: events[0]!, sighted: plainSighted }),
};

test('the contract is served, and its version is that of the package', async (t) => {
  const api = await apiFor(t);
  const served: unknown = await (await api.get('/openapi.json')).json();
  t.deepEqual(served, document);
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  t.is(document.info.version, version);
  t.regex(document.openapi, /^3\.1\./);
});

const admin = comparisonWith(adminContract());

test('the recommended rules of Redocly find nothing in both contracts', async (t) => {
  const config = await createConfig({ extends: ['recommended'] });
  // One after the other: Redocly keeps one validator for the process while it runs.
  for (const [contract, known] of [
    [document, 'searchEvents'],
    [admin.document, 'getStatus'],
  ] as const) {
    const source = JSON.stringify(contract);
    const problems = await lintFromString({ source, absoluteRef: '/openapi.json', config });
    t.deepEqual(
      problems.map(({ severity, ruleId, message }) => `${severity} ${ruleId}: ${message}`),
      [],
    );
    // The rules do find what is wrong.
    const broken = source.replace(`"operationId":"${known}",`, '');
    t.true((await lintFromString({ source: broken, absoluteRef: '/openapi.json', config })).length > 0);
  }
});

for (const [id, { method, path, query, pathParameters, ...more }] of operationList)
  test(`${id} is served as the contract says, and so are its headers alone`, async (t) => {
    const api = await apiFor(t, () => view, { past });
    const samples = (shape: object): [name: string, value: string][] =>
      Object.keys(shape).flatMap((name) => {
        const own = document.paths[path]![method]!.parameters!.find((one) => one.name === name);
        const { example } = own!.schema as { example?: string | number | boolean };
        // A parameter without an example has values that only answers give.
        return example === undefined ? [] : [[name, String(example)]];
      });
    const values = samples(pathParameters?.shape ?? {});
    const filled = values.reduce((url, [name, value]) => url.replace(`{${name}}`, value), path as string);
    // Each parameter alone: some exclude each other.
    const queries = samples(query?.shape ?? {}).map((pair) => `?${new URLSearchParams([pair]).toString()}`);
    for (const search of ['', ...queries])
      for (const verb of method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]) {
        const body = 'body' in more ? JSON.stringify(more.body.example) : null;
        const headers = { 'content-type': 'application/json' };
        const answer = await api.get(filled + search, {
          method: verb,
          ...(body === null ? {} : { body, headers }),
        });
        t.true(answer.status < 400, `${verb} ${search} ${answer.status}`);
      }
  });

test('every operation has a description, and every example holds to its schema', (t) => {
  t.deepEqual(faultyExamples(), []);
  t.deepEqual(admin.faultyExamples(), []);
  for (const [id, { summary, description }] of [...operationList, ...Object.entries(adminOperations)])
    t.true(summary.length > 5 && description.length > 10, id);
});

test('the contract of the admin port explains each of its errors, and has each in an example', (t) => {
  const text = JSON.stringify(admin.document);
  for (const [code, { status }] of Object.entries(adminErrors)) {
    t.true(admin.document.info.description.includes(`| ${status} | \`${code}\` |`), code);
    t.true(text.includes(`"${code}":{"value":{"data":null`), code);
  }
});

test('the codes of the contract are an enumeration, and each is explained in its introduction', (t) => {
  t.deepEqual((document.components.schemas['ErrorCode'] as { enum: string[] }).enum, errorCodes);
  for (const code of errorCodes)
    t.true(document.info.description.includes(`| ${errors[code].status} | \`${code}\` |`), code);
  for (const word of ['Time zones', 'Containment', 'Paging'])
    t.true(document.info.description.includes(`## ${word}`), word);
});

test('each status of an error has an example for each of its codes', (t) => {
  const text = JSON.stringify(document);
  for (const code of errorCodes) t.true(text.includes(`"${code}":{"value":{"data":null`), code);
});

test('the contract has no format that validators read in different ways', (t) => {
  const formats = new Set(
    Array.from(JSON.stringify(document).matchAll(/"format":"([^"]+)"/g), ([, name]) => name),
  );
  t.deepEqual([...formats], ['uuid']);
});

test('a difference between an answer and the contract is found', (t) => {
  const headers = new Headers({
    'content-type': 'application/json',
    etag: '"1-A"',
    'cache-control': 'no-cache',
    'marquee-catalogue': 'version=1, age=0, stale=?0',
    'x-content-type-options': 'nosniff',
  });
  const body = '{"data":{"events":[]},"error":null}';
  const seen = { method: 'GET', path: '/search', status: 200, headers, body };
  const changed = (name: string, value: string | null): Headers => {
    const other = new Headers(headers);
    if (value === null) other.delete(name);
    else other.set(name, value);
    return other;
  };
  t.deepEqual(faultsOf(seen), []);
  for (const wrong of [
    { ...seen, status: 204 },
    { ...seen, status: 404 },
    { ...seen, path: '/search?starts_at=yesterday' },
    { ...seen, headers: changed('etag', null) },
    { ...seen, headers: changed('marquee-catalogue', 'version=1, age=0') },
    { ...seen, headers: changed('x-unknown', '1') },
    { ...seen, headers: changed('x-content-type-options', null) },
    { ...seen, headers: changed('content-type', 'text/html') },
    { ...seen, body: '{"data":{"events":[{}]},"error":null}' },
    { ...seen, body: '{"data":{"events":[]},"error":null,"meta":{}}' },
    { ...seen, status: 400, body: '{"data":null,"error":{"code":"unheard_of","message":"x"}}' },
  ])
    t.not(faultsOf(wrong).length, 0, JSON.stringify(wrong));
});

test('what was agreed with the clients of /search holds', async (t) => {
  const ajv = new Ajv2020({ strict: true, strictTypes: false });
  addFormats.default(ajv);
  const [isAnswer, isError] = [ajv.compile(agreedAnswer), ajv.compile(agreedError)];
  const api = await apiFor(t, () => view);
  const { parameters = [], responses } = document.paths['/search']!['get']!;
  t.deepEqual(
    parameters.map(({ name, in: place, required = false }) => [name, place, required]),
    agreedParameters.map((name) => [name, 'query', false]),
  );
  for (const status of agreedStatuses) t.true(status in responses, status);
  for (const query of [
    '',
    '?starts_at=2017-07-21T17:32:28Z&ends_at=2021-07-21T17:32:28Z',
    '?starts_at=2031-01-01',
  ]) {
    const answer: unknown = await (await api.get(`/search${query}`)).json();
    t.true(isAnswer(answer), JSON.stringify(isAnswer.errors));
    for (const event of (answer as { data: { events: object[] } }).data.events)
      t.deepEqual(Object.keys(event), agreedFields);
  }
  const refused: unknown = await (await api.get('/search?starts_at=x')).json();
  t.true(isError(refused), JSON.stringify(isError.errors));
});

test('the schema of the query reads and refuses what the search does', (t) => {
  const random = seededFor(t);
  let refused = 0;
  for (let i = 0; i < 20_000; i++) {
    const query = randomQuery(random);
    const [wanted, seen] = [parseQuery(query), readQuery(searchQuery, query, 'none', true)];
    if (isRefusal(wanted)) {
      refused++;
      if (!isRefusal(seen) || seen.code !== wanted.code) t.deepEqual(seen as unknown, wanted, query);
    } else if (isRefusal(seen)) t.fail(`${query}: ${seen.message}`);
  }
  t.true(refused > 2000, `${refused}`);
});

test('the reader of queries refuses unknown names with the nearest one, repetitions and bad escapes', (t) => {
  const codeOf = (query: string): string => {
    const read = readQuery(searchQuery, query, 'none');
    return isRefusal(read) ? `${read.code}: ${read.message}` : 'read';
  };
  t.is(codeOf('starts_at=2021-06-01&&ends_at=2021-06-02'), 'read');
  t.regex(codeOf('start_at=2021-06-01'), /^parameter_unknown: .*Did you mean starts_at\?$/);
  t.regex(codeOf('page=1'), /^parameter_unknown: Got the parameter "page", expected starts_at or ends_at\.$/);
  t.regex(codeOf('ends_at=x&ends_at=y'), /^parameter_repeated/);
  t.regex(codeOf('ends_at=%zz'), /^escape_invalid/);
  t.regex(codeOf('ends_at=x'), /^instant_unreadable: ends_at: Got/);
});
