// Where a check of XML has come to in its text, and the small things that it reads there: names, blanks, references.

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

/** Reads just `guess`, which is cheaper than reading a name; false, and nothing is read, when another one is there. */
export function readGuessed(cursor: Cursor, guess: string): boolean {
  const { text, at } = cursor;
  if (!text.startsWith(guess, at) || !endsName(text.charCodeAt(at + guess.length))) return false;
  cursor.at = at + guess.length;
  return true;
}

/** A blank, "/", "=" or ">". */
const endsName = (code: number): boolean => code === 61 || code === 62 || code === 47 || isBlank(code);

/** A name without the prefix of its namespace: prefixes are the provider's own choice. */
export const localName = (qualified: string): string => qualified.slice(qualified.indexOf(':') + 1);

export const isBlank = (code: number | undefined): boolean =>
  code === 32 || code === 10 || code === 9 || code === 13;

/** Whether there was at least one blank. */
export function skipBlanks(cursor: Cursor): boolean {
  const { text, at: start } = cursor;
  let at = start;
  while (isBlank(text.charCodeAt(at))) at++;
  cursor.at = at;
  return at > start;
}

/** The problem with the reference at the cursor, which stays where it is; null when there is none. */
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
  return legal ? null : `Got ${match[0]}, which is no character that XML allows.`;
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** No value may have more than 1000 characters: what is longer than they are ever written is refused as it is. */
const decodedMax = 16_384;

/** References as the characters that they stand for; there are none but those that `checkReference` lets through. */
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

/** `called`: what stands between "&" and ";". */
function character(called: string): string {
  if (!called.startsWith('#')) return named[called] ?? '';
  const isHex = called.startsWith('#x');
  return String.fromCodePoint(Number.parseInt(called.slice(isHex ? 2 : 1), isHex ? 16 : 10));
}

/** What stands at the cursor, fit to be shown. */
export const here = ({ text, at }: Cursor): string =>
  at < text.length ? shown(text.slice(at, at + 12)) : 'the end';
