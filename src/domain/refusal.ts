// A refusal: why a query or a record is not valid. It is a return value, not an exception.

export interface Refusal {
  /** Stable, for programs: `date_impossible`, `price_invalid`, … */
  readonly code: string;
  /** For people: what was got and what was expected. */
  readonly message: string;
}

class RefusalValue implements Refusal {
  readonly code: string;
  readonly message: string;
  constructor(code: string, message: string) {
    this.code = code;
    this.message = message;
  }
}

export const refuse = (code: string, message: string): Refusal => new RefusalValue(code, message);

export const isRefusal = (value: unknown): value is Refusal => value instanceof RefusalValue;

/** Invisible characters: controls, special spaces, direction marks, byte order marks. */
const invisible = /[\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]/g;

/** Makes untrusted text safe to show in a message: quoted, without invisible characters, cut to 60 characters. */
export function shown(text: string): string {
  const cut = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return JSON.stringify(cut).replaceAll(invisible, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
