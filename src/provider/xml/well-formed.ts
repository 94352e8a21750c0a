// Is this text one well-formed XML element? fast-xml-parser takes broken XML in silence, so nothing reaches it unchecked.
// Source: W3C, "Extensible Markup Language (XML) 1.0, fifth edition", sections 2 and 3, without a DTD.

import { refuse, shown, type Refusal } from '#/domain/refusal.ts';

/** A record nests base, event, zone; what goes deeper than this is an attack or an accident. */
const depthMax = 16;
/** Every name is compared with all before it. */
const attributesMax = 100;

const name = /[A-Za-z_:\u00b7-\uffff][-.\w:\u00b7-\uffff]*/y;
const reference = /&(?:amp|lt|gt|quot|apos|#(\d{1,7})|#x([\da-fA-F]{1,6}));/y;
// oxlint-disable-next-line no-control-regex -- these are just what XML forbids
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

const [lessThan, greaterThan, slash, equals, ampersand] = [60, 62, 47, 61, 38];

interface Cursor {
  readonly text: string;
  at: number;
  readonly sink: ElementSink | null;
}

/** Hears of the elements as they are checked. What it heard counts for nothing when the check finds a fault after all. */
export interface ElementSink {
  /** `attributes`: names and values by turns, the values as they stand in the text. `closed`: there is no close to come. */
  open(tag: string, attributes: readonly string[], closed: boolean): void;
  close(): void;
}

export interface Fault {
  readonly refusal: Refusal;
  /** Place in the text, in UTF-16 units. */
  readonly at: number;
}

/** Null when `text` is exactly one well-formed element, else the first fault. Never throws. */
export function checkElement(text: string, sink: ElementSink | null = null): Fault | null {
  const bad = forbidden.exec(text);
  if (bad !== null)
    return fault(bad.index, `Got the control character U+${hex(bad[0].charCodeAt(0))}, which XML forbids.`);
  const cursor: Cursor = { text, at: 0, sink };
  const open: string[] = [];
  do {
    const start = cursor.at;
    const problem = text.charCodeAt(start) === lessThan ? markup(cursor, open) : characters(cursor);
    if (problem !== null) return fault(Math.min(cursor.at, text.length), problem);
    if (cursor.at >= text.length && open.length > 0) break;
  } while (open.length > 0);
  if (open.length > 0) return fault(text.length, `<${open.at(-1)}> is never closed.`);
  if (cursor.at < text.length) return fault(cursor.at, 'Got content behind the end of the element.');
  return null;
}

/** A tag, comment, CDATA section or processing instruction; the problem, or null and the cursor behind it. */
function markup(cursor: Cursor, open: string[]): string | null {
  const { text, at } = cursor;
  if (text.startsWith('</', at)) return closeTag(cursor, open);
  if (text.startsWith('<!--', at)) return comment(cursor);
  if (text.startsWith('<![CDATA[', at)) return skipTo(cursor, ']]>', 'CDATA section');
  if (text.startsWith('<?', at)) return instruction(cursor);
  if (text.startsWith('<!', at)) return 'Got a declaration inside an element.';
  return openTag(cursor, open);
}

function openTag(cursor: Cursor, open: string[]): string | null {
  cursor.at++;
  const tag = readName(cursor);
  if (tag === null) return 'Got "<" without the name of a tag, expected &lt;.';
  const names: string[] = [];
  const attributes: string[] = [];
  for (;;) {
    const spaced = skipBlanks(cursor);
    const code = cursor.text.charCodeAt(cursor.at);
    if (code === greaterThan || code === slash) break;
    const problem = spaced
      ? attribute(cursor, names, attributes)
      : `Got ${here(cursor)} in <${tag}>, expected a blank, ">" or "/>".`;
    if (problem !== null) return problem;
  }
  if (cursor.text.charCodeAt(cursor.at) === slash) {
    if (cursor.text.charCodeAt(++cursor.at) !== greaterThan)
      return `Got ${here(cursor)} in <${tag}>, expected "/>".`;
    cursor.sink?.open(tag, attributes, true);
  } else {
    cursor.sink?.open(tag, attributes, false);
    open.push(tag);
    if (open.length > depthMax) return `Elements are nested deeper than ${depthMax}.`;
  }
  cursor.at++;
  return null;
}

function attribute(cursor: Cursor, names: string[], attributes: string[]): string | null {
  const key = readName(cursor);
  if (key === null) return `Got ${here(cursor)}, expected an attribute.`;
  if (names.includes(key)) return `The attribute ${key} is given twice.`;
  if (names.push(key) > attributesMax) return `Got more than ${attributesMax} attributes in one element.`;
  skipBlanks(cursor);
  if (cursor.text.charCodeAt(cursor.at++) !== equals) return `The attribute ${key} has no value.`;
  skipBlanks(cursor);
  const quote = cursor.text[cursor.at];
  if (quote !== '"' && quote !== "'") return `The value of ${key} is not quoted.`;
  const valueAt = cursor.at + 1;
  const end = cursor.text.indexOf(quote, valueAt);
  if (end < 0) return `The value of ${key} never ends.`;
  for (let i = cursor.at + 1; i < end; i++) {
    const code = cursor.text.charCodeAt(i);
    if (code === lessThan) return `The value of ${key} holds "<", expected &lt;.`;
    if (code === ampersand) {
      cursor.at = i;
      const problem = readReference(cursor);
      if (problem !== null) return problem;
    }
  }
  if (cursor.sink !== null) attributes.push(key, cursor.text.slice(valueAt, end));
  cursor.at = end + 1;
  return null;
}

function closeTag(cursor: Cursor, open: string[]): string | null {
  cursor.at += 2;
  const tag = readName(cursor);
  if (tag !== open.at(-1)) return `Got </${tag ?? ''}>, expected </${open.at(-1) ?? ''}>.`;
  skipBlanks(cursor);
  if (cursor.text.charCodeAt(cursor.at++) !== greaterThan) return `</${tag}> has no ">".`;
  open.pop();
  cursor.sink?.close();
  return null;
}

/** Text between tags, up to the next "<". */
function characters(cursor: Cursor): string | null {
  if (cursor.at === 0) return 'Expected an element.';
  const next = cursor.text.indexOf('<', cursor.at);
  const end = next < 0 ? cursor.text.length : next;
  // Cut out before it is searched: a search that finds nothing would go on to the end of the record.
  const content = cursor.text.slice(cursor.at, end);
  const start = cursor.at;
  for (let at = content.indexOf('&'); at >= 0; at = content.indexOf('&', at + 1)) {
    cursor.at = start + at;
    const problem = readReference(cursor);
    if (problem !== null) return problem;
  }
  const closing = content.indexOf(']]>');
  if (closing >= 0) {
    cursor.at = start + closing;
    return 'Got "]]>" outside of a CDATA section, expected ]]&gt;.';
  }
  cursor.at = end;
  return null;
}

function comment(cursor: Cursor): string | null {
  const end = cursor.text.indexOf('--', cursor.at + 4);
  if (end < 0) return 'A comment never ends.';
  cursor.at = end + 3;
  return cursor.text.charCodeAt(end + 2) === greaterThan ? null : 'Got "--" inside a comment.';
}

function skipTo(cursor: Cursor, end: string, what: string): string | null {
  const at = cursor.text.indexOf(end, cursor.at);
  if (at < 0) return `A ${what} never ends.`;
  cursor.at = at + end.length;
  return null;
}

/** XML allows quotes here, fast-xml-parser takes them for those of attributes, and reads on behind the end. */
function instruction(cursor: Cursor): string | null {
  const start = cursor.at;
  const problem = skipTo(cursor, '?>', 'processing instruction');
  if (problem !== null || !/["']/.test(cursor.text.slice(start, cursor.at))) return problem;
  cursor.at = start;
  return 'Got a processing instruction with quotes, which cannot be read safely.';
}

function readReference(cursor: Cursor): string | null {
  reference.lastIndex = cursor.at;
  const match = reference.exec(cursor.text);
  if (match === null)
    return `Got ${shown(cursor.text.slice(cursor.at, cursor.at + 12))}, expected a reference like &amp;.`;
  const code = match[1] === undefined ? Number.parseInt(match[2] ?? '26', 16) : Number(match[1]);
  const legal =
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 32 && code < 0xd800) ||
    (code > 0xdfff && code < 0xfffe) ||
    (code > 0xffff && code <= 0x10ffff);
  return legal ? null : `Got ${match[0]}, which is no character that XML allows.`;
}

function readName(cursor: Cursor): string | null {
  name.lastIndex = cursor.at;
  const match = name.exec(cursor.text);
  if (match === null) return null;
  cursor.at = name.lastIndex;
  return match[0];
}

/** Whether there was at least one blank. */
function skipBlanks(cursor: Cursor): boolean {
  const start = cursor.at;
  for (;;) {
    const code = cursor.text.charCodeAt(cursor.at);
    if (code !== 32 && code !== 10 && code !== 9 && code !== 13) return cursor.at > start;
    cursor.at++;
  }
}

const here = ({ text, at }: Cursor): string =>
  at < text.length ? shown(text.slice(at, at + 12)) : 'the end';
const hex = (code: number): string => code.toString(16).toUpperCase().padStart(4, '0');
const fault = (at: number, message: string): Fault => ({ at, refusal: refuse('xml_malformed', message) });
