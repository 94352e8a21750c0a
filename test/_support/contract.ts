// Compares requests and answers with a contract, an OpenAPI document: every test that sends requests through `apiFor` does, with
// that of the public port.

import addFormats from 'ajv-formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { contract } from '#/http/contract/document.ts';

interface Described {
  readonly $ref?: string;
}
interface Header extends Described {
  readonly required?: boolean;
  readonly schema: object;
}
interface Answer extends Described {
  readonly headers?: Readonly<Record<string, Header>>;
  readonly content?: Readonly<Record<string, Body>>;
}
interface Body {
  readonly schema: object;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}
export interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly schema: object;
}
export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<Record<string, Answer>>;
}

export interface Document {
  readonly openapi: string;
  readonly info: { readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export interface Seen {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  /** Null when it was not read. */
  readonly body: string | null;
}

export interface Comparison {
  readonly document: Document;
  faultsAt(pointer: string, value: unknown): string[];
  operationFor(method: string, path: string): [operation: Operation, pointer: string] | undefined;
  faultsOf(seen: Seen): string[];
  faultyExamples(): string[];
}

export function comparisonWith(made: object): Comparison {
  const document = JSON.parse(JSON.stringify(made)) as Document;
  // Strict: a keyword or a format that the validator does not know is a fault of the document.
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addVocabulary(['example', 'openapi', 'info', 'servers', 'security', 'tags', 'paths', 'components']);
  ajv.addSchema(document, 'contract');
  const compiled = new Map<string, ValidateFunction>();

  /** The faults of a value by the schema at this place of the document, for example `/components/schemas/Error`. */
  function faultsAt(pointer: string, value: unknown): string[] {
    let validate = compiled.get(pointer);
    if (validate === undefined) {
      validate = ajv.compile({ $ref: `contract#${pointer}` });
      compiled.set(pointer, validate);
    }
    return validate(value)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  }

  /** What a reference leads to, with its place. */
  function resolved<Value extends Described>(value: Value, pointer: string): [value: Value, pointer: string] {
    if (value.$ref === undefined) return [value, pointer];
    const place = value.$ref.slice(1);
    const target = place
      .split('/')
      .slice(1)
      .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key.replaceAll('~1', '/')], document);
    return [target as Value, place];
  }

  /** The operation of a request; undefined for a path or a method that the contract does not have. */
  function operationFor(method: string, path: string): [operation: Operation, pointer: string] | undefined {
    const bare = path.split('?', 1)[0] ?? '';
    for (const [template, item] of Object.entries(document.paths)) {
      const form = new RegExp(
        `^${template.replaceAll('.', String.raw`\.`).replaceAll(/\{\w+\}/g, '[^/]+')}$`,
      );
      const operation = item[method.toLowerCase()];
      if (form.test(bare) && operation !== undefined)
        return [operation, `/paths/${escaped(template)}/${method.toLowerCase()}`];
    }
    return undefined;
  }

  /** What an exchange has that the contract does not say. */
  function faultsOf(seen: Seen): string[] {
    const found = operationFor(seen.method, seen.path);
    if (found === undefined) return isPreflight(seen) ? [] : faultsOfUnknown(seen);
    const [operation, pointer] = found;
    const documented = operation.responses[seen.status];
    if (documented === undefined) return [`${seen.status} is not in ${operation.operationId}`];
    const [answer, place] = resolved(documented, `${pointer}/responses/${seen.status}`);
    return [
      ...faultsOfRequest(operation, pointer, seen),
      ...faultsOfHeaders(answer, place, seen),
      ...faultsOfBody(answer, place, seen),
    ];
  }

  /** Another path or method: an error with the body of every error. */
  function faultsOfUnknown({ status, body, path, method }: Seen): string[] {
    if (![400, 401, 404, 405, 414, 429].includes(status))
      return [`${method} ${path} is ${status}, and not in the contract`];
    return body === null || method === 'HEAD' ? [] : faultsAt('/components/schemas/Error', JSON.parse(body));
  }

  /** A request that was answered with events has parameters as the contract describes them. */
  function faultsOfRequest(operation: Operation, pointer: string, { path, status }: Seen): string[] {
    if (status >= 400) return [];
    const given = new Map(
      path
        .slice(path.indexOf('?') + 1)
        .split('&')
        .map((pair) => pair.split('=', 2).map(unescaped) as [string, string]),
    );
    return (operation.parameters ?? []).flatMap(({ name, required, in: place, schema }, i) => {
      if (place !== 'query') return [];
      const value = path.includes('?') ? given.get(name) : undefined;
      if (value === undefined) return required === true ? [`the parameter ${name} is missing`] : [];
      const typed = typedAs((schema as { readonly type?: string }).type, value);
      return faultsAt(`${pointer}/parameters/${i}/schema`, typed).map((fault) => `${name}: ${fault}`);
    });
  }

  function faultsOfHeaders(answer: Answer, place: string, { headers }: Seen): string[] {
    const described = Object.entries(answer.headers ?? {});
    const known = new Set(described.map(([name]) => name.toLowerCase()));
    const extra = [...headers.keys()].filter((name) => !known.has(name) && !ofHttp.has(name));
    return [
      ...extra.map((name) => `the header ${name} is not in the contract`),
      ...described.flatMap(([name, header]) => {
        const [{ required }, at] = resolved(header, `${place}/headers/${escaped(name)}`);
        const value = headers.get(name);
        if (value === null) return required === true ? [`the header ${name} is missing`] : [];
        return faultsAt(`${at}/schema`, value).map((fault) => `${name}: ${value}: ${fault}`);
      }),
    ];
  }

  function faultsOfBody({ content }: Answer, place: string, { method, headers, body }: Seen): string[] {
    if (content === undefined) return body === '' || body === null ? [] : ['there is a body'];
    const type = headers.get('content-type')?.split(';')[0] ?? 'none';
    if (content[type] === undefined) return [`the type ${type} is not in the contract`];
    if (method === 'HEAD') return body === '' || body === null ? [] : ['HEAD has a body'];
    if (body === null) return [];
    const value: unknown = /[/+]json$/.test(type) ? JSON.parse(body) : body;
    return faultsAt(`${place}/content/${escaped(type)}/schema`, value);
  }

  /** Each example of the document that its schema refuses. */
  function faultyExamples(): string[] {
    return Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, { responses }]) =>
        Object.entries(responses).flatMap(([status, documented]) => {
          const own = `/paths/${escaped(path)}/${method}/responses/${status}`;
          const [{ content = {} }, place] = resolved(documented, own);
          return Object.entries(content).flatMap(([type, { example, examples = {} }]) =>
            [example, ...Object.values(examples).map(({ value }) => value)]
              .filter((value) => value !== undefined)
              .flatMap((value) => faultsAt(`${place}/content/${escaped(type)}/schema`, value))
              .map((fault) => `${method} ${path} ${status}: ${fault}`),
          );
        }),
      ),
    );
  }

  return { document, faultsAt, operationFor, faultsOf, faultyExamples };
}

const escaped = (key: string): string => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));

/** Headers that HTTP itself adds. */
const ofHttp = new Set([
  'connection',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'transfer-encoding',
]);

const isPreflight = ({ method, status }: Seen): boolean => method === 'OPTIONS' && status === 204;

/** The text of a parameter as a value of the type that the contract gives it. */
function typedAs(type: string | undefined, text: string): unknown {
  if (type === 'integer' || type === 'number') return Number(text);
  return type === 'boolean' && (text === 'true' || text === 'false') ? text === 'true' : text;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** With the contract of the public port. */
export const { document, faultsOf, faultyExamples, faultsAt, operationFor } = comparisonWith(contract());
