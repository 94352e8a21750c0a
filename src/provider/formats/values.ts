// One value of a record, whatever the record is written in: every format has the same limits and the same refusals.

import { isRefusal, refuse, type Refusal } from '#/domain/refusal.ts';

/** How a format gets at the values of an element, which is of whatever type its parser gives. */
export interface Values<Element> {
  /** Null when there is none. */
  text(element: Element, name: string): string | null | Refusal;
  /** False when there is none. */
  boolean(element: Element, name: string): boolean | Refusal;
  capacity(element: Element, name: string): number | Refusal;
  /** A single value as a text, of whatever type it is; null when there is none. Never kept, only looked at for repairs. */
  loose(element: Element, name: string): string | null;
  /** The elements below, in their order. */
  children(element: Element, name: string): readonly Element[] | Refusal;
}

const idLengthMax = 200;
const textLengthMax = 1000;
export const capacityMax = 1_000_000_000;

/** Any text but an empty one, of at most 200 characters: `0042` stays `0042`. */
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

/** A text that may be absent, and is kept as the provider wrote it. */
export const asOptional = (value: string | null | Refusal, name: string): string | null | Refusal =>
  value === null ? null : asText(value, name);

/** `saw`: the value, fit to be shown. */
export const noBoolean = (name: string, saw: string): Refusal =>
  refuse('boolean_invalid', `Got ${name} ${saw}, expected true or false.`);

export const noCapacity = (name: string, saw: string): Refusal =>
  refuse('capacity_invalid', `Got ${name} ${saw}, expected a whole number up to ${capacityMax}.`);
