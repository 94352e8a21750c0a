// Content lines of iCalendar: escaped, and folded at 75 bytes. Texts are UTF-8 with one character per byte, so that the length of
// a text is its size, and a calendar is written to a buffer without being encoded.
// Source: RFC 5545, "Internet Calendaring and Scheduling Core Object Specification (iCalendar)", 3.1 and 3.3.11.

const lineBytesMax = 75;

/** A line with its line end, folded between characters. */
export function contentLine(bytes: string): string {
  if (bytes.length <= lineBytesMax) return `${bytes}\r\n`;
  let folded = '';
  let at = 0;
  while (bytes.length - at > lineBytesMax - (at === 0 ? 0 : 1)) {
    let to = at + lineBytesMax - (at === 0 ? 0 : 1);
    while (isContinued(bytes, to)) to--;
    folded += `${bytes.slice(at, to)}\r\n `;
    at = to;
  }
  return `${folded}${bytes.slice(at)}\r\n`;
}

/** Whether the byte is not the first of a character. */
const isContinued = (bytes: string, at: number): boolean => (bytes.charCodeAt(at) & 0xc0) === 0x80;

/** Of any text. */
export const bytesOfText = (text: string): string => Buffer.from(text).toString('latin1');

// oxlint-disable-next-line no-control-regex -- these characters must not be in a line
const controls = /[\0-\x08\x0b-\x1f\x7f]/g;

/** Without these, a value of type TEXT needs no escape; with a backslash, it may be one of JSON. */
// oxlint-disable-next-line no-control-regex -- these characters are escaped or dropped
const special = /[\0-\x1f\x7f\\;,]/;

/** The value of a property of type TEXT. */
export const escapeText = (text: string): string => (special.test(text) ? escaped(text) : text);

/** The same from the inside of a JSON string. `json`: its bytes. */
export function escapeJson(json: string): string {
  if (!special.test(json)) return json;
  if (!json.includes('\\')) return escaped(json);
  const text = Buffer.from(`"${json}"`, 'latin1').toString();
  return bytesOfText(escaped(JSON.parse(text) as string));
}

const escaped = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n')
    .replaceAll(controls, '')
    .replaceAll(/[\\;,]/g, (character) => `\\${character}`)
    .replaceAll('\n', String.raw`\n`);
