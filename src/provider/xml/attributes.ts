// The attributes of a start tag. Elements of one name nearly always have the same attributes in the same order: they are
// expected to be those of the last such element, which spares reading their names and looking for doubles.

import { checkReference, decoded, here, readGuessed, readName, skipBlanks, type Cursor } from './cursor.ts';

export interface Attributes {
  /** No two are the same; the array is shared by elements alike. */
  readonly names: readonly string[];
  /** In the order of `names`, references decoded. */
  readonly values: readonly string[];
}

/** Reads what stands between the name of a tag and its ">" or "/>"; a text is the problem with it. */
export type AttributeReader = (cursor: Cursor, tag: string) => Attributes | string;

/** Every name is compared with all before it. */
const attributesMax = 100;

/** XML 1.0, sections 2.11 and 3.3.3: in a value each is a blank; one that is meant is written as a reference. */
const lineBreak = /\r\n|[\t\n\r]/g;
const space = 32;
const [lessThan, equals, slash, greaterThan, ampersand, quotation, apostrophe] = [60, 61, 47, 62, 38, 34, 39];

export function createAttributeReader(): AttributeReader {
  const last = new Map<string, readonly string[]>();

  return (cursor, tag) => {
    const expected = last.get(tag) ?? [];
    const values: string[] = [];
    /** Set from the first name on that was not expected. */
    let names: string[] | null = null;
    for (;;) {
      const spaced = skipBlanks(cursor);
      const code = cursor.text.charCodeAt(cursor.at);
      if (code === greaterThan || code === slash) break;
      if (!spaced) return `Got ${here(cursor)} in <${tag}>, expected a blank, ">" or "/>".`;
      const guess = names === null ? expected[values.length] : undefined;
      let key = guess;
      if (guess === undefined || !readGuessed(cursor, guess)) {
        key = readName(cursor) ?? undefined;
        if (key === undefined) return `Got ${here(cursor)}, expected an attribute.`;
        names ??= expected.slice(0, values.length);
        if (names.includes(key)) return `The attribute ${key} is given twice.`;
        if (names.push(key) > attributesMax)
          return `Got more than ${attributesMax} attributes in one element.`;
      }
      const problem = readValue(cursor, key ?? '', values);
      if (problem !== null) return problem;
    }
    if (values.length < expected.length) names ??= expected.slice(0, values.length);
    if (names !== null) last.set(tag, names);
    return { names: names ?? expected, values };
  };
}

/** Reads `="…"` and adds what it says to `values`; the problem, or null. */
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
    // Most characters are letters: they are done with here.
    if (code > lessThan) continue;
    if (code === quote) {
      const written = text.slice(from, at);
      const value = breaks > 0 ? written.replaceAll(lineBreak, ' ') : written;
      values.push(references > 0 ? decoded(value) : value);
      cursor.at = at + 1;
      return null;
    }
    if (code === lessThan) return `The value of ${key} holds "<", expected &lt;.`;
    if (code < space) breaks++;
    else if (code === ampersand) {
      references++;
      cursor.at = at;
      const problem = checkReference(cursor);
      if (problem !== null) return problem;
    }
  }
  return `The value of ${key} never ends.`;
}
