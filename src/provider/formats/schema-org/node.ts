// Values of a JSON-LD node, in the forms that schema.org and JSON-LD allow: a value, an object around it, or an array of either.

import { isObject, type JsonObject } from '#/provider/formats/members.ts';

const prefixes = ['', 'schema:', 'http://schema.org/', 'https://schema.org/'];

/** The values of a property; empty when it is absent. */
export function valuesOf(node: JsonObject, name: string): readonly unknown[] {
  for (const prefix of name.startsWith('@') ? [''] : prefixes) {
    const key = prefix + name;
    const value = Object.hasOwn(node, key) ? node[key] : null;
    if (value !== null && value !== undefined)
      return (Array.isArray(value) ? value : [value]).filter((one) => one !== null);
  }
  return [];
}

export const nodesOf = (node: JsonObject, name: string): JsonObject[] =>
  valuesOf(node, name).filter(isObject);

/** The first of the named properties that has a single value or an `@value`, as it is; null when none has. */
export function valueOf(node: JsonObject, ...names: readonly string[]): unknown {
  for (const name of names) {
    const [first] = valuesOf(node, name);
    const value = isObject(first) ? (first['@value'] ?? null) : first;
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return null;
}

/** The same as text: JSON has numbers where schema.org allows a number or a text. */
export function textOf(node: JsonObject, ...names: readonly string[]): unknown {
  const value = valueOf(node, ...names);
  return typeof value === 'number' ? String(value) : value;
}

/** What identifies a node: its `@id`, identifier or address; null when it has none. */
export function idOf(node: JsonObject): unknown {
  // OpenActive's context names `@id` so.
  const own = textOf(node, '@id', 'id', 'identifier');
  if (own !== null) return own;
  const [property] = nodesOf(node, 'identifier');
  return (property === undefined ? null : textOf(property, 'value', '@id')) ?? refOf(node, 'url');
}

/** The id of a node that a property refers to, as a text or as a node. */
export function refOf(node: JsonObject, name: string): unknown {
  const [first] = valuesOf(node, name);
  return isObject(first) ? (textOf(first, '@value') ?? idOf(first)) : textOf(node, name);
}

/** The last part of each type: `https://schema.org/MusicEvent` and `schema:MusicEvent` are `MusicEvent`. */
export const typesOf = (node: JsonObject): string[] =>
  valuesOf(node, '@type')
    .filter((type) => typeof type === 'string')
    .map(lastPart);

/** The last part of a term of the vocabulary, such as `SoldOut`. */
export const lastPart = (term: string): string => term.slice(term.search(/[^/#:]*$/));
