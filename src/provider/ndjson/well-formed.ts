// Checks that a text is one JSON object. Unlike JSON.parse, it always reports the place of a fault and limits the nesting.
// JSON.parse accepts everything that passes this check.
// Source: RFC 8259, "The JavaScript Object Notation (JSON) Data Interchange Format", sections 2 to 7.

import { refuse, shown, type Refusal } from '#/domain/refusal.ts';

/** A line has event, zones and zone nested; anything deeper is an attack or an error. */
const depthMax = 16;

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const word = /true|false|null/y;
const escape = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

interface Cursor {
  readonly text: string;
  at: number;
}

/** A message, with the cursor at the problem; or null, with the cursor after what was read. */
type Problem = string | null;

export interface Fault {
  readonly refusal: Refusal;
  /** The offset in the text, in UTF-16 units. */
  readonly at: number;
}

/** Null when `text` is exactly one JSON object, else the first fault. Never throws. */
export function checkObject(text: string): Fault | null {
  const cursor: Cursor = { text, at: 0 };
  skipBlanks(cursor);
  const problem = text[cursor.at] === '{' ? value(cursor, 0) : expected('an object', cursor);
  if (problem === null) skipBlanks(cursor);
  if (problem === null && cursor.at >= text.length) return null;
  return {
    at: cursor.at,
    refusal: refuse('json_malformed', problem ?? expected('the end of the line', cursor)),
  };
}

/** `depth`: the number of enclosing values. */
function value(cursor: Cursor, depth: number): Problem {
  const first = cursor.text[cursor.at];
  if (first === '"') return string(cursor);
  if (first !== '{' && first !== '[')
    return match(number, cursor) || match(word, cursor) ? null : expected('a value', cursor);
  if (depth >= depthMax) return `Values are nested deeper than ${depthMax}.`;
  return first === '{'
    ? list(cursor, '}', () => member(cursor, depth + 1))
    : list(cursor, ']', () => value(cursor, depth + 1));
}

/** Items between a bracket and `end`, with commas between them. */
function list(cursor: Cursor, end: string, item: () => Problem): Problem {
  const { text } = cursor;
  cursor.at++;
  skipBlanks(cursor);
  if (text[cursor.at] === end) return taken(cursor);
  for (;;) {
    const problem = item();
    if (problem !== null) return problem;
    skipBlanks(cursor);
    if (text[cursor.at] === end) return taken(cursor);
    if (text[cursor.at] !== ',') return expected(`"," or "${end}"`, cursor);
    cursor.at++;
    skipBlanks(cursor);
  }
}

function member(cursor: Cursor, depth: number): Problem {
  if (cursor.text[cursor.at] !== '"') return expected('a name in quotes', cursor);
  const problem = string(cursor);
  if (problem !== null) return problem;
  skipBlanks(cursor);
  if (cursor.text[cursor.at] !== ':') return expected('":"', cursor);
  cursor.at++;
  skipBlanks(cursor);
  return value(cursor, depth);
}

function string(cursor: Cursor): Problem {
  const { text } = cursor;
  for (let i = cursor.at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) {
      cursor.at = i + 1;
      return null;
    }
    if (code >= 32 && code !== 92) continue;
    cursor.at = i;
    if (code !== 92 || !match(escape, cursor))
      return expected(code === 92 ? 'an escape like \\n' : 'no control character', cursor);
    i = cursor.at - 1;
  }
  return 'A string is not closed.';
}

/** Whether the sticky `pattern` matches at the cursor; if it does, moves the cursor behind the match. */
function match(pattern: RegExp, cursor: Cursor): boolean {
  pattern.lastIndex = cursor.at;
  if (!pattern.test(cursor.text)) return false;
  cursor.at = pattern.lastIndex;
  return true;
}

function taken(cursor: Cursor): null {
  cursor.at++;
  return null;
}

function skipBlanks(cursor: Cursor): void {
  for (; ; cursor.at++) {
    const code = cursor.text.charCodeAt(cursor.at);
    if (code !== 32 && code !== 9 && code !== 10 && code !== 13) return;
  }
}

const expected = (wanted: string, { text, at }: Cursor): string =>
  `Got ${at < text.length ? shown(text.slice(at, at + 12)) : 'the end'}, expected ${wanted}.`;
