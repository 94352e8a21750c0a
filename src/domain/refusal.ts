// Why a query was not a query, or a record not a record: an answer, not an exception.

export interface Refusal {
  /** Stable, for programs: `date_impossible`, `price_invalid`, … */
  readonly code: string;
  /** What was seen and what was wanted, for people. */
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

/** A text from outside, fit to be shown in a message: quoted, without control characters, cut to 60 characters. */
export function shown(text: string): string {
  const cut = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return JSON.stringify(cut);
}
