// Content lines of iCalendar: escaped, and folded at 75 bytes.
// Source: RFC 5545, "Internet Calendaring and Scheduling Core Object Specification (iCalendar)", 3.1 and 3.3.11.

const lineBytesMax = 75;

/** A line with its line end, folded between characters. */
export function contentLine(text: string): string {
  // A UTF-16 unit has at most three bytes.
  if (text.length * 3 <= lineBytesMax || Buffer.byteLength(text) <= lineBytesMax) return `${text}\r\n`;
  let folded = '';
  let bytes = 0;
  for (const character of text) {
    const size = Buffer.byteLength(character);
    if (bytes + size > lineBytesMax) {
      folded += '\r\n ';
      bytes = 1;
    }
    folded += character;
    bytes += size;
  }
  return `${folded}\r\n`;
}

// oxlint-disable-next-line no-control-regex -- these characters must not be in a line
const controls = /[\0-\x08\x0b-\x1f\x7f]/g;

/** The value of a property of type TEXT. */
export const escapeText = (text: string): string => (plain.test(text) ? text : escaped(text));

/** Most titles: printable, without a character to escape. */
// oxlint-disable-next-line no-control-regex -- these characters are escaped or dropped
const plain = /^[^\0-\x1f\x7f\\;,]*$/;

const escaped = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n')
    .replaceAll(controls, '')
    .replaceAll(/[\\;,]/g, (character) => `\\${character}`)
    .replaceAll('\n', String.raw`\n`);
