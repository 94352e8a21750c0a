// The position of an XML check in its text, and functions that read names, whitespace and references there.

import { shown } from '#/domain/refusal.ts';

export interface Cursor {
  readonly text: string;
  /** In UTF-16 units. */
  at: number;
}

// XML 1.0, section 2.3, in UTF-16: characters up to U+EFFFF begin with a unit of D800 to DB7F, and no other text has one.
const nameStart =
  ':A-Z_a-z\\xc0-\\xd6\\xd8-\\xf6\\xf8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\udb7f\\uf900-\\ufdcf\\ufdf0-\\ufffd';
const name = new RegExp(
  `[${nameStart}][-.\\d\\xb7\\u0300-\\u036f\\u203f\\u2040\\udc00-\\udfff${nameStart}]*`,
  'y',
);
const reference = /&(?:amp|lt|gt|quot|apos|#0*(\d{1,7})|#x0*([\da-fA-F]{1,6}));/y;

export function readName(cursor: Cursor): string | null {
  name.lastIndex = cursor.at;
  const match = name.exec(cursor.text);
  if (match === null) return null;
  cursor.at = name.lastIndex;
  return match[0];
}

/** Reads exactly the name `guess`, which is faster than reading any name. Returns false, without moving, for another name. */
export function readGuessed(cursor: Cursor, guess: string): boolean {
  const { text, at } = cursor;
  if (!text.startsWith(guess, at) || !endsName(text.charCodeAt(at + guess.length))) return false;
  cursor.at = at + guess.length;
  return true;
}

/** A piece of a text keeps the whole text in memory. */
export const copied = (text: string): string => Buffer.from(text).toString();

/** Whitespace, "/", "=" or ">". */
const endsName = (code: number): boolean => code === 61 || code === 62 || code === 47 || isBlank(code);

/** A name without its namespace prefix, which the provider is free to choose. */
export const localName = (qualified: string): string => qualified.slice(qualified.indexOf(':') + 1);

export const isBlank = (code: number | undefined): boolean =>
  code === 32 || code === 10 || code === 9 || code === 13;

/** Returns whether there was any whitespace. */
export function skipBlanks(cursor: Cursor): boolean {
  const { text, at: start } = cursor;
  let at = start;
  while (isBlank(text.charCodeAt(at))) at++;
  cursor.at = at;
  return at > start;
}

/** The problem with the reference at the cursor, or null. Does not move the cursor. */
export function checkReference(cursor: Cursor): string | null {
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
  return legal ? null : `Got ${match[0]}, which is not a character that XML allows.`;
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Longer values are returned undecoded: they exceed the limit of 1000 characters in any case, and are refused. */
const decodedMax = 16_384;

/** Replaces references by their characters. All references must have passed `checkReference`. */
export function decoded(value: string): string {
  if (value.length > decodedMax) return value;
  let text = '';
  let from = 0;
  for (let at = value.indexOf('&'); at >= 0; at = value.indexOf('&', from)) {
    const end = value.indexOf(';', at);
    text += value.slice(from, at) + character(value.slice(at + 1, end));
    from = end + 1;
  }
  return text + value.slice(from);
}

/** `body`: the text between "&" and ";". */
function character(body: string): string {
  if (!body.startsWith('#')) return named[body] ?? '';
  const isHex = body.startsWith('#x');
  return String.fromCodePoint(Number.parseInt(body.slice(isHex ? 2 : 1), isHex ? 16 : 10));
}

/** The text at the cursor, for a message. */
export const here = ({ text, at }: Cursor): string =>
  at < text.length ? shown(text.slice(at, at + 12)) : 'the end';
