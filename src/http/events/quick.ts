// Reads a valid query of `/events` without the schemas of the contract, which take several times as long and a hundred milliseconds
// to load. A query that is not plainly valid gives null: the schemas then accept it, or refuse it with a message. A test compares
// both.

import { parsePrice } from '#/domain/price.ts';
import { isRefusal, type Refusal } from '#/domain/refusal.ts';
import { isTimeZone } from '#/domain/time/wall-clock.ts';
import { wordsOf } from '#/kit/words.ts';
import {
  fieldNames,
  limitMax,
  matches,
  pageMax,
  sorts,
  statusFilters,
  textMax,
  wordsMax,
  type FieldName,
} from '#/search/events/parameters.ts';
import type { ListQuery } from '#/search/events/query.ts';
import { listQueryOf, type ListValues } from './values.ts';

type Name = keyof ListValues;
type Values = { -readonly [N in Name]?: ListValues[N] };

/** The value of a text; undefined when it is not plainly valid. */
type Read<N extends Name> = (text: string) => ListValues[N];

const among =
  <const T extends string>(names: readonly T[]): ((text: string) => T | undefined) =>
  (text) =>
    names.find((name) => name === text);

const wholeTo =
  (most: number): ((text: string) => number | undefined) =>
  (text) => {
    if (!/^[1-9]\d{0,8}$/.test(text)) return undefined;
    const number = Number(text);
    return number <= most ? number : undefined;
  };

const asSent = (text: string): string => text;

function priceOf(text: string): number | undefined {
  const minor = parsePrice(text);
  return isRefusal(minor) ? undefined : minor;
}

function fieldsOf(text: string): FieldName[] | undefined {
  const names = text.split(',');
  const known: readonly string[] = fieldNames;
  return names.every((name) => known.includes(name))
    ? fieldNames.filter((name) => names.includes(name))
    : undefined;
}

function wordsIn(text: string): string[] | undefined {
  if (text.length > textMax) return undefined;
  const words = wordsOf(text);
  return words.length > 0 && words.length <= wordsMax ? words : undefined;
}

/** Asking the runtime takes longer than all else here, and clients are in few zones. */
let zone = 'UTC';

function zoneOf(text: string): string | undefined {
  if (text === zone) return text;
  if (text.length > 64 || !isTimeZone(text)) return undefined;
  return (zone = text);
}

const readers: { readonly [N in Name]-?: Read<N> } = {
  starts_at: asSent,
  ends_at: asSent,
  match: among(matches),
  tz: zoneOf,
  provider: (text) => (text.length > 0 && text.length <= textMax ? text : undefined),
  sell_mode: among(['online', 'offline']),
  status: among(statusFilters),
  min_price: priceOf,
  max_price: priceOf,
  available: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  q: wordsIn,
  sort_by: among(sorts),
  sort_dir: among(['asc', 'desc']),
  fields: fieldsOf,
  page: wholeTo(pageMax),
  page_size: wholeTo(limitMax),
  limit: wholeTo(limitMax),
  cursor: asSent,
};

interface Reader {
  readonly name: Name;
  readonly read: (text: string) => ListValues[Name];
}

/** By name. A name that is cut from a query is found faster in a map than among the properties of an object. */
const byName: ReadonlyMap<string, Reader> = new Map(
  Object.entries(readers).map(([name, read]) => [name, { name: name as Name, read }]),
);

/** The query, or why it is refused; null when it is not plainly valid. `search`: the part of the URL after `?`. */
export function quickListQuery(search: string): ListQuery | Refusal | null {
  const values = readQuickly(search);
  return values === null ? null : listQueryOf(values);
}

function readQuickly(search: string): ListValues | null {
  const values: Values = {};
  for (let from = 0; from < search.length;) {
    const ampersand = search.indexOf('&', from);
    const to = ampersand < 0 ? search.length : ampersand;
    const equals = search.indexOf('=', from);
    if (equals < 0 || equals >= to) return null;
    const reader = byName.get(search.slice(from, equals));
    if (reader === undefined || values[reader.name] !== undefined) return null;
    const text = unescaped(search.slice(equals + 1, to));
    const value = text === undefined ? undefined : reader.read(text);
    if (value === undefined) return null;
    // The value is of the type that its reader has.
    (values as Record<Name, unknown>)[reader.name] = value;
    from = to + 1;
  }
  return values;
}

function unescaped(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
