// Reads one value of a record, or says what was seen and what was wanted.

import { refuse, shown, type Refusal } from '#/domain/refusal.ts';

/** Attributes of one element by name, as fast-xml-parser gives them: text, unless the element has none such. */
export type Attributes = Readonly<Record<string, unknown>>;

const idLengthMax = 200;
const textLengthMax = 1000;
const capacityMax = 1_000_000_000;

function text(attributes: Attributes, name: string): string | null {
  const value = attributes[`@${name}`];
  return typeof value === 'string' ? value : null;
}

/** Any text but an empty one, of at most 200 characters: `0042` stays `0042`. */
export function readId(attributes: Attributes, name: string): string | Refusal {
  const value = text(attributes, name);
  if (value === null || value === '') return refuse('id_missing', `${name} is missing.`);
  if (value.length > idLengthMax)
    return refuse('id_too_long', `${name} has ${value.length} characters, expected at most ${idLengthMax}.`);
  return value;
}

export function readText(attributes: Attributes, name: string): string | Refusal {
  const value = text(attributes, name);
  if (value === null) return refuse('text_missing', `${name} is missing.`);
  if (value.length > textLengthMax)
    return refuse(
      'text_too_long',
      `${name} has ${value.length} characters, expected at most ${textLengthMax}.`,
    );
  return value;
}

/** A text that may be absent, and is kept as the provider wrote it. */
export function readOptional(attributes: Attributes, name: string): string | null | Refusal {
  return text(attributes, name) === null ? null : readText(attributes, name);
}

export function readBoolean(attributes: Attributes, name: string): boolean | Refusal {
  const value = text(attributes, name);
  if (value === null || value === 'false') return false;
  return value === 'true'
    ? true
    : refuse('boolean_invalid', `Got ${name} ${shown(value)}, expected true or false.`);
}

export function readCapacity(attributes: Attributes, name: string): number | Refusal {
  const value = text(attributes, name) ?? '';
  const capacity = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (capacity <= capacityMax) return capacity;
  return refuse(
    'capacity_invalid',
    `Got ${name} ${shown(value)}, expected a whole number up to ${capacityMax}.`,
  );
}

/** The value of a required attribute as it stands, for a reader of its own; empty when absent. */
export const rawText = (attributes: Attributes, name: string): string => text(attributes, name) ?? '';
