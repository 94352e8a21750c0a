// Reads the attributes of a start tag. Elements of one name usually have the same attributes in the same order, so the reader
// first tries the names of the last such element. That is faster than reading names and checking for duplicates.

import {
  checkReference,
  copied,
  decoded,
  here,
  readGuessed,
  readName,
  skipBlanks,
  type Cursor,
} from './cursor.ts';
import type { Tag } from './tags.ts';

export interface Attributes {
  /** All distinct. Elements with the same attributes share the array. */
  readonly names: readonly string[];
  /** In the order of `names`, with references decoded. */
  readonly values: readonly string[];
}

/** A limit, because every name is compared with all names before it. */
const attributesMax = 100;

/** XML 1.0, sections 2.11 and 3.3.3: each of these in a value is read as a space, unless it is written as a reference. */
const lineBreak = /\r\n|[\t\n\r]/g;
const space = 32;
const [lessThan, equals, slash, greaterThan, ampersand, quotation, apostrophe] = [60, 61, 47, 62, 38, 34, 39];

/** New names are copied: a piece of a text keeps the whole text in memory. */
function remember(tag: Tag, names: readonly string[]): void {
  const last = tag.attributes;
  tag.attributes = names.map((name, i) => (name === last[i] ? last[i] : copied(name)));
  tag.otherAttributes = last;
}

/** Reads what is between the tag name and ">" or "/>". A returned string describes a problem. */
export function readAttributes(cursor: Cursor, tag: Tag): Attributes | string {
  const other = tag.otherAttributes;
  let expected = tag.attributes;
  const values: string[] = [];
  /** Null until the first name that differs from the expected ones. */
  let names: string[] | null = null;
  for (;;) {
    const spaced = skipBlanks(cursor);
    const code = cursor.text.charCodeAt(cursor.at);
    if (code === greaterThan || code === slash) break;
    if (!spaced) return `Got ${here(cursor)} in <${tag.name}>, expected whitespace, ">" or "/>".`;
    const place = values.length;
    let key = names === null ? expected[place] : undefined;
    if (key === undefined || !readGuessed(cursor, key)) {
      key = names === null && isSame(expected, other, place) ? other[place] : undefined;
      if (key !== undefined && readGuessed(cursor, key)) expected = other;
      else {
        key = readName(cursor) ?? undefined;
        if (key === undefined) return `Got ${here(cursor)}, expected an attribute.`;
        names ??= expected.slice(0, place);
        if (names.includes(key)) return `The attribute ${key} is given twice.`;
        if (names.push(key) > attributesMax)
          return `Got more than ${attributesMax} attributes in one element.`;
      }
    }
    const problem = readValue(cursor, key, values);
    if (problem !== null) return problem;
  }
  if (values.length < expected.length) names ??= expected.slice(0, values.length);
  if (names !== null) remember(tag, names);
  return { names: names ?? expected, values };
}

/** Whether two lists of names begin with the same `count` names. */
function isSame(a: readonly string[], b: readonly string[], count: number): boolean {
  if (b.length <= count) return false;
  for (let i = 0; i < count; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Reads `="…"` and adds the value to `values`. Returns the problem, or null. */
function readValue(cursor: Cursor, key: string, values: string[]): string | null {
  const { text } = cursor;
  skipBlanks(cursor);
  if (text.charCodeAt(cursor.at++) !== equals) return `The attribute ${key} has no value.`;
  skipBlanks(cursor);
  const quote = text.charCodeAt(cursor.at);
  if (quote !== quotation && quote !== apostrophe) return `The value of ${key} is not quoted.`;
  const from = cursor.at + 1;
  let references = 0;
  let breaks = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // Most characters are letters; skip them early.
    if (code > lessThan) continue;
    if (code === quote) {
      const written = text.slice(from, at);
      const value = breaks > 0 ? written.replaceAll(lineBreak, ' ') : written;
      values.push(references > 0 ? decoded(value) : value);
      cursor.at = at + 1;
      return null;
    }
    if (code === lessThan) return `The value of ${key} contains "<", expected &lt;.`;
    if (code < space) breaks++;
    else if (code === ampersand) {
      references++;
      cursor.at = at;
      const problem = checkReference(cursor);
      if (problem !== null) return problem;
    }
  }
  return `The value of ${key} is not closed.`;
}
