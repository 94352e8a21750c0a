// Checks one value of a record in any format: all formats have the same limits and the same refusals.

import { isRefusal, refuse, type Refusal } from '#/domain/refusal.ts';

/** How a format reads the values of an element; `Element` is the type that its parser produces. */
export interface Values<Element> {
  /** Null when it is absent. */
  text(element: Element, name: string): string | null | Refusal;
  /** False when it is absent. */
  boolean(element: Element, name: string): boolean | Refusal;
  capacity(element: Element, name: string): number | Refusal;
  /** A single value of any type as text, for repairs only; null when it is absent. */
  loose(element: Element, name: string): string | null;
  /** The child elements in order. */
  children(element: Element, name: string): readonly Element[] | Refusal;
}

const idLengthMax = 200;
const textLengthMax = 1000;
export const capacityMax = 1_000_000_000;

/** Any non-empty text of at most 200 characters: `0042` stays `0042`. */
export function asId(value: string | null | Refusal, name: string): string | Refusal {
  if (isRefusal(value)) return value;
  if (value === null || value === '') return refuse('id_missing', `${name} is missing.`);
  if (value.length > idLengthMax)
    return refuse('id_too_long', `${name} has ${value.length} characters, expected at most ${idLengthMax}.`);
  return value;
}

export function asText(value: string | null | Refusal, name: string): string | Refusal {
  if (isRefusal(value)) return value;
  if (value === null) return refuse('text_missing', `${name} is missing.`);
  if (value.length > textLengthMax)
    return refuse(
      'text_too_long',
      `${name} has ${value.length} characters, expected at most ${textLengthMax}.`,
    );
  return value;
}

/** Text that may be absent, kept exactly as the provider wrote it. */
export const asOptional = (value: string | null | Refusal, name: string): string | null | Refusal =>
  value === null ? null : asText(value, name);

/** `saw`: the value, formatted by `shown`. */
export const noBoolean = (name: string, saw: string): Refusal =>
  refuse('boolean_invalid', `Got ${name} ${saw}, expected true or false.`);

export const noCapacity = (name: string, saw: string): Refusal =>
  refuse('capacity_invalid', `Got ${name} ${saw}, expected a whole number up to ${capacityMax}.`);
