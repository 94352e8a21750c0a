// Text as a person searches and sorts it: without case and accents. The same text gives the same result on every host: no
// collation of the operating system or of ICU is used.

const marks = /\p{M}+/gu;
const notAscii = /[^\0-\u007f]/;
const othersThanAscii = /[^\0-\u007f]/gu;
const wordPattern = /[\p{L}\p{N}]+/gu;

/** Without case, accents and compatibility forms: `Über-Ｏper` is `uber-oper`, `Straße` is `strasse`. */
export function fold(text: string): string {
  if (!notAscii.test(text)) return text.toLowerCase();
  return text.replace(othersThanAscii, foldedCharacter).toLowerCase();
}

/** What each character becomes does not depend on its neighbours. A catalogue has the same few again and again. */
const foldedCharacters = new Map<string, string>();
const charactersMax = 4096;

function foldedCharacter(character: string): string {
  let to = foldedCharacters.get(character);
  if (to === undefined) {
    to = foldOf(character);
    if (foldedCharacters.size >= charactersMax) foldedCharacters.clear();
    foldedCharacters.set(character, to);
  }
  return to;
}

/** Upper case first: it makes `ss` of `ß`, and one letter of the two forms of sigma. */
const foldOf = (character: string): string =>
  character.normalize('NFKD').toUpperCase().toLowerCase().normalize('NFKD').replace(marks, '');

/** The folded words of a text: its runs of letters and digits. */
export const wordsOf = (text: string): string[] => fold(text).match(wordPattern) ?? [];

/** Whether some word of the folded text begins with `word`. */
export function hasWord(folded: string, word: string): boolean {
  for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1))
    if (at === 0 || !isInWord(folded, at - 1)) return true;
  return false;
}

/** Whether the character that ends at `at` is a letter or digit. */
function isInWord(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
  const isLow = code >= 0xdc00 && code <= 0xdfff;
  return /[\p{L}\p{N}]/u.test(isLow ? text.slice(at - 1, at + 1) : (text[at] ?? ''));
}

/** Orders texts by their folded form, then by their code units. */
export const sortKey = (text: string): string => `${fold(text)}\0${text}`;
