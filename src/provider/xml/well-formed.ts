// Checks that a text is one well-formed XML element, and passes the elements to a sink on the way.
// Source: W3C, "Extensible Markup Language (XML) 1.0, fifth edition", sections 2 and 3, without a DTD.

import { refuse, type Refusal } from '#/domain/refusal.ts';
import { readAttributes, type Attributes } from './attributes.ts';
import { checkReference, here, isBlank, readGuessed, readName, skipBlanks, type Cursor } from './cursor.ts';
import { createTagReader, type Tag } from './tags.ts';

/** A record has base, event and zone nested; anything deeper is an attack or an error. */
const depthMax = 16;

// oxlint-disable-next-line no-control-regex -- these are the characters that XML forbids
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/** Of a tag: an element has no text, comment, CDATA section or instruction before it. */
const begin = /^<(?![!?])/;

const [lessThan, greaterThan, slash, exclamation, question] = [60, 62, 47, 33, 63];

const tags = createTagReader();

interface CheckCursor extends Cursor {
  readonly sink: ElementSink | null;
  /** The last start tag; null before the first one. */
  lastTag: Tag | null;
}

/** Receives the elements as they are checked. When the check finds a fault, discard what it received. */
export interface ElementSink {
  /** `closed`: the element is empty, and `close` is not called for it. */
  open(tag: string, attributes: Attributes, closed: boolean): void;
  close(): void;
}

export interface Fault {
  readonly refusal: Refusal;
  /** The offset in the text, in UTF-16 units. */
  readonly at: number;
}

/** Null when `text` is exactly one well-formed element, else the first fault. Never throws. */
export function checkElement(text: string, sink: ElementSink | null = null): Fault | null {
  const bad = forbidden.exec(text);
  if (bad !== null)
    return fault(bad.index, `Got the control character U+${hex(bad[0].charCodeAt(0))}, which XML forbids.`);
  if (!begin.test(text)) return fault(0, 'Expected an element.');
  const cursor: CheckCursor = { text, at: 0, sink, lastTag: null };
  const open: string[] = [];
  do {
    const start = cursor.at;
    const problem = text.charCodeAt(start) === lessThan ? markup(cursor, open) : characters(cursor);
    if (problem !== null) return fault(Math.min(cursor.at, text.length), problem);
    if (cursor.at >= text.length && open.length > 0) break;
  } while (open.length > 0);
  if (open.length > 0) return fault(text.length, `<${open.at(-1)}> is not closed.`);
  if (cursor.at < text.length) return fault(cursor.at, 'Got content after the end of the element.');
  return null;
}

/** Reads a tag, comment, CDATA section or processing instruction. Returns the problem, or null with the cursor behind it. */
function markup(cursor: CheckCursor, open: string[]): string | null {
  const { text, at } = cursor;
  const next = text.charCodeAt(at + 1);
  if (next === slash) return closeTag(cursor, open);
  if (next !== exclamation && next !== question) return openTag(cursor, open);
  if (text.startsWith('<!--', at)) return comment(cursor);
  if (text.startsWith('<![CDATA[', at)) return skipTo(cursor, ']]>', 'CDATA section');
  return next === question ? instruction(cursor) : 'Got a declaration inside an element.';
}

/** Section 2.6: it has a target, and none but the declaration of a document is called "xml". */
function instruction(cursor: CheckCursor): string | null {
  const start = cursor.at;
  cursor.at += 2;
  const target = readName(cursor);
  const isEnded = isBlank(cursor.text.charCodeAt(cursor.at)) || cursor.text.startsWith('?>', cursor.at);
  if (target !== null && isEnded && target.toLowerCase() !== 'xml')
    return skipTo(cursor, '?>', 'processing instruction');
  cursor.at = start;
  return `Got ${here(cursor)}, expected a processing instruction with a target other than xml.`;
}

function openTag(cursor: CheckCursor, open: string[]): string | null {
  cursor.at++;
  const tag = tags.read(cursor, cursor.lastTag);
  if (tag === null) return 'Got "<" without a tag name, expected &lt;.';
  cursor.lastTag = tag;
  const attributes = readAttributes(cursor, tag);
  if (typeof attributes === 'string') return attributes;
  const closed = cursor.text.charCodeAt(cursor.at) === slash;
  if (closed && cursor.text.charCodeAt(++cursor.at) !== greaterThan)
    return `Got ${here(cursor)} in <${tag.name}>, expected "/>".`;
  cursor.sink?.open(tag.name, attributes, closed);
  if (!closed && open.push(tag.name) > depthMax) return `Elements are nested deeper than ${depthMax}.`;
  cursor.at++;
  return null;
}

function closeTag(cursor: CheckCursor, open: string[]): string | null {
  cursor.at += 2;
  const expected = open.at(-1);
  const tag = expected !== undefined && readGuessed(cursor, expected) ? expected : readName(cursor);
  if (tag !== expected) return `Got </${tag ?? ''}>, expected </${expected ?? ''}>.`;
  skipBlanks(cursor);
  if (cursor.text.charCodeAt(cursor.at++) !== greaterThan) return `</${tag}> has no ">".`;
  open.pop();
  cursor.sink?.close();
  return null;
}

/** Text between tags, up to the next "<". */
function characters(cursor: CheckCursor): string | null {
  const next = cursor.text.indexOf('<', cursor.at);
  const end = next < 0 ? cursor.text.length : next;
  // Sliced before the search: otherwise a search without a match would continue to the end of the record.
  const content = cursor.text.slice(cursor.at, end);
  const start = cursor.at;
  for (let at = content.indexOf('&'); at >= 0; at = content.indexOf('&', at + 1)) {
    cursor.at = start + at;
    const problem = checkReference(cursor);
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

function comment(cursor: CheckCursor): string | null {
  const end = cursor.text.indexOf('--', cursor.at + 4);
  if (end < 0) return 'A comment is not closed.';
  cursor.at = end + 3;
  return cursor.text.charCodeAt(end + 2) === greaterThan ? null : 'Got "--" inside a comment.';
}

function skipTo(cursor: CheckCursor, end: string, what: string): string | null {
  const at = cursor.text.indexOf(end, cursor.at);
  if (at < 0) return `A ${what} is not closed.`;
  cursor.at = at + end.length;
  return null;
}

const hex = (code: number): string => code.toString(16).toUpperCase().padStart(4, '0');
const fault = (at: number, message: string): Fault => ({ at, refusal: refuse('xml_malformed', message) });
