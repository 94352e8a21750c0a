import test from 'ava';
import { apiFor, type Client } from '../_support/api.ts';
import { randomEvents, viewOf } from '../_support/catalogue.ts';
import { randomOf } from '../_support/random.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

interface Contract {
  readonly openapi: string;
  readonly paths: Record<
    string,
    { get: { parameters: Parameter[]; responses: Record<string, AnswerShape> } }
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
}
interface AnswerShape {
  readonly content: Readonly<Record<string, { readonly schema: Schema; readonly example: unknown }>>;
}

const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };
const view = viewOf(randomEvents(randomOf(7), { events: 200, ...year }));

const contractOf = async (api: Client): Promise<Contract> =>
  (await (await api.get('/openapi.json')).json()) as Contract;

const formats: Record<string, RegExp> = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  date: /^\d{4}-\d\d-\d\d$/,
  time: /^\d\d:\d\d:\d\d$/,
};

/** The faults of `value` by `schema`; a field that the schema does not name is a fault. */
function faults(value: unknown, schema: Schema, contract: Contract, place = '$'): string[] {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1)!;
    return faults(value, contract.components.schemas[name]!, contract, `${place}<${name}>`);
  }
  if (value === null) return schema.nullable === true ? [] : [`${place} is null`];
  const type = Array.isArray(value) ? 'array' : typeof value;
  if (type !== schema.type) return [`${place} is of type ${type}, expected ${schema.type}`];
  if (typeof value === 'string') {
    return formats[schema.format ?? '']?.test(value) === false
      ? [`${place} is ${value}, no ${schema.format}`]
      : [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, i) => faults(item, schema.items!, contract, `${place}[${i}]`));
  }
  if (type !== 'object') return [];
  const entries = Object.entries(value as object);
  const { properties = {}, required = [] } = schema;
  const missing = required
    .filter((name) => !(name in (value as object)))
    .map((name) => `${place}.${name} is missing`);
  return [
    ...missing,
    ...entries.flatMap(([name, inner]) => {
      const known = properties[name];
      if (known !== undefined) return faults(inner, known, contract, `${place}.${name}`);
      return schema.properties === undefined ? [] : [`${place}.${name} is not in the contract`];
    }),
  ];
}

const shapeOf = (contract: Contract, status: number) =>
  contract.paths['/search']!.get.responses[status]!.content['application/json']!;

test('/ redirects to the documentation', async (t) => {
  const answer = await (await apiFor(t)).get('/');
  t.is(answer.status, 302);
  t.is(answer.headers.get('location'), '/docs');
});

test('the documentation page loads nothing from another host', async (t) => {
  const api = await apiFor(t);
  const answer = await api.get('/docs');
  const page = await answer.text();
  t.is(answer.status, 200);
  t.regex(answer.headers.get('content-type') ?? '', /^text\/html/);
  t.notRegex(page, /https?:|["'(]\/\//);
  const assets = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
  t.true(assets.length >= 3);
  for (const path of assets) {
    const asset = await api.get(path);
    t.is(asset.status, 200, path);
    t.true((await asset.arrayBuffer()).byteLength > 100, path);
  }
});

test('the contract has the operation of the search, with two optional parameters, and those of events', async (t) => {
  const contract = await contractOf(await apiFor(t));
  t.regex(contract.openapi, /^3\./);
  t.deepEqual(Object.keys(contract.paths), ['/search', '/events', '/events/histogram']);
  t.deepEqual(
    contract.paths['/search']!.get.parameters.map(({ name, in: place, required }) => [name, place, required]),
    [
      ['starts_at', 'query', false],
      ['ends_at', 'query', false],
    ],
  );
});

test('real answers match the contract, and so do its examples', async (t) => {
  const api = await apiFor(t, () => view);
  const contract = await contractOf(api);
  const asked: [path: string, init: RequestInit, status: number][] = [
    ['/search', {}, 200],
    ['/search?starts_at=2031-01-01', {}, 200],
    ['/search?starts_at=x', {}, 400],
    ['/search', { method: 'POST' }, 405],
    [`/search?x=${'y'.repeat(3000)}`, {}, 414],
  ];
  for (const [path, init, status] of asked) {
    const answer = await api.get(path, init);
    t.is(answer.status, status);
    const { schema, example } = shapeOf(contract, status);
    t.deepEqual(faults(await answer.json(), schema, contract), [], path);
    t.deepEqual(faults(example, schema, contract), [], `the example of ${status}`);
  }
});

test('the contract requires every field of an event', async (t) => {
  const api = await apiFor(t, () => view);
  const { required = [], properties = {} } = (await contractOf(api)).components.schemas['EventSummary']!;
  const { data } = (await (await api.get('/search')).json()) as { data: { events: object[] } };
  for (const event of data.events) t.deepEqual(Object.keys(event), [...required]);
  t.deepEqual(Object.keys(properties), [...required]);
});
